"""PowerDelivery: when the power comes on, what vehicles plan, standby, renegotiation, and the end of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.iso15118.iso20.states import Kind, Phase
from agent.iso15118.turns import Deenergise, Deliver, Energise, Failed, TellChosen, TellNeeds
from agent.iso15118.v2gtp import PayloadType
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.needs import Chosen
from agent.smartcharging.offers import is_within
from agent.smartcharging.profiles import Period, Schedule
from agent.smartcharging.tariffs import PriceOffer
from tests.unit.agent.iso15118.iso20.evse import AC, NOW, OFFER
from tests.unit.agent.iso15118.iso20.requests import number, plan, start
from tests.unit.agent.iso15118.iso20.vehicle import DYNAMIC, Vehicle, progress


def _with_offer(**changes: Any) -> Vehicle:
    vehicle = Vehicle("AC").go_to(Phase.SCHEDULES)
    vehicle.evse.offers = (replace(OFFER, **changes),)
    vehicle.send("ScheduleExchangeReq")
    vehicle.send("ScheduleExchangeReq")
    return vehicle


class TestStart:
    @pytest.mark.parametrize("kind", ["AC", "DC"])
    def test_a_vehicle_that_is_still_thinking_gets_no_power(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.DELIVERY)
        thinking = {"EVProcessing": "Ongoing", "ChargeProgress": "Start"}
        assert vehicle.send("PowerDeliveryReq", thinking)["ResponseCode"] == "OK"
        assert vehicle.evse.deeds == []
        assert vehicle.is_in(Phase.DELIVERY)

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"authorization": "rejected"}, "not authorized"),
            ({"authorization": "pending"}, "not authorized"),
            ({"fault": "contactor"}, "contactor"),
            ({"is_locked": False}, "locked"),
            ({"wish": "stop"}, "to end"),
            ({"ac": replace(AC, most_a=Decimal(5))}, "nothing to draw"),
        ],
    )
    @pytest.mark.parametrize("word", ["Start", "Standby"])
    def test_power_that_must_not_come_on(self, change: dict[str, Any], why: str, word: str) -> None:
        """V2G20-1411."""
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        vehicle.evse.facts = replace(vehicle.evse.facts, **change)
        request = {**start(plan([(60, 5000)])), "ChargeProgress": word}
        response = vehicle.send("PowerDeliveryReq", request)
        assert vehicle.evse.deeds == []
        if response["ResponseCode"] == "WARNING_StandbyNotAllowed":
            assert word == "Standby"
            return
        assert response["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
        assert vehicle.ending == "error"
        assert vehicle.answer is not None
        assert why in vehicle.answer.why

    @pytest.mark.parametrize("isolation", ["unknown", "testing"])
    def test_isolation_that_is_not_known(self, isolation: str) -> None:
        vehicle = Vehicle("DC").go_to(Phase.DELIVERY)
        vehicle.evse.facts = replace(vehicle.evse.facts, isolation=isolation)  # type: ignore[arg-type]
        assert vehicle.send("PowerDeliveryReq")["ResponseCode"] == "FAILED_PowerDeliveryNotApplied"
        assert vehicle.evse.deeds == []

    @pytest.mark.parametrize("kind", ["AC", "DC"])
    def test_contactors_that_do_not_close(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.DELIVERY)
        vehicle.evse.outcomes[Energise] = Failed("welded")
        assert vehicle.send("PowerDeliveryReq")["ResponseCode"] == "FAILED_ContactorError"
        assert vehicle.ending == "error"


class TestPlan:
    def test_it_is_told_in_the_offers_terms(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.LOOP)
        [order] = vehicle.evse.ordered(TellChosen)
        assert order == TellChosen(
            Chosen(
                evse_id=0,
                start=NOW,
                schedule=Schedule(
                    id=7,
                    unit="W",
                    periods=(
                        Period(start_s=0, limit=Decimal(11000)),
                        Period(start_s=1800, limit=Decimal(5000)),
                    ),
                    start=NOW,
                    duration_s=3600,
                ),
                offer_id=7,
            )
        )

    def test_an_offer_in_amperes_gets_a_plan_in_amperes_within_it(self) -> None:
        vehicle = _with_offer(unit="A", periods=(CompositePeriod(start_s=0, limit=Decimal(13), phases=3),))
        vehicle.send("PowerDeliveryReq", start(plan([(3600, 8970)])))
        [order] = vehicle.evse.ordered(TellChosen)
        assert isinstance(order, TellChosen)
        assert order.chosen.schedule.periods == (Period(start_s=0, limit=Decimal(13)),)
        [offer] = vehicle.evse.offers or ()
        assert is_within(order.chosen, offer)

    @pytest.mark.parametrize(
        ("powers", "is_good"),
        [
            ([(1800, 11040), (1800, 5500)], True),
            ([(1800, 0), (7200, 5500)], True),
            ([(1800, 11041)], False),
            ([(1900, 11000), (60, 1)], False),
            ([(1800, 11000), (1800, 5501)], False),
            ([(1800, -1)], False),
        ],
    )
    def test_it_keeps_to_what_was_offered(self, powers: list[tuple[int, int]], is_good: bool) -> None:
        """V2G20-478, V2G20-1559."""
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        response = vehicle.send("PowerDeliveryReq", start(plan(powers)))
        assert response["ResponseCode"] == ("OK" if is_good else "FAILED_EVPowerProfileInvalid")
        assert vehicle.evse.deeds == ([Energise()] if is_good else [])

    @pytest.mark.parametrize("power", [-10000, -20001])
    def test_what_goes_back_is_limited_too(self, power: int) -> None:
        vehicle = Vehicle("DC", service="DC_BPT").go_to(Phase.DELIVERY)
        response = vehicle.send("PowerDeliveryReq", start(plan([(3600, power)])))
        assert (response["ResponseCode"] == "OK") == (power >= -20000)

    @pytest.mark.parametrize(
        ("anchor_s", "is_good"), [(1777888800, True), (1777888800 + 1800, False), (1777888800 * 10**6, True)]
    )
    def test_it_may_begin_later(self, anchor_s: int, is_good: bool) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        profile = {**plan([(1800, 11000)]), "TimeAnchor": anchor_s}
        response = vehicle.send("PowerDeliveryReq", start(profile))
        assert (response["ResponseCode"] == "OK") == is_good

    def test_powers_of_each_phase_are_added(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        profile = plan([(60, 5000)])
        entry = profile["EVPowerProfileEntries"]["EVPowerProfileEntry"][0]
        entry |= {"Power_L2": number(5000), "Power_L3": number(5000)}
        response = vehicle.send("PowerDeliveryReq", start(profile))
        assert response["ResponseCode"] == "FAILED_EVPowerProfileInvalid"

    def test_a_schedule_that_was_not_offered(self) -> None:
        """V2G20-479."""
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        response = vehicle.send("PowerDeliveryReq", start(plan([(60, 5000)], number_of_tuple=2)))
        assert response["ResponseCode"] == "FAILED_ScheduleSelectionInvalid"

    def test_none(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        response = vehicle.send("PowerDeliveryReq", progress("Start"))
        assert response["ResponseCode"] == "FAILED_EVPowerProfileInvalid"

    def test_one_of_the_other_control_mode(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        vehicle.parameter_set = DYNAMIC
        assert vehicle.send("PowerDeliveryReq")["ResponseCode"] == "FAILED_EVPowerProfileInvalid"

    def test_where_the_evse_controls_any_will_do(self) -> None:
        """V2G20-1070."""
        vehicle = Vehicle("AC", parameter_set=DYNAMIC).go_to(Phase.DELIVERY)
        assert vehicle.send("PowerDeliveryReq", progress("Start"))["ResponseCode"] == "OK"
        assert vehicle.evse.ordered(TellChosen) == []

    def test_one_that_goes_on_for_ever(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        profile = plan([(2**32 - 1, 5000)] * 40)
        assert vehicle.send("PowerDeliveryReq", start(profile))["ResponseCode"] == "OK"
        [order] = vehicle.evse.ordered(TellChosen)
        assert isinstance(order, TellChosen)
        assert is_within(order.chosen, OFFER)

    @pytest.mark.parametrize(
        ("tolerance", "said", "code", "asked"),
        [
            (None, "PowerToleranceConfirmed", "OK_PowerToleranceConfirmed", None),
            (500, "PowerToleranceConfirmed", "OK_PowerToleranceConfirmed", None),
            (
                500,
                "PowerToleranceNotConfirmed",
                "WARNING_PowerToleranceNotConfirmed",
                "ScheduleRenegotiation",
            ),
            (None, "PowerToleranceNotConfirmed", "OK", None),
        ],
    )
    def test_a_tolerance(self, tolerance: int | None, said: str, code: str, asked: str | None) -> None:
        """V2G20-1944, V2G20-1946, V2G20-1954."""
        priced = None if tolerance is None else PriceOffer(power_tolerance=Decimal(tolerance))
        vehicle = _with_offer(priced=priced)
        profile = plan([(60, 5000)], PowerToleranceAcceptance=said)
        response = vehicle.send("PowerDeliveryReq", start(profile))
        assert response["ResponseCode"] == code
        assert response.get("EVSEStatus", {}).get("EVSENotification") == asked
        assert vehicle.is_in(Phase.LOOP)


class TestStandby:
    @pytest.mark.parametrize("kind", ["AC", "DC"])
    def test_the_contactors_stay_closed_and_nothing_flows(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        vehicle.send(f"{kind}_ChargeLoopReq")
        assert vehicle.send("PowerDeliveryReq", progress("Standby"))["ResponseCode"] == "OK"
        assert vehicle.evse.deeds == [Energise()]
        if kind == "DC":
            assert vehicle.evse.orders[-1] == Deliver(Decimal(400), Decimal(0))
            vehicle.send("DC_ChargeLoopReq")
            assert vehicle.evse.orders[-1] == Deliver(Decimal(400), Decimal(0))
        vehicle.send(f"{kind}_ChargeLoopReq")
        assert vehicle.is_in(Phase.STANDBY)
        assert vehicle.send("PowerDeliveryReq", progress("Start"))["ResponseCode"] == "OK"
        assert vehicle.is_in(Phase.LOOP)
        assert vehicle.evse.deeds == [Energise()]

    def test_it_can_begin_with_it(self) -> None:
        """V2G20-1390."""
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        request = {**start(plan([(60, 5000)])), "ChargeProgress": "Standby"}
        assert vehicle.send("PowerDeliveryReq", request)["ResponseCode"] == "OK"
        assert vehicle.is_in(Phase.STANDBY)

    def test_who_has_to_end_charging_need_not_stand_by(self) -> None:
        """V2G20-1700."""
        vehicle = Vehicle("AC").go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish="stop")
        response = vehicle.send("PowerDeliveryReq", progress("Standby"))
        assert response["ResponseCode"] == "WARNING_StandbyNotAllowed"
        assert vehicle.is_in(Phase.LOOP)
        assert vehicle.ending is None


class TestRenegotiation:
    @pytest.mark.parametrize("kind", ["AC", "DC"])
    def test_another_schedule_while_energy_flows(self, kind: Kind) -> None:
        vehicle = Vehicle(kind).go_to(Phase.LOOP)
        vehicle.evse.offers = (replace(OFFER, id=9, start=NOW + timedelta(minutes=5)),)
        assert vehicle.send("PowerDeliveryReq", progress("ScheduleRenegotiation"))["ResponseCode"] == "OK"
        beside = PayloadType.SCHEDULE_RENEGOTIATION
        assert vehicle.send("ScheduleExchangeReq", payload_type=beside)["EVSEProcessing"] == "Ongoing"
        assert vehicle.send(f"{kind}_ChargeLoopReq")["ResponseCode"] == "OK"
        assert vehicle.send("ScheduleExchangeReq", payload_type=beside)["EVSEProcessing"] == "Finished"
        assert vehicle.answer is not None
        assert vehicle.answer.response.payload_type == beside
        assert vehicle.send("PowerDeliveryReq")["ResponseCode"] == "OK"
        assert vehicle.is_in(Phase.LOOP)
        last = vehicle.evse.ordered(TellChosen)[-1]
        assert isinstance(last, TellChosen)
        assert last.chosen.offer_id == 9
        assert len(vehicle.evse.ordered(TellNeeds)) == 2
        assert vehicle.evse.deeds == [Energise()]

    def test_without_a_new_plan(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.RENEGOTIATION)
        response = vehicle.send("PowerDeliveryReq", progress("Start"))
        assert response["ResponseCode"] == "FAILED_EVPowerProfileInvalid"

    def test_before_anything_was_agreed_on(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        response = vehicle.send("PowerDeliveryReq", progress("ScheduleRenegotiation"))
        assert response["ResponseCode"] == "FAILED_ScheduleRenegotiation"

    def test_not_when_charging_is_to_end(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.LOOP)
        vehicle.evse.facts = replace(vehicle.evse.facts, wish="stop")
        response = vehicle.send("PowerDeliveryReq", progress("ScheduleRenegotiation"))
        assert response["ResponseCode"] == "WARNING_ScheduleRenegotiationFailed"
        assert vehicle.is_in(Phase.LOOP)


class TestStop:
    @pytest.mark.parametrize("phase", [Phase.LOOP, Phase.STANDBY, Phase.RENEGOTIATION])
    def test_the_power_goes_off_before_the_answer(self, phase: Phase) -> None:
        vehicle = Vehicle("DC").go_to(phase)
        assert vehicle.send("PowerDeliveryReq", progress("Stop"))["ResponseCode"] == "OK"
        assert vehicle.evse.deeds == [Energise(), Deenergise()]
        assert vehicle.is_in(Phase.STOPPED)

    def test_contactors_that_do_not_open(self) -> None:
        vehicle = Vehicle("DC").go_to(Phase.LOOP)
        vehicle.evse.outcomes[Deenergise] = Failed("welded")
        response = vehicle.send("PowerDeliveryReq", progress("Stop"))
        assert response["ResponseCode"] == "FAILED_ContactorError"
        assert vehicle.ending == "error"

    def test_nothing_to_switch_off(self) -> None:
        vehicle = Vehicle("AC").go_to(Phase.DELIVERY)
        assert vehicle.send("PowerDeliveryReq", progress("Stop"))["ResponseCode"] == "OK"
        assert vehicle.evse.deeds == []
