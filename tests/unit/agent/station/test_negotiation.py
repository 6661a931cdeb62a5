from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.authorization.authorizer import BackendUnreachable
from agent.smartcharging.needs import AcNeeds, Chosen, Dash20, Needs
from agent.smartcharging.profiles import Period, Profile, Schedule
from tests.unit.agent.station.test_limits import charge, default, limited
from tests.unit.agent.station.test_station import ANNA, Forecourt

AC = AcNeeds(energy_wh=20_000, least_a=6, most_a=16, most_v=400)
NEEDS = Needs(evse_id=1, transfer="AC_three_phase", ac=AC)


class Backend:
    """Answers as told, and writes down what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[object] = []

    async def ask(self, question: object) -> Any:
        self.asked.append(question)
        answer = self.answers.pop(0)
        if answer is None:
            raise BackendUnreachable("offline")
        return answer


def own(place: Forecourt, limit_a: int, number: int = 1) -> Profile:
    transaction = place.state(1).transaction
    assert transaction is not None
    return default((0, limit_a), id=number, purpose="TxProfile", transaction_id=transaction.id)


def plan(place: Forecourt, power_w: int) -> Chosen:
    periods = (Period(start_s=0, limit=Decimal(power_w)),)
    schedule = Schedule(id=1, unit="W", periods=periods)
    return Chosen(evse_id=1, start=place.clock.now(), schedule=schedule)


def expected_w(place: Forecourt) -> list[float]:
    return [float(period.limit) for period in place.limits.composite(1, 3600, "W")]


async def test_a_profile_that_came_before_the_answer_is_not_waited_for(tmp_path: Path) -> None:
    """K15.FR.01: the backend may be quicker with its profile than with its answer."""

    class Quick(Backend):
        async def ask(self, question: object) -> Any:
            assert await place.limits.install(own(place, 9)) is None
            return await super().ask(question)

    async with limited(tmp_path) as place:
        await charge(place, 1)
        negotiation, backend = place.station.negotiation, Quick("Accepted")
        negotiation.ask(backend)
        async with asyncio.timeout(5):
            (offer,) = await negotiation.needs(NEEDS)
        assert [float(period.limit) for period in offer.periods] == [9 * 690]
        assert backend.asked == [NEEDS]


async def test_what_was_offered_stands_until_the_limits_change(tmp_path: Path) -> None:
    """K16.FR.03: also by a limit from outside, and not by what changes nothing."""
    async with limited(tmp_path) as place:
        await charge(place, 1)
        negotiation = place.station.negotiation
        negotiation.ask(Backend("Rejected"))
        assert not negotiation.is_due(1)
        await negotiation.needs(NEEDS)
        assert not negotiation.is_due(1)
        await place.limits.install(default((0, 16), id=5))
        assert not negotiation.is_due(1)
        await place.limits.install(default((0, 8), id=5))
        assert negotiation.is_due(1)
        (offer,) = negotiation.offered(1)
        assert float(offer.periods[0].limit) == 8 * 690
        assert not negotiation.is_due(1)
        negotiation.parted(1)
        await place.limits.install(default((0, 7), id=5))
        assert not negotiation.is_due(1)
        assert negotiation.offered(1) == ()


async def test_what_becomes_of_a_plan(tmp_path: Path) -> None:
    """K15.FR.09, K15.FR.10."""
    async with limited(tmp_path) as place:
        await charge(place, 1)
        await place.limits.install(default((0, 8), id=5))
        negotiation, backend = place.station.negotiation, Backend("Rejected", True, False, None)
        assert await negotiation.chosen(plan(place, 1), 1) == "TooMuch"  # nothing was offered
        negotiation.ask(backend)
        await negotiation.needs(NEEDS)
        assert await negotiation.chosen(plan(place, 5521), 1) == "TooMuch"
        assert await negotiation.chosen(plan(place, 5520), 2) == "TooMuch"
        assert len(backend.asked) == 1
        plans = [plan(place, 5520 - number) for number in range(3)]
        assert [await negotiation.chosen(one, 1) for one in plans] == ["Accepted", "Rejected", "Unheard"]
        assert backend.asked[1:] == [replace(one, offer_id=1) for one in plans]


async def test_a_plan_holds_until_its_transaction_ends(tmp_path: Path) -> None:
    """K15.FR.14: whoever forgets to say that the vehicle parted leaves nothing to the next one."""
    async with limited(tmp_path) as place:
        await charge(place, 1)
        negotiation = place.station.negotiation
        negotiation.ask(Backend("Rejected", True))
        await negotiation.needs(NEEDS)
        assert await negotiation.chosen(plan(place, 6900), 1) == "Accepted"
        assert expected_w(place) == [6900]
        assert place.limits.view(1).plan is None  # what the vehicle is offered does not come of it
        await place.accepted(ANNA, 1)  # stops
        assert expected_w(place) == [16 * 690]


async def test_the_plan_of_a_vehicle_that_is_led_does_not_count(tmp_path: Path) -> None:
    """It follows the limits, also when they rise (ISO 15118-20, dynamic control mode)."""
    async with limited(tmp_path) as place:
        await charge(place, 1)
        await place.limits.install(default((0, 8), id=5))
        negotiation = place.station.negotiation
        negotiation.ask(Backend("NoChargingProfile", True))
        led = replace(NEEDS, ac=None, dash20=Dash20(control="DynamicControl"))
        (offer,) = await negotiation.needs(led)
        assert await negotiation.chosen(plan(place, 100), offer.id) == "Accepted"
        await place.limits.install(default((0, 10), id=5))
        assert expected_w(place) == [6900]


async def test_without_a_backend_the_limits_decide_until_departure(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        await charge(place, 1)
        departure = place.clock.now() + timedelta(minutes=10)
        needs = Needs(evse_id=1, transfer="AC_three_phase", ac=AC, departure=departure)
        (offer,) = await place.station.negotiation.needs(needs)
        assert (offer.duration_s, float(offer.periods[0].limit)) == (600, 16 * 690)
        assert await place.station.negotiation.chosen(plan(place, 100), offer.id) == "Unheard"
