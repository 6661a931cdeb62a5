"""MeteringReceipt: when a vehicle with a contract has to sign for what the meter shows, and what it signs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.iso15118.v2g_message.session import Phase
from tests.unit.agent.iso15118.iso2.vehicle import CONTRACT, Vehicle, contract_vehicle, holder, vehicle_in
from tests.unit.agent.iso15118.talking import METER

STATUS = {Phase.AC_RECEIPT: "ChargingStatusReq", Phase.DC_RECEIPT: "CurrentDemandReq"}
RECEIPTS = pytest.mark.parametrize("phase", list(STATUS))


def is_asked(vehicle: Vehicle, name: str) -> bool:
    asked = vehicle.say(name)["ReceiptRequired"]
    assert isinstance(asked, bool)
    return asked


@RECEIPTS
def test_receipts_are_asked_for_at_first_and_every_quarter_of_an_hour(phase: Phase) -> None:
    vehicle = vehicle_in(phase)
    assert vehicle.say("MeteringReceiptReq")["ResponseCode"] == "OK"
    assert vehicle.state.phase.name.endswith("LOOP")
    later = replace(METER, energy_wh=5000)
    vehicle.knows(meter=later)
    assert not is_asked(vehicle, STATUS[phase])
    vehicle.passes(899.0)
    assert not is_asked(vehicle, STATUS[phase])
    vehicle.passes(1.0)
    assert is_asked(vehicle, STATUS[phase])


def test_nothing_new_needs_no_receipt_and_the_end_of_charging_does() -> None:
    vehicle = vehicle_in(Phase.AC_RECEIPT)
    vehicle.say("MeteringReceiptReq")
    vehicle.passes(1000.0)
    vehicle.knows(wish="stop")
    assert not is_asked(vehicle, "ChargingStatusReq")
    vehicle = vehicle_in(Phase.AC_RECEIPT)
    vehicle.say("MeteringReceiptReq")
    vehicle.knows(wish="stop", meter=replace(METER, energy_wh=5000))
    assert is_asked(vehicle, "ChargingStatusReq")


@pytest.mark.parametrize(
    ("charger", "facts"), [({"wants_receipts": False}, {}), ({"wants_receipts": True}, {"meter": None})]
)
def test_no_receipt_is_asked_for(charger: dict[str, Any], facts: dict[str, Any]) -> None:
    vehicle = contract_vehicle(**charger).reach(Phase.AC_FIRST)
    vehicle.knows(**facts)
    assert not is_asked(vehicle, "ChargingStatusReq")
    assert vehicle.state.phase is Phase.AC_LOOP


def test_who_pays_by_card_signs_nothing() -> None:
    """V2G2-691."""
    vehicle = contract_vehicle(identifications=("EIM",), wants_receipts=True).reach(Phase.AC_FIRST)
    assert not is_asked(vehicle, "ChargingStatusReq")


@RECEIPTS
@pytest.mark.parametrize(
    "changes",
    [
        {"SessionID": bytes.fromhex("fedcba9876543210")},
        {"MeterInfo": {"MeterID": "M-1", "MeterReading": 4710}},
        {"MeterInfo": {"MeterID": "M-2", "MeterReading": 4711}},
    ],
)
def test_a_receipt_for_something_else(phase: Phase, changes: dict[str, Any]) -> None:
    vehicle = vehicle_in(phase)
    assert vehicle.say("MeteringReceiptReq", **changes)["ResponseCode"] == "FAILED_MeteringSignatureNotValid"
    assert vehicle.ending == "error"


def test_a_receipt_that_somebody_else_signed_or_nobody() -> None:
    for signer in (holder(), None):
        vehicle = vehicle_in(Phase.AC_RECEIPT)
        body = vehicle.body("MeteringReceiptReq")
        signature = None if signer is None else signer.sign("MeteringReceiptReq", body)
        response = vehicle.ask("MeteringReceiptReq", body, signature=signature)
        assert response["ResponseCode"] == "FAILED_MeteringSignatureNotValid"
        assert vehicle.ending == "error"


def test_a_meters_own_signature_is_shown_if_it_is_short_enough() -> None:
    vehicle = contract_vehicle(wants_receipts=True).reach(Phase.AC_FIRST)
    vehicle.knows(meter=replace(METER, signature=b"s" * 64))
    info = vehicle.say("ChargingStatusReq")["MeterInfo"]
    assert info["SigMeterReading"] == b"s" * 64
    body = {"Id": "id9", "SessionID": vehicle.session_id, "MeterInfo": info}
    response = vehicle.ask("MeteringReceiptReq", body, signature=CONTRACT.sign("MeteringReceiptReq", body))
    assert response["ResponseCode"] == "OK"
    vehicle.knows(meter=replace(METER, signature=b"s" * 65))
    assert "SigMeterReading" not in vehicle.say("ChargingStatusReq")["MeterInfo"]
