"""Each request in each phase: who is waited for is answered, anybody else ends the session."""

from __future__ import annotations

import pytest

from agent.iso15118.iso2.conversation import HANDLINGS
from agent.iso15118.iso2.states import POSSIBLE
from agent.iso15118.turns import AskForContract, Obtained
from agent.iso15118.v2g_message.session import Phase
from tests.unit.agent.iso15118.iso2.vehicle import installation_response, vehicle_in

CELLS = [(phase, name) for phase in Phase for name in HANDLINGS]


def test_the_table_has_every_phase_and_no_request_that_nobody_answers() -> None:
    assert set(POSSIBLE) == set(Phase)
    assert set().union(*POSSIBLE.values()) == set(HANDLINGS)
    assert len(HANDLINGS) == 17


@pytest.mark.parametrize(("phase", "name"), CELLS, ids=[f"{p.name}-{n}" for p, n in CELLS])
def test_each_request_in_each_phase(phase: Phase, name: str) -> None:
    """V2G2-538: a request that is not waited for is answered with its response and FAILED_SequenceError."""
    vehicle = vehicle_in(phase)
    before = vehicle.state
    if name == "CertificateUpdateReq":
        vehicle.outcomes[AskForContract] = Obtained(installation_response(vehicle.session_id, what="Update"))
    response = vehicle.say(name)
    if name in POSSIBLE[phase]:
        assert response["ResponseCode"].startswith("OK"), vehicle.answer
        assert vehicle.ending in (None, "terminate")
    else:
        assert response["ResponseCode"] == "FAILED_SequenceError"
        assert vehicle.ending == "error"
        assert vehicle.state.phase is Phase.ENDED
        assert vehicle.answer is not None
        assert before.phase.value in vehicle.answer.why


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase not in (Phase.SETUP, Phase.ENDED)])
def test_a_request_of_another_session(phase: Phase) -> None:
    """V2G2-460: whatever it is, and V2G2-539: nothing follows."""
    vehicle = vehicle_in(phase)
    name = min(POSSIBLE[phase] - {"SessionSetupReq"})
    response = vehicle.ask(name, vehicle.body(name), session_id=bytes.fromhex("fedcba9876543210"))
    assert response["ResponseCode"] == "FAILED_UnknownSession"
    assert vehicle.ending == "error"
    assert vehicle.state.phase is Phase.ENDED
