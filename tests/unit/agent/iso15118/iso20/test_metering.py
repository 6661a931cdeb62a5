"""MeteringConfirmation: a vehicle with a contract signs for every kilowatt hour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.iso15118.facts import MeterStatus
from agent.iso15118.iso20.metering import meter_info
from agent.iso15118.iso20.states import Phase
from agent.iso15118.v2gtp import PayloadType
from tests.unit.agent.iso15118.iso20.contracts import Shown, authorize, shown
from tests.unit.agent.iso15118.iso20.evse import AC_CHARGER, NOW
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle

CHARGER = replace(AC_CHARGER, identifications=("contract",), wants_receipts=True)
NAME = "SignedMeteringData"


def _vehicle() -> Vehicle:
    """Return a vehicle that charges by contract."""
    vehicle = Vehicle("AC", charger=CHARGER)
    vehicle.evse.facts = shown().at(vehicle.evse.facts)
    vehicle.go_to(Phase.AUTHORIZATION)
    authorize(vehicle, shown())
    authorize(vehicle, shown())
    for name in ("ServiceDiscoveryReq", "ServiceDetailReq", "ServiceSelectionReq"):
        vehicle.send(name)
    vehicle.send("AC_ChargeParameterDiscoveryReq")
    for name in ("ScheduleExchangeReq", "ScheduleExchangeReq", "PowerDeliveryReq", "AC_ChargeLoopReq"):
        vehicle.send(name)
    return vehicle


def _asked(vehicle: Vehicle) -> dict[str, Any] | None:
    """Return what the vehicle is asked to sign in a loop, None if nothing."""
    response = vehicle.send("AC_ChargeLoopReq")
    if response.get("EVSEStatus", {}).get("EVSENotification") != "MeteringConfirmation":
        return None
    info = response["MeterInfo"]
    assert isinstance(info, dict)
    return info


def _confirm(vehicle: Vehicle, info: dict[str, Any] | None, by: Shown | None = None, **more: Any) -> str:
    data = {
        "Id": "id1",
        "SessionID": vehicle.session_id,
        "MeterInfo": info,
        "Scheduled_SMDTControlMode": {"SelectedScheduleTupleID": 1},
    } | more
    code = vehicle.send(
        "MeteringConfirmationReq",
        {NAME: data},
        signature=(by or shown()).sign(NAME, data),
        payload_type=PayloadType.METERING_CONFIRMATION,
    )["ResponseCode"]
    assert isinstance(code, str)
    return code


def _draw(vehicle: Vehicle, energy_wh: int) -> None:
    facts = vehicle.evse.facts
    assert facts.meter is not None
    vehicle.evse.facts = replace(
        facts, meter=replace(facts.meter, energy_wh=facts.meter.energy_wh + energy_wh)
    )


def test_every_kilowatt_hour() -> None:
    """V2G20-1621, V2G20-1622."""
    vehicle = _vehicle()
    info = _asked(vehicle)
    assert info is not None
    _draw(vehicle, 10)
    assert _asked(vehicle) == info
    assert _confirm(vehicle, info) == "OK"
    assert _asked(vehicle) is None
    _draw(vehicle, 989)
    assert _asked(vehicle) is None
    _draw(vehicle, 1)
    later = _asked(vehicle)
    assert later is not None
    assert later["ChargedEnergyReadingWh"] == info["ChargedEnergyReadingWh"] + 1000
    assert vehicle.is_in(Phase.LOOP)


@pytest.mark.parametrize("wrong", ["reading", "session", "key"])
def test_what_is_not_confirmed(wrong: str) -> None:
    vehicle = _vehicle()
    info = _asked(vehicle)
    assert info is not None
    more: dict[str, Any] = {}
    if wrong == "reading":
        info = info | {"ChargedEnergyReadingWh": 1}
    if wrong == "session":
        more["SessionID"] = bytes(8)
    by = shown("DE83DUIEN83QGZ1") if wrong == "key" else None
    assert _confirm(vehicle, info, by, **more) == "FAILED_MeteringSignatureNotValid"
    assert vehicle.ending == "error"


def test_nothing_was_to_be_confirmed() -> None:
    vehicle = _vehicle()
    info = _asked(vehicle)
    _confirm(vehicle, info)
    assert _confirm(vehicle, info) == "FAILED_SequenceError"


def test_a_card_signs_nothing() -> None:
    charger = replace(CHARGER, identifications=("EIM",))
    vehicle = Vehicle("AC", charger=charger).go_to(Phase.LOOP)
    vehicle.send("AC_ChargeLoopReq")
    assert _asked(vehicle) is None


def test_signatures_of_meters_that_are_too_long_are_left_out() -> None:
    meter = MeterStatus(meter_id="M" * 40, energy_wh=-3, at=NOW, signature=bytes(64))
    assert meter_info(meter) == {
        "MeterID": "M" * 32,
        "ChargedEnergyReadingWh": 0,
        "MeterTimestamp": 1777888800,
        "MeterSignature": bytes(64),
    }
    assert "MeterSignature" not in meter_info(replace(meter, signature=bytes(65)))
