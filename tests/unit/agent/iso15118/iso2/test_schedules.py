"""What a vehicle is offered to charge by, and whether its plan keeps to that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.turns import TellChosen
from agent.iso15118.v2g_message.schedules import DAY_S, Entry, Offered, numbers_for
from agent.iso15118.v2g_message.session import Phase
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.needs import Offer
from agent.smartcharging.tariffs import Consumption, Cost, PriceEntry, SalesTariff
from tests.unit.agent.iso15118.iso2.vehicle import (
    AC_PARAMETERS,
    DC_PARAMETERS,
    Vehicle,
    ac_vehicle,
    dc_vehicle,
)
from tests.unit.agent.iso15118.talking import NOW, watts


def offer(*limits: tuple[int, int], **changes: Any) -> Offer:
    """Return an offer of a day: powers (W) from these seconds on."""
    periods = tuple(CompositePeriod(start_s=at, limit=Decimal(limit), phases=3) for at, limit in limits)
    return replace(Offer(id=1, start=NOW, duration_s=DAY_S, unit="W", periods=periods), **changes)


def told(vehicle: Vehicle, offers: tuple[Offer, ...], **changes: Any) -> list[dict[str, Any]]:
    """Return the schedules that a vehicle is told when these are offered."""
    vehicle.reach(Phase.PARAMETERS)
    vehicle.say("ChargeParameterDiscoveryReq", **changes)
    vehicle.knows(offers=offers)
    response = vehicle.say("ChargeParameterDiscoveryReq", **changes)
    tuples = response["SAScheduleList"]["SAScheduleTuple"]
    assert isinstance(tuples, list)
    return tuples


def departs(seconds: int) -> dict[str, Any]:
    return {"AC_EVChargeParameter": {**AC_PARAMETERS["AC_EVChargeParameter"], "DepartureTime": seconds}}


def entries(schedule: dict[str, Any]) -> list[tuple[int, int | None, int]]:
    """Return start, duration and power of each entry."""
    return [
        (
            entry["RelativeTimeInterval"]["start"],
            entry["RelativeTimeInterval"].get("duration"),
            entry["PMax"]["Value"] * 10 ** entry["PMax"]["Multiplier"],
        )
        for entry in schedule["PMaxSchedule"]["PMaxScheduleEntry"]
    ]


def test_the_backends_schedules() -> None:
    first = offer((0, 11000), (3600, 4000))
    second = offer((0, 6000), id=2)
    schedules = told(ac_vehicle(), (first, second))
    assert [one["SAScheduleTupleID"] for one in schedules] == [1, 2]
    assert entries(schedules[0]) == [(0, None, 11000), (3600, DAY_S - 3600, 4000)]
    assert entries(schedules[1]) == [(0, DAY_S, 6000)]


def test_a_schedule_that_has_begun_and_one_that_has_not() -> None:
    begun = offer((0, 9000), (3600, 4000), (7200, 2000), start=NOW - timedelta(seconds=4000))
    later = offer((0, 9000), (3600, 4000), id=2, start=NOW + timedelta(seconds=5))
    schedules = told(ac_vehicle(), (begun, later))
    assert entries(schedules[0]) == [(0, None, 4000), (3200, DAY_S - 4000 - 3200, 2000)]
    assert entries(schedules[1]) == [(0, None, 9000), (3600, DAY_S - 3600, 4000)]


def test_what_holds_now_is_no_more_than_there_is_now() -> None:
    """11.04 kW on three phases of 16 A; what is planned for later stays."""
    (schedule,) = told(ac_vehicle(), (offer((0, 22000), (3600, 22000)),))
    assert entries(schedule) == [(0, None, 11040), (3600, DAY_S - 3600, 22000)]


def test_amperes_of_each_phase_become_watts() -> None:
    (schedule,) = told(ac_vehicle(), (offer((0, 10), unit="A"),))
    assert entries(schedule) == [(0, DAY_S, 6900)]
    (schedule,) = told(dc_vehicle(), (offer((0, 10), unit="A"),))
    assert entries(schedule) == [(0, DAY_S, 9200)]


@pytest.mark.parametrize(
    ("departure_s", "expected"),
    [
        (0, [(0, None, 11000), (3600, DAY_S - 3600, 4000)]),
        (3601, [(0, None, 11000), (3600, 1, 4000)]),
        (3600, [(0, 3600, 11000)]),
        (2 * DAY_S, [(0, None, 11000), (3600, DAY_S - 3600, 4000)]),
    ],
)
def test_a_schedule_ends_when_the_vehicle_departs(
    departure_s: int, expected: list[tuple[int, int | None, int]]
) -> None:
    """V2G2-303, V2G2-304; V2G2-305 where the backend has planned less."""
    (schedule,) = told(ac_vehicle(), (offer((0, 11000), (3600, 4000)),), **departs(departure_s))
    assert entries(schedule) == expected


def test_the_evses_own_schedule_goes_to_the_departure() -> None:
    (schedule,) = told(ac_vehicle(), (), **departs(2 * DAY_S + 60))
    assert entries(schedule) == [(0, None, 11040), (DAY_S, None, 11040), (2 * DAY_S, 60, 11040)]
    (schedule,) = told(ac_vehicle(), (), **departs((1 << 32) - 1))
    assert len(entries(schedule)) == 12
    assert entries(schedule)[-1] == (11 * DAY_S, DAY_S, 11040)


@pytest.mark.parametrize(("wanted", "most"), [(None, 12), (0, 12), (5, 12), (20, 20), (65535, 40)])
def test_no_more_entries_than_the_vehicle_takes(wanted: int | None, most: int) -> None:
    plan = offer(*((number * 60, 11000 - number * 100) for number in range(40)))
    (schedule,) = told(ac_vehicle(), (plan,), MaxEntriesSAScheduleTuple=wanted)
    found = entries(schedule)
    assert len(found) == most
    assert found[-1][2] == 11000 - 39 * 100
    assert found[-1][0] + (found[-1][1] or 0) == DAY_S


def test_schedules_are_waited_for_and_at_last_the_evse_offers_its_own() -> None:
    vehicle = ac_vehicle().reach(Phase.PARAMETERS)
    for _ in range(6):
        assert vehicle.say("ChargeParameterDiscoveryReq")["EVSEProcessing"] == "Ongoing"
        vehicle.passes(10.0)
    response = vehicle.say("ChargeParameterDiscoveryReq")
    assert response["EVSEProcessing"] == "Finished"
    assert entries(response["SAScheduleList"]["SAScheduleTuple"][0]) == [(0, DAY_S, 11040)]


def test_the_vehicles_choice_and_plan_are_passed_on() -> None:
    vehicle = ac_vehicle()
    told(vehicle, (offer((0, 11000), (3600, 4000), id=1000),))
    profile = {
        "ProfileEntry": [
            entry(0, 10000, 3),
            entry(3600, 4000),
            entry(DAY_S, 0),
        ]
    }
    assert vehicle.say("PowerDeliveryReq", ChargingProfile=profile)["ResponseCode"] == "OK"
    (order,) = vehicle.ordered()
    assert isinstance(order, TellChosen)
    chosen = order.chosen
    assert (chosen.offer_id, chosen.schedule.id, chosen.start) == (1000, 1, NOW)
    assert [(one.start_s, one.limit, one.phases) for one in chosen.schedule.periods] == [
        (0, Decimal(10000), 3),
        (3600, Decimal(4000), None),
        (DAY_S, Decimal(0), None),
    ]


def entry(start_s: int, power_w: int, phases: int | None = None) -> dict[str, Any]:
    return {
        "ChargingProfileEntryStart": start_s,
        "ChargingProfileEntryMaxPower": watts(power_w),
        "ChargingProfileEntryMaxNumberOfPhasesInUse": phases,
    }


@pytest.mark.parametrize(
    "plan",
    [
        [entry(0, 11001)],
        [entry(0, 11000)],  # goes on when no more than 4000 W are allowed
        [entry(0, 11000), entry(3601, 4000)],
        [entry(0, 4000), entry(3600, 4001), entry(3700, 0)],
        [entry(10, 1000), entry(0, 1000)],
        [entry(0, 1000), entry(0, 1000)],
    ],
)
def test_a_plan_beyond_the_schedule(plan: list[dict[str, Any]]) -> None:
    """V2G2-225, V2G2-478."""
    vehicle = ac_vehicle()
    told(vehicle, (offer((0, 11000), (3600, 4000)),))
    response = vehicle.say("PowerDeliveryReq", ChargingProfile={"ProfileEntry": plan})
    assert response["ResponseCode"] == "FAILED_ChargingProfileInvalid"
    assert vehicle.ending == "error"
    assert vehicle.deeds == []


def test_a_plan_in_another_unit() -> None:
    vehicle = ac_vehicle()
    told(vehicle, (offer((0, 11000)),))
    wrong = entry(0, 1)
    wrong["ChargingProfileEntryMaxPower"]["Unit"] = "A"
    response = vehicle.say("PowerDeliveryReq", ChargingProfile={"ProfileEntry": [wrong]})
    assert response["ResponseCode"] == "FAILED_ChargingProfileInvalid"


def test_a_schedule_that_was_not_offered() -> None:
    """V2G2-479."""
    vehicle = ac_vehicle()
    told(vehicle, (offer((0, 11000)),))
    assert (
        vehicle.say("PowerDeliveryReq", SAScheduleTupleID=2)["ResponseCode"]
        == "FAILED_TariffSelectionInvalid"
    )
    assert vehicle.deeds == []


TARIFF = SalesTariff(
    id=3,
    description="night",
    levels=2,
    entries=(
        PriceEntry(start_s=0, level=2),
        PriceEntry(
            start_s=3600,
            level=1,
            consumptions=(
                Consumption(
                    start_w=Decimal(500),
                    costs=(Cost(kind="RelativePricePercentage", amount=80, exponent=-1),),
                ),
            ),
        ),
    ),
)


def test_prices_come_with_a_schedule_and_move_with_the_time() -> None:
    begun = offer((0, 11000), start=NOW - timedelta(seconds=600), tariff=TARIFF)
    (schedule,) = told(ac_vehicle(), (begun,))
    assert schedule["SalesTariff"] == {
        "SalesTariffID": 3,
        "SalesTariffDescription": "night",
        "NumEPriceLevels": 2,
        "SalesTariffEntry": [
            {"RelativeTimeInterval": {"start": 0}, "EPriceLevel": 2},
            {
                "RelativeTimeInterval": {"start": 3000, "duration": DAY_S - 600 - 3000},
                "EPriceLevel": 1,
                "ConsumptionCost": [
                    {
                        "startValue": watts(500),
                        "Cost": [
                            {"costKind": "relativePricePercentage", "amount": 80, "amountMultiplier": -1}
                        ],
                    }
                ],
            },
        ],
    }


@pytest.mark.parametrize(
    "tariff",
    [
        replace(TARIFF, id=256),
        replace(TARIFF, id=0),
        replace(TARIFF, description="d" * 33),
        replace(TARIFF, levels=256),
        replace(TARIFF, entries=()),
        replace(TARIFF, entries=(PriceEntry(start_s=0),)),
        replace(TARIFF, entries=(PriceEntry(start_s=0, level=-1),)),
        replace(
            TARIFF, entries=(replace(TARIFF.entries[1], consumptions=TARIFF.entries[1].consumptions * 4),)
        ),
        replace(
            TARIFF,
            entries=(
                PriceEntry(
                    start_s=0,
                    consumptions=(
                        Consumption(
                            start_w=Decimal(0), costs=(Cost(kind="CarbonDioxideEmission", amount=-1),)
                        ),
                    ),
                ),
            ),
        ),
        replace(TARIFF, entries=tuple(PriceEntry(start_s=number, level=1) for number in range(13))),
    ],
)
def test_prices_that_this_protocol_cannot_tell_are_left_out(tariff: SalesTariff) -> None:
    (schedule,) = told(ac_vehicle(), (offer((0, 11000), tariff=tariff),))
    assert "SalesTariff" not in schedule


def test_numbers_are_the_backends_where_they_can_be() -> None:
    offers = [offer((0, 1), id=number) for number in (300, 5, 5)]
    assert list(numbers_for(offers)) == [1, 5, 2]
    assert list(numbers_for(offers, taken=(5,))) == [1, 2]


def test_the_state_of_charge_is_told_with_the_needs() -> None:
    vehicle = dc_vehicle()
    told(vehicle, (offer((0, 40000)),), **DC_PARAMETERS)
    assert vehicle.state.soc == 40


POWERS = st.lists(st.tuples(st.integers(1, 100_000), st.integers(0, 50_000)), min_size=0, max_size=30)


@given(
    POWERS,
    st.integers(0, 100_000),
    st.integers(1, 200_000),
    st.integers(0, 300_000),
    st.integers(1, 300_000),
    st.integers(12, 40),
)
def test_whatever_becomes_of_a_schedule_it_can_be_told_and_never_allows_more(
    later: list[tuple[int, int]], first_w: int, duration_s: int, elapsed_s: int, departure_s: int, most: int
) -> None:
    powers = {0: first_w, **dict(later)}
    plan = tuple(
        Entry(start_s=at, most_w=Decimal(power)) for at, power in sorted(powers.items()) if at < duration_s
    )
    whole = Offered(id=1, start=NOW, duration_s=duration_s, entries=plan)
    cut = whole.since(NOW + timedelta(seconds=elapsed_s)).until(departure_s).within(most)
    starts = [one.start_s for one in cut.entries]
    assert len(cut.entries) <= most
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert 0 < cut.duration_s - starts[-1] <= DAY_S
    assert cut.duration_s <= departure_s
    shifted = [Entry(start_s=one.start_s + elapsed_s, most_w=one.most_w) for one in cut.entries]
    end = Entry(start_s=cut.duration_s + elapsed_s, most_w=Decimal(0))
    assert whole.allows([*shifted, end])
    assert cut.allows([*cut.entries, replace(end, start_s=cut.duration_s)])
