"""ISO 15118-2: whatever is said, an answer comes, and no power that must not flow."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings

from agent.iso15118.iso2.conversation import HANDLINGS
from agent.iso15118.iso2.states import POSSIBLE
from agent.iso15118.turns import AskForContract, Obtained
from agent.iso15118.v2g_message.session import Phase
from certs.exi.tables import schema
from tests.unit.agent.iso15118.anything import PHASES, STEPS, Trial
from tests.unit.agent.iso15118.iso2.vehicle import installation_response, vehicle_in


@given(PHASES, STEPS)
@settings(max_examples=200)
def test_an_answer_comes_and_no_power_that_must_not_flow(phase: Phase, steps: list[tuple[str, int]]) -> None:
    vehicle = vehicle_in(phase)
    vehicle.outcomes[AskForContract] = Obtained(installation_response(vehicle.session_id))
    trial = Trial(vehicle, schema("iso2"), list(HANDLINGS), POSSIBLE)
    for kind, seed in steps:
        trial.take(kind, Random(seed))
