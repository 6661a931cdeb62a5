"""K01 and K02: profiles limit what an emulated vehicle draws, and those that make no sense are refused."""

from __future__ import annotations

from typing import Any

from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import (
    DEFAULT,
    LIMIT_A,
    OUTSIDE,
    STATION,
    TX,
    composite,
    draws,
    ids,
    in_s,
    install,
    limits,
    profile,
    reported,
    why_not,
)
from tests.conformance.ocpp201.sessions import charge, status_of, transaction_id, unplug
from tests.conformance.station import StationUnderTest

RELATIVE: dict[str, Any] = {"chargingProfileKind": "Relative"}


async def test_tc_k_01_a_default_profile_limits_the_next_transaction(csms: Csms, start: Start) -> None:
    """K01.FR.07, K01.FR.14, K01.FR.15, K02.FR.02: on its EVSE only; TC_K_10: evseId 0 is every EVSE.

    One that comes in the middle of a charge counts at once (K01.FR.32, K03.FR.03), and a higher level goes
    before a lower one (K01.FR.17).
    """
    station: StationUnderTest = await start(evses=2)
    assert await install(csms, 1, profile(8, 10)) == "Accepted"
    await charge(station, csms)
    await draws(station, 10)
    assert limits(await composite(csms, 2, 60)) == [LIMIT_A]
    for_all = profile(7, stackLevel=1, id=2)
    assert await install(csms, 0, for_all) == "Accepted"
    await draws(station, 7)
    assert limits(await composite(csms, 2, 60)) == [7]
    assert limits(await composite(csms, 0, 60)) == [14], "each of them"
    (report,) = await reported(csms, evse=0)
    assert report["chargingProfile"] == [for_all]
    assert await install(csms, 1, profile(12, stackLevel=2, id=3)) == "Accepted"
    await draws(station, 12)


async def test_tc_k_60_a_tx_profile_limits_the_transaction_that_runs(csms: Csms, start: Start) -> None:
    """K01.FR.03, K01.FR.04, K01.FR.09, K01.FR.33, K01.FR.39, K01.FR.51, K02.FR.05; TC_K_16, TC_K_28.

    The backend is told that the rate changed, and the profile ends with its transaction. Until then it goes
    before a default (K02.FR.04), as long as it is valid (K02.FR.08).
    """
    station: StationUnderTest = await start()
    assert await why_not(csms, 1, profile(9, purpose=TX, transactionId="none runs")) == "TxNotFound"
    transaction = await charge(station, csms)
    await draws(station, LIMIT_A)
    own = profile(9, purpose=TX, transactionId=transaction, **RELATIVE)
    assert await install(csms, 1, own) == "Accepted"
    changed = await csms.event(triggerReason="ChargingRateChanged")
    assert transaction_id(changed) == transaction
    await draws(station, 9)
    (report,) = await reported(csms, chargingProfileId=[1])
    assert report["chargingProfile"] == [own]

    assert await why_not(csms, 1, {**own, "id": 2, "transactionId": "another"}) == "TxNotFound"
    without = {name: value for name, value in own.items() if name != "transactionId"}
    assert await why_not(csms, 1, {**without, "id": 2}) == "InvalidProfile"
    assert await why_not(csms, 1, {**own, "id": 2}) == "DuplicateProfile"
    # a default that comes now does not overrule it, but holds where it says nothing
    assert await install(csms, 1, profile(8, id=3, stackLevel=9)) == "Accepted"
    assert limits(await composite(csms, 1, 60)) == [9]
    assert await install(csms, 1, {**own, "validTo": in_s(300)}) == "Accepted"
    assert limits(await composite(csms, 1, 400)) == [9, 8]
    await install(csms, 1, own)

    await unplug(station, csms)
    await csms.event(eventType="Ended")
    assert await reported(csms, chargingProfilePurpose=TX) == []
    assert limits(await composite(csms, 1, 60)) == [8]


async def test_tc_k_04_a_profile_takes_the_place_of_the_one_with_its_id(csms: Csms, start: Start) -> None:
    """K01.FR.05; TC_K_03: also where the station is meant."""
    await start()
    assert await install(csms, 1, profile(8)) == "Accepted"
    assert await install(csms, 0, profile(10, purpose=STATION)) == "Accepted"
    (report,) = await reported(csms, stackLevel=0)
    assert (report["evseId"], report["chargingLimitSource"]) == (0, "CSO")
    assert limits(await composite(csms, 1, 60)) == [10]


async def test_tc_k_13_profiles_survive_a_reset(csms: Csms, start: Start) -> None:
    """K01.FR.27; TC_K_105: those of the station too; what the station never understood is kept as it came."""
    await start()
    tariff = {
        "id": 4,
        "salesTariffDescription": "by night",
        "numEPriceLevels": 2,
        "salesTariffEntry": [
            {
                "relativeTimeInterval": {"start": 0, "duration": 600},
                "ePriceLevel": 1,
                "consumptionCost": [
                    {"startValue": 0.0, "cost": [{"costKind": "RelativePricePercentage", "amount": 80}]}
                ],
            },
            {"relativeTimeInterval": {"start": 600}},
        ],
    }
    own = profile(8.5, schedule={"duration": 300, "minChargingRate": 6.5, "salesTariff": tariff})
    whole = profile(12, id=2, purpose=STATION, schedule={"chargingRateUnit": "W"}, validTo=in_s(3600))
    assert await install(csms, 1, own) == "Accepted"
    assert await install(csms, 0, whole) == "Accepted"
    assert (await csms.call("Reset", {"type": "Immediate"}))["status"] == "Accepted"
    await csms.expect("BootNotification")
    await csms.expect("StatusNotification", status_of(1, "Available"))
    of_station, of_evse = sorted(await reported(csms, stackLevel=0), key=lambda report: report["evseId"])
    assert of_station["chargingProfile"] == [whole]
    assert of_evse["chargingProfile"] == [own]


async def test_tc_k_21_22_23_19_when_a_profile_counts(csms: Csms, start: Start) -> None:
    """K01.FR.10, K01.FR.30, K01.FR.36, K01.FR.37: from its begin, to its end; TC_K_19, TC_K_22, TC_K_23.

    Period by period (K01.FR.12) while its duration lasts (K01.FR.11), and day by day (K01.FR.13).
    """
    await start()

    async def shown(one: Any, duration_s: int = 400) -> list[tuple[int, float]]:
        assert await install(csms, 1, one) == "Accepted"
        return [(round(begins, -1), limit) for begins, limit in await composite(csms, 1, duration_s)]

    # without a duration its last limit goes on; without validity it always counts
    assert await shown(profile(9, 7)) == [(0, 7)]
    assert await shown(profile(9, 7, starts_in_s=-3540)) == [(0, 9), (60, 7)]
    assert await shown(profile(9, 7, schedule={"duration": 3600})) == [(0, LIMIT_A)]
    assert await shown(profile(6, validFrom=in_s(300), **RELATIVE)) == [(0, LIMIT_A), (300, 6)]
    assert await shown(profile(6, validFrom=in_s(-2), validTo=in_s(300))) == [(0, 6), (300, LIMIT_A)]
    assert await shown(profile(6, starts_in_s=60)) == [(0, LIMIT_A), (60, 6)]
    daily = {"chargingProfileKind": "Recurring", "recurrencyKind": "Daily"}
    night = profile(6, starts_in_s=-3540, schedule={"duration": 3600}, **daily)
    assert await shown(night, 86_400) == [(0, 6), (60, LIMIT_A), (86_400 - 3540, 6)]
    # a turn that would last longer than a day ends where the next one begins
    endless = profile(8, 6, starts_in_s=-3540, schedule={"duration": 100_000}, **daily)
    assert await shown(endless, 86_400) == [(0, 8), (60, 6), (86_400 - 3540, 8)]


async def test_profiles_that_make_no_sense_are_refused_with_the_reason(csms: Csms, start: Start) -> None:
    """K01.FR.06, K01.FR.16, K01.FR.19, K01.FR.20, K01.FR.22, K01.FR.28, K01.FR.31, K01.FR.34, K01.FR.35,
    K01.FR.38, K01.FR.40, K01.FR.41, K01.FR.43, K01.FR.48, K01.FR.52, K01.FR.53; TC_K_02, TC_K_11, TC_K_14.
    """
    await start(evses=2)
    two_steps = profile(9, 7)
    late, mixed = (
        [{"startPeriod": begins, "limit": 9} for begins in starts] for starts in ((5,), (0, 20, 10))
    )
    one_phase = [{"startPeriod": 0, "limit": 9, "numberPhases": 1, "phaseToUse": 2}]
    three_phases = [{"startPeriod": 0, "limit": 9, "numberPhases": 3, "phaseToUse": 2}]
    on_two = [{"startPeriod": 0, "limit": 9, "numberPhases": 2}]
    choices = {**two_steps, "chargingSchedule": two_steps["chargingSchedule"] * 2}
    without_start = profile(9, **RELATIVE) | {"chargingProfileKind": "Absolute"}
    refusals = {
        "K01.FR.16": (0, profile(9, purpose=TX, transactionId="T"), "InvalidProfile"),
        "K01.FR.09": (1, profile(9, purpose=TX, transactionId="T"), "TxNotFound"),
        "K01.FR.22": (0, profile(9, purpose=OUTSIDE), "InvalidProfile"),
        "K01.FR.28": (3, profile(9), "UnknownEvse"),
        "K01.FR.31": (1, profile(schedule={"chargingSchedulePeriod": late}), "InvalidSchedule"),
        "K01.FR.35": (1, profile(schedule={"chargingSchedulePeriod": mixed}), "InvalidSchedule"),
        "K01.FR.20": (1, profile(schedule={"chargingSchedulePeriod": one_phase}), "UnsupportedParam"),
        "K01.FR.19": (1, profile(schedule={"chargingSchedulePeriod": three_phases}), "UnsupportedParam"),
        "K01.FR.43": (1, profile(schedule={"chargingSchedulePeriod": on_two}), "UnsupportedParam"),
        "K01.FR.34": (1, choices, "InvalidSchedule"),
        "K04.FR.03": (1, profile(9, purpose=STATION), "InvalidProfile"),
        "K01.FR.38": (0, profile(9, purpose=STATION, **RELATIVE), "InvalidProfile"),
        "K01.FR.40": (1, without_start, "InvalidSchedule"),
        "K01.FR.41": (1, two_steps | RELATIVE, "InvalidSchedule"),
        "stackLevel": (1, profile(9, stackLevel=101), "InvalidStackLevel"),
        "over": (1, profile(9, validTo=in_s(-5)), "InvalidProfile"),
    }
    for requirement, (evse, one, expected) in refusals.items():
        assert await why_not(csms, evse, one) == expected, requirement
    assert await reported(csms, stackLevel=0) == []

    await install(csms, 1, profile(9, validTo=in_s(600)))
    assert await why_not(csms, 1, profile(8, id=2)) == "DuplicateProfile"  # K01.FR.06
    assert await why_not(csms, 0, profile(8, id=2)) == "DuplicateProfile"  # K01.FR.52
    assert await install(csms, 2, profile(8, id=2)) == "Accepted"
    assert await install(csms, 1, profile(8, id=3, validFrom=in_s(700))) == "Accepted"
    assert await install(csms, 0, profile(8, id=4, stackLevel=1)) == "Accepted"
    assert await why_not(csms, 2, profile(8, id=5, stackLevel=1)) == "DuplicateProfile"  # K01.FR.53
    assert ids(await reported(csms, chargingProfilePurpose=DEFAULT)) == [1, 2, 3, 4]


async def test_watts_and_phases(csms: Csms, start: Start) -> None:
    """K01.FR.49, K01.FR.50: 6.9 kW are 10 A on three phases, which are meant if nobody says so."""
    station: StationUnderTest = await start()
    in_watts: Any = {"chargingRateUnit": "W"}
    assert await install(csms, 1, profile(6900, schedule=in_watts)) == "Accepted"
    await charge(station, csms)
    await draws(station, 10)
    assert limits(await composite(csms, 1, 60)) == [10]
    assert limits(await composite(csms, 1, 60, "W")) == [6900]
    said = [{"startPeriod": 0, "limit": 5520, "numberPhases": 3}]
    assert (
        await install(csms, 1, profile(schedule={**in_watts, "chargingSchedulePeriod": said})) == "Accepted"
    )
    await draws(station, 8)


async def test_of_all_purposes_the_lowest_holds(csms: Csms, start: Start) -> None:
    """K08.FR.02; TC_K_40, TC_K_41.

    Default 14 A, for 100 s in a while 8 A on a higher level; the station's limit is 12 A.
    """
    await start()
    await install(csms, 1, profile(14, 14))
    await install(csms, 0, profile(12, 12, id=2, purpose=STATION))
    ahead = profile(8, id=3, stackLevel=1, starts_in_s=100, schedule={"duration": 100})
    await install(csms, 1, ahead)
    first, dip, last = await composite(csms, 1, 300)
    assert [first[1], dip[1], last[1]] == [12, 8, 12]
    assert abs(dip[0] - 100) <= 2
    assert last[0] - dip[0] == 100
