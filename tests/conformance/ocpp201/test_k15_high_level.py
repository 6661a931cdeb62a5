"""K15 to K17: schedules negotiated with a vehicle that speaks ISO 15118, here over the control socket."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from tests.conformance.kit import Csms, Payload, Received
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import (
    LIMIT_A,
    TX,
    composite,
    draws,
    in_s,
    install,
    limits,
    profile,
    why_not,
)
from tests.conformance.ocpp201.sessions import charge
from tests.conformance.station import StationUnderTest

NEEDS: dict[str, Any] = {
    "do": "ev-needs",
    "evse": 1,
    "transfer": "AC_three_phase",
    "most_schedules": 3,
    "ac": {"energy_wh": 20_000, "least_a": 6, "most_a": 16, "most_v": 400},
}
MOST_W = 3 * 230 * 16


def choices(transaction: str, *limits_a: float, **members: Any) -> Payload:
    """Return a TxProfile with a schedule for each of these limits, by their number."""
    one = profile(limits_a[0], purpose=TX, transactionId=transaction, starts_in_s=-5, **members)
    (first,) = one["chargingSchedule"]
    one["chargingSchedule"] = [
        {**first, "id": number, "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
        for number, limit in enumerate(limits_a, start=1)
    ]
    return one


async def plan(station: StationUnderTest, offer: int, *steps: tuple[int, int]) -> str:
    """Say how the vehicle is going to charge and return what becomes of it."""
    start = datetime.now(UTC).isoformat()
    answer = await station.ask(
        do="ev-schedule", evse=1, offer=offer, start=start, periods=[list(step) for step in steps]
    )
    verdict: str = answer["verdict"]
    return verdict


def planned(call: Received) -> list[float]:
    """Return the limits (W) of the plan that was told."""
    return [period["limit"] for period in call.payload["chargingSchedule"]["chargingSchedulePeriod"]]


def limits_w(answer: Any) -> list[list[float]]:
    """Return the limits of each offer."""
    return [[float(limit) for _, limit, _ in offer["periods"]] for offer in answer["offers"]]


async def test_tc_k_53_58_needs_offer_plan_and_a_change_of_mind(csms: Csms, start: Start) -> None:
    """K01.FR.34, K15.FR.01, K15.FR.06, K15.FR.09, K15.FR.10, K16.FR.01, K16.FR.02, K16.FR.03; TC_K_58.

    The backend offers two schedules, the vehicle's plan is checked and told; then the backend decides anew,
    unasked (K16.FR.09), the vehicle has to follow at once (K16.FR.11), and its plan is checked and
    told as before (K16.FR.04, K16.FR.05).
    """
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    two = choices(transaction, 10, 12)
    assert await why_not(csms, 1, two) == "InvalidSchedule"  # nobody told its needs yet
    csms.script["NotifyEVChargingNeeds"] = {"status": "Accepted"}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    departure = in_s(7200)
    asking = asyncio.create_task(station.ask(**NEEDS, departure=departure))
    told = (await csms.expect("NotifyEVChargingNeeds")).payload
    assert (told["evseId"], told["maxScheduleTuples"]) == (1, 3)
    needs = told["chargingNeeds"]
    assert needs["requestedEnergyTransfer"] == "AC_three_phase"
    assert needs["acChargingParameters"] == {
        "energyAmount": 20_000,
        "evMinCurrent": 6,
        "evMaxCurrent": 16,
        "evMaxVoltage": 400,
    }
    assert needs["departureTime"][:19] == departure[:19]
    assert not asking.done()
    assert await install(csms, 1, two) == "Accepted"
    answer = await asking
    assert limits_w(answer) == [[6900], [8280]]
    assert [offer["id"] for offer in answer["offers"]] == [1, 2]
    assert 7000 < answer["offers"][0]["duration_s"] <= 7200

    assert await plan(station, 2, (0, 8280), (1800, 4000)) == "Accepted"
    schedule = (await csms.expect("NotifyEVChargingSchedule")).payload
    periods = schedule["chargingSchedule"]["chargingSchedulePeriod"]
    assert (schedule["evseId"], schedule["chargingSchedule"]["chargingRateUnit"]) == (1, "W")
    assert [(period["startPeriod"], period["limit"]) for period in periods] == [(0, 8280), (1800, 4000)]
    assert await plan(station, 1, (0, 8280)) == "TooMuch"  # the first offer was 6900 W
    await csms.nothing_more(0.2, "NotifyEVChargingSchedule")
    csms.script["NotifyEVChargingSchedule"] = {"status": "Rejected"}
    assert await plan(station, 1, (0, 6900)) == "Rejected"

    assert not (await station.ask(do="ev-offers", evse=1))["is_due"]
    assert await install(csms, 1, choices(transaction, 8)) == "Accepted"
    renewed = await station.ask(do="ev-offers", evse=1)
    assert renewed["is_due"]
    assert limits_w(renewed) == [[5520]]
    await draws(station, 8)
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    csms.forget()
    assert await plan(station, 1, (0, 6900)) == "TooMuch"
    assert await plan(station, 1, (0, 5000)) == "Accepted"
    assert planned(await csms.expect("NotifyEVChargingSchedule")) == [5000]
    assert len(csms.calls("NotifyEVChargingNeeds")) == 1
    # a vehicle without a plan of its own keeps to what it took (K15.FR.19, K16.FR.13)
    assert await plan(station, 1) == "Accepted"
    assert planned(await csms.expect("NotifyEVChargingSchedule")) == [5520]
    assert not (await station.ask(do="ev-offers", evse=1))["is_due"]
    await station.ask(do="ev-parted", evse=1)
    assert await why_not(csms, 1, two) == "InvalidSchedule"


async def test_the_composite_schedule_takes_the_vehicles_plan_into_account(csms: Csms, start: Start) -> None:
    """K15.FR.14, K16.FR.10, K17.FR.14: once the backend agreed to it, until it no longer holds.

    What is offered stays what the limits come to.
    """
    station: StationUnderTest = await start(evses=2)
    transaction = await charge(station, csms)
    csms.script["NotifyEVChargingNeeds"] = {"status": "Processing"}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    await station.ask(**NEEDS)
    assert await install(csms, 1, choices(transaction, 12)) == "Accepted"
    assert limits_w(await station.ask(do="ev-offers", evse=1)) == [[8280]]
    assert await composite(csms, 1, 3600, "W") == [(0, 8280)]
    assert await plan(station, 1, (0, 4140), (1800, 2070)) == "Accepted"
    assert limits(await composite(csms, 1, 3600, "W")) == [4140, 2070]
    assert limits(await composite(csms, 1, 3600)) == [6, 3]
    assert limits(await composite(csms, 0, 3600)) == [6 + LIMIT_A, 3 + LIMIT_A]
    await draws(station, 12)
    # a lower limit counts where the plan is above it, and the vehicle plans anew (K16)
    assert await install(csms, 1, choices(transaction, 4)) == "Accepted"
    assert limits(await composite(csms, 1, 3600, "W")) == [2760, 2070]
    assert limits_w(await station.ask(do="ev-offers", evse=1)) == [[2760]]
    assert await plan(station, 1, (0, 1380)) == "Accepted"
    assert limits(await composite(csms, 1, 3600, "W")) == [1380]
    # the vehicle asks by itself (K17)
    assert limits_w(await station.ask(**NEEDS)) == [[2760]]
    assert await plan(station, 1, (0, 690)) == "Accepted"
    assert limits(await composite(csms, 1, 3600, "W")) == [690]
    # to this plan the backend does not agree
    csms.script["NotifyEVChargingSchedule"] = {"status": "Rejected"}
    assert await plan(station, 1, (0, 1380)) == "Rejected"
    assert limits(await composite(csms, 1, 3600, "W")) == [2760]
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    assert await plan(station, 1, (0, 1380)) == "Accepted"
    assert limits(await composite(csms, 1, 3600, "W")) == [1380]
    await station.ask(do="ev-parted", evse=1)
    assert limits(await composite(csms, 1, 3600, "W")) == [2760]


async def test_tc_k_54_55_57_refused_or_later(csms: Csms, start: Start) -> None:
    """K17.FR.01, K17.FR.06, K17.FR.09, K17.FR.10, K17.FR.16; TC_K_57.

    Refused, the vehicle is offered what the station's own limits allow, and so it is for the time being if
    the schedule comes later; when it comes the vehicle is to choose anew, and it may ask again by itself.
    """
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    await install(csms, 1, profile(14, 14, id=9))
    csms.script["NotifyEVChargingNeeds"] = {"status": "Rejected"}
    assert limits_w(await station.ask(**NEEDS)) == [[14 * 690]]
    csms.script["NotifyEVChargingNeeds"] = {"status": "Processing"}
    assert limits_w(await station.ask(**NEEDS)) == [[14 * 690]]
    assert not (await station.ask(do="ev-offers", evse=1))["is_due"]
    assert await install(csms, 1, choices(transaction, 9)) == "Accepted"
    assert (await station.ask(do="ev-offers", evse=1))["is_due"]

    # the vehicle asks by itself: another schedule comes, and it plans with it
    csms.script["NotifyEVChargingNeeds"] = {"status": "Accepted"}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    csms.forget()
    asking = asyncio.create_task(station.ask(**NEEDS))
    await csms.expect("NotifyEVChargingNeeds")
    assert await install(csms, 1, choices(transaction, 6)) == "Accepted"
    assert limits_w(await asking) == [[6 * 690]]
    assert "acChargingParameters" in csms.calls("NotifyEVChargingNeeds")[-1].payload["chargingNeeds"]
    assert await plan(station, 1, (0, 4200)) == "TooMuch"
    assert await plan(station, 1, (0, 4140)) == "Accepted"
    await csms.expect("NotifyEVChargingSchedule")
    assert await plan(station, 1) == "Accepted"
    assert planned(await csms.expect("NotifyEVChargingSchedule")) == [4140]


async def test_tc_k_56_offline_or_too_late(csms: Csms, start: Start) -> None:
    """K15.FR.15, K17.FR.15: without the backend, or with one that is too late, the limits there are hold."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    csms.script["NotifyEVChargingNeeds"] = {"status": "Accepted"}
    assert limits_w(await station.ask(**NEEDS, within_s=0.2)) == [[MOST_W]]
    await install(csms, 1, profile(14, 14))
    await csms.close()
    assert limits_w(await station.ask(**NEEDS)) == [[14 * 690]]
    assert await plan(station, 1, (0, 14 * 690)) == "Unheard"
