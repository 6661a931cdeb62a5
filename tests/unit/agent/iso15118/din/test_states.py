"""DIN 70121: each request in each phase, and whatever may be said besides."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.iso15118.din.conversation import HANDLINGS
from agent.iso15118.din.states import POSSIBLE
from agent.iso15118.iso2 import states as iso2
from agent.iso15118.v2g_message.session import Phase
from certs.exi.tables import schema
from tests.unit.agent.iso15118.anything import STEPS, Trial
from tests.unit.agent.iso15118.din.vehicle import vehicle_in

CELLS = [(phase, name) for phase in POSSIBLE for name in HANDLINGS]
STRANGERS = {
    "ServiceDetailReq",
    "PaymentDetailsReq",
    "ChargingStatusReq",
    "MeteringReceiptReq",
    "CertificateInstallationReq",
    "CertificateUpdateReq",
}


def test_the_table_is_part_of_that_of_iso_15118_2() -> None:
    renamed = {
        "ServicePaymentSelectionReq": "PaymentServiceSelectionReq",
        "ContractAuthenticationReq": "AuthorizationReq",
    }
    for phase, names in POSSIBLE.items():
        assert {renamed.get(name, name) for name in names} <= iso2.POSSIBLE[phase]
    assert set().union(*POSSIBLE.values()) == set(HANDLINGS) - STRANGERS


def test_every_request_that_the_schema_has_is_known() -> None:
    fragments = schema("din").fragments
    assert {name for name in fragments if name.endswith("Req")} == set(HANDLINGS)


@pytest.mark.parametrize(("phase", "name"), CELLS, ids=[f"{p.name}-{n}" for p, n in CELLS])
def test_each_request_in_each_phase(phase: Phase, name: str) -> None:
    """V2G-DC-390: a request that is not waited for is answered with its response and FAILED_SequenceError."""
    vehicle = vehicle_in(phase)
    response = vehicle.say(name)
    if name in POSSIBLE[phase]:
        assert response["ResponseCode"].startswith("OK"), vehicle.answer
        assert vehicle.ending in (None, "terminate")
    else:
        assert response["ResponseCode"] == "FAILED_SequenceError"
        assert vehicle.ending == "error"
        assert vehicle.state.phase is Phase.ENDED


@pytest.mark.parametrize("phase", [phase for phase in POSSIBLE if phase not in (Phase.SETUP, Phase.ENDED)])
def test_a_request_of_another_session(phase: Phase) -> None:
    """V2G-DC-391, and V2G-DC-665: nothing follows."""
    vehicle = vehicle_in(phase)
    name = min(POSSIBLE[phase])
    response = vehicle.ask(name, vehicle.body(name), session_id=bytes.fromhex("fedcba9876543210"))
    assert response["ResponseCode"] == "FAILED_UnknownSession"
    assert vehicle.ending == "error"


PHASES = [phase for phase in POSSIBLE if phase is not Phase.ENDED]


@given(st.sampled_from(PHASES), STEPS)
@settings(max_examples=200)
def test_an_answer_comes_and_no_power_that_must_not_flow(phase: Phase, steps: list[tuple[str, int]]) -> None:
    trial = Trial(vehicle_in(phase), schema("din"), list(HANDLINGS), POSSIBLE)
    for kind, seed in steps:
        trial.take(kind, Random(seed))
