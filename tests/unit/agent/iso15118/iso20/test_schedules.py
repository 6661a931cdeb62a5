"""ScheduleExchange: needs are told once, schedules waited for and offered as the vehicle can take them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.iso20.rational import decimal
from agent.iso15118.iso20.schedules import ONGOING_S
from agent.iso15118.iso20.states import Kind, Phase
from agent.iso15118.turns import TellNeeds
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.needs import AcNeeds, Dash20, DcNeeds, Needs
from agent.smartcharging.tariffs import PriceOffer
from tests.unit.agent.iso15118.iso20.evse import AC, NOW, OFFER
from tests.unit.agent.iso15118.iso20.requests import REQUESTS
from tests.unit.agent.iso15118.iso20.vehicle import DYNAMIC, DYNAMIC_BOTH, Vehicle


def _tuples(response: dict[str, Any]) -> list[dict[str, Any]]:
    found = response["Scheduled_SEResControlMode"]["ScheduleTuple"]
    assert isinstance(found, list)
    return found


def _powers(schedule: dict[str, Any]) -> list[tuple[int, int]]:
    entries = schedule["PowerSchedule"]["PowerScheduleEntries"]["PowerScheduleEntry"]
    return [(one["Duration"], int(decimal(one["Power"]))) for one in entries]


def _exchange(vehicle: Vehicle, **more: Any) -> dict[str, Any]:
    request = REQUESTS["ScheduleExchangeReq"](vehicle)
    vehicle.send("ScheduleExchangeReq", request | more)
    return vehicle.send("ScheduleExchangeReq", request | more)


class TestWaiting:
    def test_needs_are_told_once(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.evse.offers = None
        for _ in range(3):
            assert vehicle.send("ScheduleExchangeReq")["EVSEProcessing"] == "Ongoing"
        assert len(vehicle.evse.ordered(TellNeeds)) == 1

    @pytest.mark.parametrize("kind", ["AC", "DC"])
    def test_what_the_evse_can_give_is_offered_if_nothing_comes(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.SCHEDULES)
        vehicle.evse.offers = None
        vehicle.send("ScheduleExchangeReq")
        vehicle.evse.pass_time(ONGOING_S + 1)
        response = vehicle.send("ScheduleExchangeReq")
        assert response["EVSEProcessing"] == "Finished"
        [only] = _tuples(response)
        most = {"AC": 22080, "DC": 60000}[kind]
        assert _powers(only["ChargingSchedule"]) == [(86400, most)]

    def test_no_schedule_at_all(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.evse.offers = ()
        assert _powers(_tuples(_exchange(vehicle))[0]["ChargingSchedule"]) == [(86400, 22080)]

    def test_a_pause_that_the_evse_wishes_for(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish="pause")
        assert _exchange(vehicle)["GoToPause"] is True

    def test_the_control_mode_that_was_chosen(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.parameter_set = DYNAMIC
        assert vehicle.send("ScheduleExchangeReq")["ResponseCode"] == "FAILED"


class TestNeeds:
    def test_alternating_current(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        [order] = vehicle.evse.ordered(TellNeeds)
        assert order == TellNeeds(
            Needs(
                evse_id=0,
                transfer="AC_three_phase",
                departure=NOW + timedelta(hours=2),
                most_schedules=3,
                ac=AcNeeds(energy_wh=20000, least_a=3, most_a=15, most_v=230),
                dash20=Dash20(
                    control="ScheduledControl", mobility="EVCC", least_w=1400, most_w=11000, target_wh=20000
                ),
            )
        )

    def test_direct_current_that_the_evse_controls(self) -> None:
        vehicle = Vehicle("DC", parameter_set=DYNAMIC_BOTH).go_to(Phase.CABLE_CHECK)
        [order] = vehicle.evse.ordered(TellNeeds)
        assert order == TellNeeds(
            Needs(
                evse_id=0,
                transfer="DC",
                departure=NOW + timedelta(hours=2),
                most_schedules=3,
                dc=DcNeeds(most_a=125, most_v=450, energy_wh=20000, most_w=50000),
                dash20=Dash20(
                    control="DynamicControl",
                    mobility="EVCC_SECC",
                    least_w=100,
                    most_w=50000,
                    target_wh=20000,
                    least_wh=-2000,
                    most_wh=40000,
                    target_soc=80,
                ),
            )
        )

    def test_numbers_that_no_backend_has_room_for(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        huge = {"EVTargetEnergyRequest": {"Exponent": 127, "Value": 32767}, "DepartureTime": 2**32 - 1}
        _exchange(vehicle, Scheduled_SEReqControlMode=huge)
        [order] = vehicle.evse.ordered(TellNeeds)
        assert isinstance(order, TellNeeds)
        assert order.needs.ac is not None
        assert order.needs.ac.energy_wh == 2**31 - 1


class TestOffers:
    def test_up_to_three(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.evse.offers = tuple(replace(OFFER, id=number) for number in range(20, 25))
        assert [one["ScheduleTupleID"] for one in _tuples(_exchange(vehicle))] == [1, 2, 3]

    def test_amperes_are_told_as_watts(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        periods = (
            CompositePeriod(start_s=0, limit=Decimal(16), phases=3),
            CompositePeriod(start_s=60, limit=Decimal(16), phases=1),
        )
        vehicle.evse.offers = (replace(OFFER, unit="A", periods=periods),)
        [only] = _tuples(_exchange(vehicle))
        assert _powers(only["ChargingSchedule"]) == [(60, 11040), (7140, 3680)]

    def test_a_vehicle_that_does_not_say_when_it_leaves_gets_a_day(self) -> None:
        """V2G20-1563."""
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        [only] = _tuples(_exchange(vehicle, Scheduled_SEReqControlMode={}))
        assert sum(duration for duration, _ in _powers(only["ChargingSchedule"])) == 86400

    def test_no_more_entries_than_the_vehicle_can_take(self) -> None:
        """V2G20-1544."""
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        periods = tuple(
            CompositePeriod(start_s=60 * step, limit=Decimal(11000 - 100 * step), phases=3)
            for step in range(20)
        )
        vehicle.evse.offers = (replace(OFFER, periods=periods),)
        [only] = _tuples(_exchange(vehicle))
        powers = _powers(only["ChargingSchedule"])
        assert len(powers) == 12
        assert powers[10] == (60, 10000)
        assert powers[-1] == (6540, 9100)

    def test_a_schedule_that_begins_later(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        periods = (CompositePeriod(start_s=600, limit=Decimal(5000), phases=3),)
        vehicle.evse.offers = (replace(OFFER, periods=periods),)
        [only] = _tuples(_exchange(vehicle))
        assert _powers(only["ChargingSchedule"]) == [(600, 0), (6600, 5000)]

    def test_it_begins_with_no_more_than_there_is_now(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.evse.facts = replace(vehicle.evse.facts, ac=replace(AC, most_a=Decimal(10)))
        [only] = _tuples(_exchange(vehicle))
        assert _powers(only["ChargingSchedule"]) == [(1800, 6900), (5400, 5500)]

    def test_what_the_evse_takes_back_is_negative(self) -> None:
        vehicle = Vehicle("DC", service="DC_BPT").go_to(Phase.SCHEDULES)
        [only] = _tuples(_exchange(vehicle))
        assert _powers(only["DischargingSchedule"]) == [(7200, -20000)]

    def test_a_tolerance(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
        vehicle.evse.offers = (replace(OFFER, priced=PriceOffer(power_tolerance=Decimal(500))),)
        [only] = _tuples(_exchange(vehicle))
        assert decimal(only["ChargingSchedule"]["PowerSchedule"]["PowerTolerance"]) == 500


class TestDynamic:
    @pytest.mark.parametrize(
        ("parameter_set", "told"),
        [(DYNAMIC, {}), (DYNAMIC_BOTH, {"DepartureTime": 7200, "MinimumSOC": 30, "TargetSOC": 80})],
    )
    def test_what_the_evse_controls_by(self, parameter_set: int, told: dict[str, int]) -> None:
        vehicle = Vehicle("AC", parameter_set=parameter_set).go_to(Phase.SCHEDULES)
        assert _exchange(vehicle)["Dynamic_SEResControlMode"] == told
