"""K27: what is generated on the spot, on top of what the limits allow."""

from __future__ import annotations

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.profiles import (
    LIMIT_A,
    OUTSIDE,
    clear,
    composite,
    draws,
    install,
    limits,
    profile,
    reported,
)
from tests.conformance.ocpp201.sessions import charge

SUN = "LocalGeneration"


async def test_tc_k_120_the_sun_adds_to_every_limit_and_to_no_wire(start: Start, csms: Csms) -> None:
    """TC_K_120. K27.FR.01, K27.FR.02, K27.FR.03, K27.FR.05, K04.FR.05.

    8 A by default and 3 A generated are 11 A; the wiring's 16 A stay the most. Others' limits are told apart.
    """
    station = await start()
    await charge(station, csms)
    await install(csms, 0, profile(8, id=1))
    await draws(station, 8)
    await station.ask(do="limit-set", periods=[[0, 3]], generation=True)
    told = (await csms.expect("NotifyChargingLimit")).payload
    assert told["chargingLimit"] == {"chargingLimitSource": "EMS", "isLocalGeneration": True}
    assert told["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 3
    await draws(station, 11)
    assert limits(await composite(csms, 1, 60)) == [11]
    (report,) = await reported(csms, chargingProfilePurpose=SUN)
    assert [one["chargingProfilePurpose"] for one in report["chargingProfile"]] == [SUN]
    assert await reported(csms, chargingProfilePurpose=OUTSIDE) == []

    await station.ask(do="limit-set", periods=[[0, 7]])
    also = (await csms.expect("NotifyChargingLimit")).payload
    assert also["chargingLimit"] == {"chargingLimitSource": "EMS", "isLocalGeneration": False}
    await draws(station, 10)
    assert len(await reported(csms, chargingProfilePurpose=SUN)) == 1
    assert len(await reported(csms, chargingProfilePurpose=OUTSIDE)) == 1

    await station.ask(do="limit-set", periods=[[0, 30]], generation=True)
    await csms.expect("NotifyChargingLimit")
    await draws(station, LIMIT_A)
    await station.ask(do="limit-clear", generation=True)
    await csms.expect("ClearedChargingLimit")
    await draws(station, 7)


async def test_the_sun_is_not_the_backends_to_clear(start: Start, csms: Csms) -> None:
    """K10.FR.04, K10.FR.08, K10.FR.09: neither that nor others' limits, by whatever criteria."""
    station = await start()
    await station.ask(do="limit-set", periods=[[0, 3]], generation=True)
    await station.ask(do="limit-set", periods=[[0, 7]])
    (report,) = await reported(csms, evse=0)
    for one in report["chargingProfile"]:
        assert await clear(csms, one["id"]) == "Unknown"
        purpose = one["chargingProfilePurpose"]
        assert await clear(csms, chargingProfilePurpose=purpose) == "Unknown"
    await install(csms, 1, profile(8, id=1))
    assert await clear(csms, stackLevel=0) == "Accepted"
    (left,) = await reported(csms)
    assert len(left["chargingProfile"]) == 2
