"""K18 to K20: schedules for a vehicle that speaks ISO 15118-20, here over the control socket."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.profiles import TX, in_s, install, profile
from tests.conformance.ocpp201.sessions import charge, info
from tests.conformance.ocpp201.test_k15_high_level import choices, limits_w, plan
from tests.conformance.station import StationUnderTest

PRICES: Payload = {
    "timeAnchor": in_s(0),
    "priceScheduleId": 7,
    "numberOfPriceLevels": 2,
    "priceLevelScheduleEntries": [{"duration": 3600, "priceLevel": 1}],
}


def needs(control: str, **more: Any) -> dict[str, Any]:
    """Return the request of a program that speaks with the vehicle."""
    dash20 = {"control": control, "mobility": "EVCC_SECC", "available": ["AC_three_phase"]}
    bounds = {"least_w": 1380, "most_w": 11_040, "target_wh": 20_000, "most_wh": 30_000, "least_wh": 5_000}
    return {
        "do": "ev-needs",
        "evse": 1,
        "transfer": "AC_three_phase",
        "most_schedules": 1024,
        "dash20": {**dash20, **bounds, "target_soc": 80},
        **more,
    }


async def asked(csms: Csms, station: StationUnderTest, request: Any, answer: Payload) -> Any:
    """Say what a vehicle needs; return what is told, the profile being set, and what it is offered."""
    csms.script["NotifyEVChargingNeeds"] = {"status": "Accepted"}
    asking = asyncio.create_task(station.ask(**request))
    told = (await csms.expect("NotifyEVChargingNeeds")).payload
    assert await install(csms, 1, answer) == "Accepted"
    return told, await asking


async def test_tc_k_113_114_scheduled_control(start: Start, csms: Csms) -> None:
    """TC_K_113, TC_K_114, TC_K_116: needs, up to three schedules with prices, a plan.

    K16.FR.02, K18.FR.01. Which of the schedules the vehicle took is told with its plan, also when it
    chooses anew (K15.FR.21, K16.FR.14).
    """
    station = await start()
    transaction = await charge(station, csms)
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    offer = choices(transaction, 10, 12, 14)
    offer["chargingSchedule"][1]["priceLevelSchedule"] = PRICES
    offer["chargingSchedule"][1]["powerTolerance"] = 100
    told, answer = await asked(csms, station, needs("ScheduledControl", departure=in_s(7200)), offer)
    wanted = told["chargingNeeds"]
    assert (wanted["controlMode"], wanted["mobilityNeedsMode"]) == ("ScheduledControl", "EVCC_SECC")
    assert wanted["availableEnergyTransfer"] == ["AC_three_phase"]
    assert wanted["v2xChargingParameters"] == {
        "minChargePower": 1380,
        "maxChargePower": 11_040,
        "evTargetEnergyRequest": 20_000,
        "evMinEnergyRequest": 5_000,
        "evMaxEnergyRequest": 30_000,
        "targetSoC": 80,
    }
    assert limits_w(answer) == [[6900], [8280], [9660]]
    assert "priceLevelSchedule" in answer["offers"][1]["priced"]["prices"]
    assert await plan(station, 2, (0, 8280), (1800, 4000)) == "Accepted"
    schedule = (await csms.expect("NotifyEVChargingSchedule")).payload
    assert schedule["selectedChargingScheduleId"] == 2
    assert await plan(station, 1, (0, 8280)) == "TooMuch"
    # somebody outside allows less: the vehicle is to choose anew
    await station.ask(do="limit-set", evse=1, periods=[[0, 9]])
    renewed = await station.ask(do="ev-offers", evse=1)
    assert renewed["is_due"]
    assert limits_w(renewed) == [[6210]] * 3
    assert await plan(station, 3, (0, 6210)) == "Accepted"
    assert (await csms.expect("NotifyEVChargingSchedule")).payload["selectedChargingScheduleId"] == 3
    await station.ask(do="limit-clear", evse=1)
    # the driver will leave earlier: the backend hears of it, and decides anew (K20)
    told, answer = await asked(
        csms, station, needs("ScheduledControl", departure=in_s(600)), choices(transaction, 15)
    )
    assert told["chargingNeeds"]["departureTime"]
    assert limits_w(answer) == [[10_350]]


async def test_tc_k_115_dynamic_control(start: Start, csms: Csms) -> None:
    """TC_K_115. K19.FR.01: one schedule, by which the station leads."""
    station = await start()
    transaction = await charge(station, csms)
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    told, answer = await asked(
        csms, station, needs("DynamicControl"), profile(9, purpose=TX, transactionId=transaction, id=1)
    )
    assert told["chargingNeeds"]["controlMode"] == "DynamicControl"
    assert limits_w(answer) == [[6210]]
    assert await plan(station, 1, (0, 11_040)) == "Accepted"
    schedule = (await csms.expect("NotifyEVChargingSchedule")).payload
    periods = schedule["chargingSchedule"]["chargingSchedulePeriod"]
    assert [period["limit"] for period in periods] == [6210]


async def test_no_profile_and_no_charging_at_all(start: Start, csms: Csms) -> None:
    """NoChargingProfile is what the station's limits come to; Rejected ends the transaction.

    K18.FR.23, K19.FR.16.
    """
    station = await start()
    await charge(station, csms)
    await install(csms, 1, profile(13, id=9))
    csms.script["NotifyEVChargingNeeds"] = {"status": "NoChargingProfile"}
    assert limits_w(await station.ask(**needs("ScheduledControl"))) == [[13 * 690]]
    csms.script["NotifyEVChargingNeeds"] = {"status": "Rejected"}
    assert limits_w(await station.ask(**needs("DynamicControl"))) == []
    ended = await csms.event(eventType="Ended")
    assert info(ended, "stoppedReason") == ("ReqEnergyTransferRejected",)
