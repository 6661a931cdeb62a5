"""Before energy flows on direct current: the test of the cable, and the way to the battery's voltage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.direct_current import CABLE_CHECK_S
from agent.iso15118.iso20.states import Phase
from agent.iso15118.turns import CheckCable, Deliver
from tests.unit.agent.iso15118.iso20.requests import number
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle


def _pre_charge(vehicle: Vehicle, voltage_v: int, processing: str = "Ongoing") -> dict[str, Any]:
    volts = {"EVPresentVoltage": number(390), "EVTargetVoltage": number(voltage_v)}
    return vehicle.send("DC_PreChargeReq", {"EVProcessing": processing, **volts})


@pytest.mark.parametrize("change", [{"vehicle_is_ready": False}, {"is_locked": False}])
def test_no_voltage_at_a_plug_that_can_be_pulled(change: dict[str, bool]) -> None:
    vehicle = Vehicle("DC").go_to(Phase.CABLE_CHECK)
    before = vehicle.evse.facts
    vehicle.evse.facts = replace(before, **change)  # type: ignore[arg-type]
    assert vehicle.send("DC_CableCheckReq")["EVSEProcessing"] == "Ongoing"
    assert vehicle.evse.ordered(CheckCable) == []
    vehicle.evse.facts = before
    vehicle.send("DC_CableCheckReq")
    assert vehicle.evse.ordered(CheckCable) == [CheckCable(Decimal(450))]


@pytest.mark.parametrize(("isolation", "is_good"), [("valid", True), ("warning", True), ("testing", False)])
def test_the_result_is_waited_for(isolation: str, is_good: bool) -> None:
    vehicle = Vehicle("DC").go_to(Phase.CABLE_CHECK)
    vehicle.send("DC_CableCheckReq")
    vehicle.evse.facts = replace(vehicle.evse.facts, isolation=isolation)  # type: ignore[arg-type]
    response = vehicle.send("DC_CableCheckReq")
    assert response["EVSEProcessing"] == ("Finished" if is_good else "Ongoing")
    assert len(vehicle.evse.ordered(CheckCable)) == 1


def test_a_result_of_another_vehicle_is_not_believed() -> None:
    vehicle = Vehicle("DC").go_to(Phase.CABLE_CHECK)
    vehicle.evse.facts = replace(vehicle.evse.facts, isolation="valid")
    assert vehicle.send("DC_CableCheckReq")["EVSEProcessing"] == "Ongoing"
    assert len(vehicle.evse.ordered(CheckCable)) == 1


def test_no_result_in_time() -> None:
    vehicle = Vehicle("DC").go_to(Phase.CABLE_CHECK)
    vehicle.send("DC_CableCheckReq")
    vehicle.evse.facts = replace(vehicle.evse.facts, isolation="testing")
    vehicle.evse.pass_time(CABLE_CHECK_S + 1)
    assert vehicle.send("DC_CableCheckReq")["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"


@pytest.mark.parametrize(
    ("wanted_v", "deliver"),
    [
        (400, Deliver(Decimal(400), Decimal(2))),
        (20000, Deliver(Decimal(450), Decimal(2))),
        (100, Deliver(Decimal(100), Decimal(0))),
        (-5, Deliver(Decimal(0), Decimal(0))),
    ],
)
def test_pre_charge_goes_as_far_as_both_can(wanted_v: int, deliver: Deliver) -> None:
    vehicle = Vehicle("DC").go_to(Phase.PRE_CHARGE)
    assert _pre_charge(vehicle, wanted_v)["ResponseCode"] == "OK"
    assert vehicle.evse.orders[-1] == deliver
    assert vehicle.is_in(Phase.PRE_CHARGE)


def test_pre_charge_can_be_taken_up_again() -> None:
    vehicle = Vehicle("DC").go_to(Phase.PRE_CHARGE)
    _pre_charge(vehicle, 400, "Finished")
    assert vehicle.is_in(Phase.DELIVERY)
    _pre_charge(vehicle, 400)
    assert vehicle.is_in(Phase.PRE_CHARGE)


@pytest.mark.parametrize(
    "change", [{"isolation": "testing"}, {"fault": "too hot"}, {"authorization": "rejected"}]
)
def test_no_voltage_without_isolation_and_driver(change: dict[str, str]) -> None:
    vehicle = Vehicle("DC").go_to(Phase.PRE_CHARGE)
    delivered = vehicle.evse.ordered(Deliver)
    vehicle.evse.facts = replace(vehicle.evse.facts, **change)  # type: ignore[arg-type]
    assert _pre_charge(vehicle, 400)["ResponseCode"] == "FAILED"
    assert vehicle.ending == "error"
    assert vehicle.evse.ordered(Deliver) == delivered
