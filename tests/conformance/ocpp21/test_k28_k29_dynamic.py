"""K28 and K29: profiles whose limit is given anew, by the backend or by somebody outside."""

from __future__ import annotations

from typing import Any

import pytest

from agent.system.control import ControlError
from tests.conformance.kit import Csms, Payload, Silence
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp21.test_k01_profiles import stepped
from tests.conformance.ocpp201.profiles import (
    OUTSIDE,
    composite,
    draws,
    install,
    limits,
    profile,
    reported,
    send,
    why_not,
)
from tests.conformance.ocpp201.sessions import charge, set_variables

DISALLOWED = "SmartChargingCtrlr.ExternalConstraintsProfileDisallowed"


def dynamic(limit: float | None, *, duration_s: int | None = None, **members: Any) -> Payload:
    """Return a Dynamic TxDefaultProfile."""
    period: Payload = {"startPeriod": 0}
    period |= {"operationMode": "ExternalLimits"} if limit is None else {"limit": limit}
    schedule: Payload = {"chargingSchedulePeriod": [period]}
    if duration_s is not None:
        schedule["duration"] = duration_s
    return profile(chargingProfileKind="Dynamic", schedule=schedule, **members)


async def push(csms: Csms, profile_id: int = 1, **update: Any) -> Payload:
    """Give a profile another limit and return the answer."""
    return await csms.call(
        "UpdateDynamicSchedule", {"chargingProfileId": profile_id, "scheduleUpdate": update}
    )


async def shown(csms: Csms, profile_id: int = 1) -> Payload:
    """Return the profile as it is reported."""
    (report,) = await reported(csms, chargingProfileId=[profile_id])
    (one,) = report["chargingProfile"]
    assert isinstance(one, dict)
    return one


async def test_tc_k_122_the_backend_gives_limits(start: Start, csms: Csms) -> None:
    """TC_K_122. K28.FR.05, K28.FR.06, K28.FR.09: each counts at once, and survives a power cut."""
    station = await start()
    await charge(station, csms)
    assert await install(csms, 1, dynamic(12)) == "Accepted"
    first = (await shown(csms))["dynUpdateTime"]
    await draws(station, 12)
    assert (await push(csms, limit=9))["status"] == "Accepted"
    await draws(station, 9)
    second = await shown(csms)
    assert second["dynUpdateTime"] > first
    assert second["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 9
    assert limits(await composite(csms, 1, 60)) == [9]
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    await draws(station, 9)
    assert (await push(csms))["status"] == "Accepted"  # a sign of life
    assert (await shown(csms))["dynUpdateTime"] > second["dynUpdateTime"]


async def test_tc_k_121_the_station_asks_for_limits(start: Start, csms: Csms) -> None:
    """TC_K_121. K28.FR.08, K28.FR.09, K28.FR.10, K28.FR.13, K28.FR.14, K28.FR.15.

    It asks every dynUpdateInterval, also after no answer. Without an update for the schedule's duration the
    next profile counts, until an update comes.
    """
    station = await start(**{"OCPPCommCtrlr__MessageTimeout[Default]": 1})
    await charge(station, csms)
    await install(csms, 1, profile(7, id=9))
    csms.script["PullDynamicScheduleUpdate"] = {"status": "Accepted", "scheduleUpdate": {"limit": 11}}
    assert await install(csms, 1, dynamic(13, duration_s=3, stackLevel=1, dynUpdateInterval=1)) == "Accepted"
    first = await csms.expect("PullDynamicScheduleUpdate")
    assert first.payload == {"chargingProfileId": 1}
    await draws(station, 11)
    csms.script["PullDynamicScheduleUpdate"] = {"status": "Rejected"}
    csms.forget()
    await draws(station, 7)
    await csms.expect("PullDynamicScheduleUpdate")
    csms.script["PullDynamicScheduleUpdate"] = Silence()
    csms.forget()
    await csms.expect("PullDynamicScheduleUpdate")
    csms.script["PullDynamicScheduleUpdate"] = {"status": "Accepted", "scheduleUpdate": {"limit": 10}}
    await draws(station, 10)


WRONG: list[tuple[Payload, str]] = [
    (dynamic(9) | {"chargingSchedule": dynamic(9)["chargingSchedule"] * 2}, "InvalidSchedule"),
    (profile(chargingProfileKind="Dynamic", schedule=stepped((0, 9), (60, 8))), "InvalidSchedule"),
    (profile(chargingProfileKind="Dynamic", schedule=stepped((60, 9))), "InvalidSchedule"),
    (profile(9, dynUpdateInterval=5), "InvalidProfile"),
    (dynamic(9, dynUpdateInterval=-5), "InvalidValue"),
    (dynamic(None, purpose="PriorityCharging"), "InvalidOperationMode"),
]


async def test_tc_k_123_what_makes_no_dynamic_profile(start: Start, csms: Csms) -> None:
    """TC_K_123. K28.FR.01, K28.FR.02, K28.FR.03, K28.FR.04, K28.FR.11."""
    await start()
    for one, reason in WRONG:
        assert await why_not(csms, 1, one) == reason
    assert await install(csms, 1, profile(16, id=2)) == "Accepted"
    assert await install(csms, 1, dynamic(12, stackLevel=1)) == "Accepted"
    for number in (2, 77):  # not dynamic, not there
        answer = await push(csms, number, limit=9)
        assert (answer["status"], answer["statusInfo"]["reasonCode"]) == ("Rejected", "InvalidProfile")
    for update, reason in (
        ({"setpoint": 5}, "InvalidSchedule"),
        ({"limit": 9, "limit_L2": 8}, "PhaseConflict"),
        ({"limit": -9}, "InvalidValue"),
    ):
        answer = await push(csms, **update)
        assert (answer["status"], answer["statusInfo"]["reasonCode"]) == ("Rejected", reason)
    assert limits(await composite(csms, 1, 60)) == [12]


async def test_tc_k_125_the_backend_leaves_a_limit_to_others(start: Start, csms: Csms) -> None:
    """TC_K_125. K29.FR.03, K29.FR.07, K29.FR.08: what comes from outside is the backend's profile's limit.

    So it is also where others may have no profiles of their own.
    """
    station = await start()
    await set_variables(csms, {DISALLOWED: "true"})
    with pytest.raises(ControlError, match="ExternalConstraintsProfileDisallowed is true"):
        await station.ask(do="limit-set", evse=1, periods=[[0, 9]])
    await charge(station, csms)
    await install(csms, 1, profile(14, id=2))
    assert (await send(csms, 1, dynamic(None, duration_s=3, stackLevel=1)))["status"] == "Accepted"
    await draws(station, 14)  # it says nothing yet
    await station.ask(do="limit-set", evse=1, periods=[[0, 9]], source="EMS")
    told = (await csms.expect("NotifyChargingLimit")).payload
    assert told["chargingLimit"]["chargingLimitSource"] == "EMS"
    assert told["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 9
    await draws(station, 9)
    one = await shown(csms)
    assert one["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 9
    assert await reported(csms, chargingProfilePurpose=OUTSIDE) == []
    await draws(station, 14)  # nothing came for the schedule's duration
    await station.ask(do="limit-set", evse=1, periods=[[0, 8]], source="EMS")
    await draws(station, 8)
    with pytest.raises(ControlError, match="one limit in A"):
        await station.ask(do="limit-set", evse=1, periods=[[0, 2000]], unit="W")


async def test_tc_k_124_without_a_profile_for_them_others_have_their_own(start: Start, csms: Csms) -> None:
    """TC_K_124. K11.FR.01, K11.FR.06: obeyed, and reported as ChargingStationExternalConstraints.

    An Absolute one stands for it, and is replaced when the limit changes. Disallowed, it ends.
    """
    station = await start()
    await charge(station, csms)
    seen = []
    for limit in (9, 8):
        await station.ask(do="limit-set", evse=1, periods=[[0, limit]])
        await csms.expect("NotifyChargingLimit")
        await draws(station, limit)
        (report,) = await reported(csms, chargingProfilePurpose=OUTSIDE)
        (one,) = report["chargingProfile"]
        assert one["chargingProfileKind"] == "Absolute"
        seen.append(one["id"])
    assert seen[0] == seen[1] < 0
    await set_variables(csms, {DISALLOWED: "true"})
    await csms.expect("ClearedChargingLimit")
    await draws(station, 16)
