"""Smart charging K01 in OCPP 2.1: what a charging profile may say beyond 2.0.1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.profiles import (
    DEFAULT,
    LIMIT_A,
    STATION,
    composite,
    draws,
    in_s,
    install,
    limits,
    profile,
    reported,
    why_not,
)
from tests.conformance.ocpp201.sessions import charge, get_variables

PRIORITY = "PriorityCharging"


def period(**members: Any) -> Payload:
    """Return members of a schedule with this period alone."""
    return {"chargingSchedulePeriod": [{"startPeriod": 0, **members}]}


def stepped(*steps: tuple[int, float], **members: Any) -> Payload:
    """Return members of a schedule with periods of (start, limit)."""
    periods = [{"startPeriod": start, "limit": limit} for start, limit in steps]
    return {"chargingSchedulePeriod": periods, **members}


def has_come_back(csms: Csms, seen: int) -> bool:
    """Return whether the station has connected more than so often."""
    return csms.connections > seen


REFUSED: list[tuple[str, int, Payload, str]] = [
    ("TC_K_131: K01.FR.120", 0, profile(6, purpose="LocalGeneration"), "UnsupportedPurpose"),
    ("TC_K_135: K01.FR.126", 1, profile(schedule=period(limit=6, evseSleep=True)), "InvalidSchedule"),
    ("K01.FR.70", 1, profile(16, purpose=PRIORITY, schedule={"duration": 600}), "InvalidSchedule"),
    (
        "K01.FR.71",
        1,
        profile(purpose=PRIORITY, schedule=period(limit=16, operationMode="ExternalLimits")),
        "InvalidOperationMode",
    ),
    ("TC_K_110: K01.FR.81", 1, profile(16, id=-1), "InvalidProfileId"),
    ("K01.FR.95", 0, profile(16, purpose=STATION, schedule={"randomizedDelay": 9}), "InvalidSchedule"),
    ("K01.FR.122, K28.FR.04", 1, profile(16, dynUpdateInterval=60), "InvalidProfile"),
    ("a mode of V2X", 1, profile(schedule=period(operationMode="Idle")), "InvalidOperationMode"),
    ("a limit to feed back", 1, profile(schedule=period(limit=9, dischargeLimit=-9)), "InvalidSchedule"),
    ("limits per phase", 1, profile(schedule=period(limit=9, limit_L2=8)), "PhaseConflict"),
    ("no limit", 1, profile(schedule=period(numberPhases=3)), "InvalidSchedule"),
    ("a limit below 0", 1, profile(9, schedule={"limitAtSoC": {"soc": 80, "limit": -1}}), "InvalidValue"),
    ("less than no time", 1, profile(16, maxOfflineDuration=-1), "InvalidValue"),
]


async def test_tc_k_110_what_cannot_be_obeyed_is_refused_with_its_reason(start: Start, csms: Csms) -> None:
    """TC_K_110, TC_K_131, TC_K_135, TC_K_107.

    K01.FR.70, K01.FR.71, K01.FR.81, K01.FR.95, K01.FR.120, K01.FR.122, K01.FR.126, K28.FR.04.
    """
    await start()
    for what, evse, one, reason in REFUSED:
        assert await why_not(csms, evse, one) == reason, what
    assert await reported(csms) == []


async def test_tc_k_104_what_is_set_is_reported_as_it_was_set_over_a_restart(
    start: Start, csms: Csms
) -> None:
    """TC_K_104, TC_K_105, TC_K_129: profiles of all purposes are persistent. K01.FR.27, K01.FR.55."""
    station = await start()
    prices = {
        "timeAnchor": in_s(0),
        "priceScheduleId": 7,
        "numberOfPriceLevels": 2,
        "priceLevelScheduleEntries": [{"duration": 3600, "priceLevel": 1}],
    }
    sent = [
        profile(16, purpose=PRIORITY, id=1),
        profile(12, purpose=STATION, id=2, schedule={"powerTolerance": 0.5, "digestValue": "x"}),
        profile(
            10,
            id=3,
            maxOfflineDuration=600,
            invalidAfterOfflineDuration=True,
            priceScheduleSignature="signed",
            schedule={
                "limitAtSoC": {"soc": 80, "limit": 6},
                "useLocalTime": True,
                "priceLevelSchedule": prices,
                "signatureId": 3,
                **stepped((0, 10), (60, 8), randomizedDelay=30),
            },
        ),
        profile(
            id=4,
            stackLevel=1,
            schedule=period(limit=9, operationMode="ChargingOnly", preconditioningRequest=True),
        ),
    ]
    for one in sent:
        assert await install(csms, 0, one) == "Accepted"
    for _ in range(2):
        (report,) = await reported(csms, evse=0)
        assert report["chargingProfile"] == sent
        await station.cut_power()
        await station.power_on()
        await csms.expect("BootNotification")


async def test_tc_k_100_a_profile_that_holds_only_so_long_without_the_backend(
    start: Start, csms: Csms
) -> None:
    """TC_K_100: maxOfflineDuration."""
    station = await start()
    await install(csms, 0, profile(6, id=1))
    await install(csms, 0, profile(9, id=2, stackLevel=1, maxOfflineDuration=0))
    await charge(station, csms)
    await draws(station, 9)
    port = csms.port
    await csms.close()
    await draws(station, 6)  # as long as the backend is away
    await csms.listen(port)
    await csms.until(lambda: csms.is_connected)
    await draws(station, 9)
    for ends, left in ((False, 8), (True, 6)):
        await install(
            csms,
            0,
            profile(8, id=2, stackLevel=1, maxOfflineDuration=0, invalidAfterOfflineDuration=ends),
        )
        await draws(station, 8)
        seen = csms.connections
        await csms.drop()  # however short it is
        await csms.until(partial(has_come_back, csms, seen))
        await csms.until(lambda: csms.is_connected)
        await draws(station, left)
    assert await install(csms, 0, profile(7, id=3, stackLevel=2, maxOfflineDuration=600)) == "Accepted"
    seen = csms.connections
    await csms.drop()
    await csms.until(lambda: csms.connections > seen)
    await draws(station, 7)


async def test_tc_k_102_a_full_battery_gets_less(start: Start, csms: Csms) -> None:
    """TC_K_102: limitAtSoC."""
    station = await start()
    await install(csms, 1, profile(10, schedule={"limitAtSoC": {"soc": 80, "limit": 7}}))
    await charge(station, csms)
    await draws(station, 10)
    await station.ask(do="ev-soc", evse=1, soc=79)
    assert limits(await composite(csms, 1, 60)) == [10]
    await station.ask(do="ev-soc", evse=1, soc=80)
    await draws(station, 7)
    assert limits(await composite(csms, 1, 60)) == [7]


async def test_tc_k_103_a_schedule_in_the_stations_local_time(start: Start, csms: Csms) -> None:
    """TC_K_103, TC_K_136: useLocalTime; the offset that comes with the start counts for nothing."""
    await start()
    (offset,) = await get_variables(csms, "ClockCtrlr.TimeOffset")
    sign, (hours, minutes) = offset["attributeValue"][0], offset["attributeValue"][1:].split(":")
    away = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    wall = (datetime.now(UTC) + away + timedelta(seconds=30)).replace(tzinfo=None)
    elsewhere = wall.isoformat(timespec="milliseconds") + "+09:30"
    for is_local, found in ((True, [LIMIT_A, 8]), (False, [8])):
        one = profile(8, schedule={"startSchedule": elsewhere, "useLocalTime": is_local})
        assert await install(csms, 1, one) == "Accepted"
        periods = await composite(csms, 1, 60)
        assert limits(periods) == found
        assert len(periods) == 1 or 25 <= periods[1][0] <= 30


async def test_tc_k_106_periods_begin_later_at_random_for_each_transaction_anew(
    start: Start, csms: Csms
) -> None:
    """TC_K_106, TC_K_108, TC_K_112. K01.FR.93: all but the first, by up to randomizedDelay."""
    station = await start()
    steps = stepped((0, 16), (600, 12), (1800, 8), randomizedDelay=900)
    await install(csms, 1, profile(starts_in_s=0, schedule=steps))
    bare = await composite(csms, 1, 3000)
    assert [limit for _, limit in bare] == [16, 12, 8]
    assert [abs(at - wanted) <= 2 for (at, _), wanted in zip(bare, (0, 600, 1800), strict=True)] == [True] * 3
    seen: list[list[tuple[int, float]]] = []
    for _ in range(2):
        await charge(station, csms)
        seen.append(await composite(csms, 1, 3000))
        again = await composite(csms, 1, 3000)
        assert all(abs(at - later) <= 2 for (at, _), (later, _) in zip(seen[-1], again, strict=True))
        starts = {limit: at for at, limit in seen[-1]}
        assert starts[16] == 0
        assert 1797 <= starts[8] <= 2701
        assert 12 not in starts or 597 <= starts[12] <= 1501
        station.bay.unplug()
        await csms.event(eventType="Ended")
        csms.forget()
    assert seen[0] != seen[1]


async def test_tc_k_109_limits_of_others_have_ids_of_their_own(start: Start, csms: Csms) -> None:
    """TC_K_109. K01.FR.82: at most MaxExternalConstraintsId; the backend's are above it."""
    station = await start()
    (most,) = await get_variables(csms, "SmartChargingCtrlr.MaxExternalConstraintsId")
    await station.ask(do="limit-set", evse=1, periods=[[0, 9]])
    await csms.expect("NotifyChargingLimit")
    (report,) = await reported(csms, chargingProfilePurpose="ChargingStationExternalConstraints")
    assert all(one["id"] <= int(most["attributeValue"]) for one in report["chargingProfile"])
    assert (
        await install(csms, 1, profile(8, id=int(most["attributeValue"]) + 1, purpose=DEFAULT)) == "Accepted"
    )
