"""The loops: what may be drawn and is delivered, and what the EVSE wants of the vehicle meanwhile."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.facts import DcPresent
from agent.iso15118.iso20.rational import decimal
from agent.iso15118.iso20.states import Kind, Phase
from agent.iso15118.turns import Deliver, DrawAtMost, TellSoc
from tests.unit.agent.iso15118.iso20.evse import AC, DC
from tests.unit.agent.iso15118.iso20.requests import REQUESTS, dc_loop, number
from tests.unit.agent.iso15118.iso20.vehicle import DYNAMIC, SCHEDULED, Vehicle, progress


def _notice(response: dict[str, Any]) -> tuple[str, int] | None:
    status = response.get("EVSEStatus")
    return None if status is None else (status["EVSENotification"], status["NotificationMaxDelay"])


def _delivered(vehicle: Vehicle, **more: int | str) -> Deliver:
    assert vehicle.send("DC_ChargeLoopReq", dc_loop(vehicle, **more))["ResponseCode"] == "OK"
    last = vehicle.evse.ordered(Deliver)[-1]
    assert isinstance(last, Deliver)
    return last


class TestAlternating:
    @pytest.mark.parametrize("control", [SCHEDULED, DYNAMIC])
    @pytest.mark.parametrize(
        ("most_a", "target"), [(Decimal(32), 11000), (Decimal(10), 6900), (Decimal(6), 4140), (Decimal(5), 0)]
    )
    def test_the_target_follows_what_there_is(self, control: int, most_a: Decimal, target: int) -> None:
        vehicle = Vehicle("AC", parameter_set=control).go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, ac=replace(AC, most_a=most_a))
        response = vehicle.send("AC_ChargeLoopReq")
        mode = response[f"{vehicle.control}_AC_CLResControlMode"]
        assert decimal(mode["EVSETargetActivePower"]) == target

    def test_a_vehicle_that_can_do_less(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.LOOP)
        request = REQUESTS["AC_ChargeLoopReq"](vehicle)
        request["Scheduled_AC_CLReqControlMode"]["EVMaximumChargePower"] = number(3450)
        for _ in range(2):
            response = vehicle.send("AC_ChargeLoopReq", request)
        target = response["Scheduled_AC_CLResControlMode"]["EVSETargetActivePower"]
        assert decimal(target) == 3450
        assert vehicle.evse.ordered(DrawAtMost) == [DrawAtMost(Decimal(5))]

    def test_the_battery(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.LOOP)
        for soc in (40, 40, 41):
            vehicle.send(
                "AC_ChargeLoopReq",
                REQUESTS["AC_ChargeLoopReq"](vehicle) | {"DisplayParameters": {"PresentSOC": soc}},
            )
        assert vehicle.evse.ordered(TellSoc) == [TellSoc(40), TellSoc(41)]


class TestDirect:
    def test_what_the_vehicle_asks_for(self) -> None:
        vehicle = Vehicle("DC").go_to(Phase.LOOP)
        assert _delivered(vehicle) == Deliver(Decimal(400), Decimal(100))

    @pytest.mark.parametrize(
        ("more", "delivered"),
        [
            ({"EVTargetCurrent": 500}, (400, 125)),  # of the vehicle
            ({"EVTargetVoltage": 20000, "EVTargetCurrent": 500}, (450, "111.11")),  # its power at its voltage
            ({"EVTargetCurrent": -20}, (400, 0)),  # one way only
            ({"EVTargetVoltage": 100}, (100, 0)),  # lower than the EVSE can go
            ({"EVTargetVoltage": 0}, (0, 0)),
            ({"EVMaximumChargeCurrent": 40}, (400, 40)),
            ({"EVMaximumChargePower": 8000}, (400, 20)),
            ({"EVMaximumVoltage": 380}, (380, 100)),
        ],
    )
    def test_limits_of_either(self, more: dict[str, int], delivered: tuple[int, int | str]) -> None:
        vehicle = Vehicle("DC").go_to(Phase.LOOP)
        voltage_v, current_a = delivered
        assert _delivered(vehicle, **more) == Deliver(Decimal(voltage_v), Decimal(current_a))

    @pytest.mark.parametrize(
        ("change", "current_a"), [({"most_a": Decimal(30)}, "30"), ({"most_w": Decimal(10000)}, "25")]
    )
    def test_limits_that_change(self, change: dict[str, Decimal], current_a: str) -> None:
        vehicle = Vehicle("DC").go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, dc=replace(DC, **change))
        assert _delivered(vehicle) == Deliver(Decimal(400), Decimal(current_a))

    @pytest.mark.parametrize(("wanted", "back"), [(-20, -20), (-500, -25), (50, 50)])
    def test_both_ways(self, wanted: int, back: int) -> None:
        vehicle = Vehicle("DC", service="DC_BPT").go_to(Phase.LOOP)
        assert _delivered(vehicle, EVTargetCurrent=wanted) == Deliver(Decimal(400), Decimal(back))

    def test_where_the_evse_controls_all_that_both_can_do(self) -> None:
        vehicle = Vehicle("DC", parameter_set=DYNAMIC).go_to(Phase.LOOP)
        assert _delivered(vehicle) == Deliver(Decimal(430), Decimal("93.02"))
        vehicle.evse.facts = replace(vehicle.evse.facts, dc=replace(DC, most_a=Decimal(10)))
        assert _delivered(vehicle) == Deliver(Decimal(430), Decimal(10))

    @pytest.mark.parametrize("wish", ["stop", "pause"])
    def test_where_the_evse_controls_it_ends_it(self, wish: str) -> None:
        """V2G20-1959."""
        vehicle = Vehicle("DC", parameter_set=DYNAMIC).go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish=wish)  # type: ignore[arg-type]
        assert _delivered(vehicle).current_a == 0

    def test_what_holds_the_supply_back(self) -> None:
        vehicle = Vehicle("DC").go_to(Phase.LOOP)
        present = DcPresent(voltage_v=Decimal("399.5"), current_a=Decimal("99.5"), at_power_limit=True)
        vehicle.evse.facts = replace(vehicle.evse.facts, dc_present=present)
        response = vehicle.send("DC_ChargeLoopReq")
        assert response["EVSEPowerLimitAchieved"] is True
        assert response["EVSECurrentLimitAchieved"] is False
        assert decimal(response["EVSEPresentVoltage"]) == Decimal("399.5")
        assert decimal(response["EVSEPresentCurrent"]) == Decimal("99.5")

    def test_limits_are_told_in_both_directions(self) -> None:
        vehicle = Vehicle("DC", service="DC_BPT", parameter_set=DYNAMIC).go_to(Phase.LOOP)
        told = vehicle.send("DC_ChargeLoopReq")["BPT_Dynamic_DC_CLResControlMode"]
        assert decimal(told["EVSEMaximumChargePower"]) == 60000
        assert decimal(told["EVSEMaximumDischargePower"]) == 20000
        assert decimal(told["EVSEMaximumDischargeCurrent"]) == 50
        assert decimal(told["EVSEMinimumVoltage"]) == 150


@pytest.mark.parametrize("kind", ["AC", "DC"])
class TestNotices:
    def test_nothing(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) is None

    @pytest.mark.parametrize(
        "change", [{"wish": "stop"}, {"fault": "too hot"}, {"authorization": "rejected"}]
    )
    def test_the_end(self, kind: Kind, change: dict[str, Any]) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, **change)
        response = vehicle.send(f"{kind}_ChargeLoopReq")
        assert response["ResponseCode"] == "OK"
        assert _notice(response) == ("Terminate", 0)

    def test_a_pause(self, kind: Kind) -> None:
        """V2G20-1850."""
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish="pause")
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) == ("Pause", 60)

    def test_another_service(self, kind: Kind) -> None:
        vehicle = Vehicle(kind, service=f"{kind}_BPT").go_to(Phase.LOOP)
        one_way: dict[str, Any] = {"ac": replace(AC, most_back_w=Decimal(0))}
        if kind == "DC":
            one_way = {"dc": replace(DC, most_back_w=Decimal(0))}
        vehicle.evse.facts = replace(vehicle.evse.facts, **one_way)
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) == ("ServiceRenegotiation", 60)

    def test_where_the_evse_controls_there_is_no_schedule_to_change(self, kind: Kind) -> None:
        vehicle = Vehicle(kind, parameter_set=DYNAMIC).go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish="renegotiate")
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) is None

    def test_another_schedule(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish="renegotiate")
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) == ("ScheduleRenegotiation", 60)
        vehicle.send("PowerDeliveryReq", progress("ScheduleRenegotiation"))
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) is None

    def test_power_is_back(self, kind: Kind) -> None:
        """V2G20-1854."""
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        nothing = (
            {"ac": replace(AC, most_a=Decimal(0))} if kind == "AC" else {"dc": replace(DC, most_w=Decimal(0))}
        )
        before = vehicle.evse.facts
        vehicle.evse.facts = replace(before, **nothing)
        vehicle.send("PowerDeliveryReq", progress("Standby"))
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) is None
        vehicle.evse.facts = before
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) == ("ExitStandby", 0)

    def test_a_vehicle_in_standby_of_its_own_is_left_alone(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.STANDBY)
        assert _notice(vehicle.send(f"{kind}_ChargeLoopReq")) is None

    def test_another_mode_than_was_chosen(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        vehicle.parameter_set = DYNAMIC
        assert vehicle.send(f"{kind}_ChargeLoopReq")["ResponseCode"] == "FAILED"
        assert vehicle.ending == "error"

    def test_the_meter_only_where_it_is_asked_for(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        request = REQUESTS[f"{kind}_ChargeLoopReq"](vehicle)
        assert "MeterInfo" in vehicle.send(f"{kind}_ChargeLoopReq", request | {"MeterInfoRequested": True})
        assert "MeterInfo" not in vehicle.send(
            f"{kind}_ChargeLoopReq", request | {"MeterInfoRequested": False}
        )


def test_a_fault_lets_nothing_flow() -> None:
    vehicle = Vehicle("DC").go_to(Phase.LOOP)
    vehicle.evse.facts = replace(vehicle.evse.facts, fault="too hot")
    assert _delivered(vehicle).current_a == 0
