"""The profiles Local Auth List Management, Smart Charging and Remote Trigger."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, configuration
from tests.conformance.station import CARD, OTHER_CARD


def profile(purpose: str, limit: float, **more: Any) -> dict[str, Any]:
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
        },
        **more,
    }


async def test_tc_043_008_1_the_local_list(csms: Csms, start: Start) -> None:
    """TC_008_1: who is in it charges without being asked about."""
    station = await start(LocalAuthListCtrlr__Enabled=True, AuthCtrlr__LocalPreAuthorize=True)
    full = {"listVersion": 3, "updateType": "Full", "localAuthorizationList": [_entry("0A0B0C0D")]}
    assert await asked(csms, "SendLocalList", **full) == "Accepted"
    assert await csms.call("GetLocalListVersion", {}) == {"listVersion": 3}
    assert await asked(csms, "SendLocalList", **{**full, "updateType": "Differential"}) == "VersionMismatch"
    station.bay.plug_in()
    await station.accepted("0A0B0C0D")
    await csms.expect("StartTransaction")
    assert csms.calls("Authorize") == []
    removed = {
        "listVersion": 4,
        "updateType": "Differential",
        "localAuthorizationList": [{"idTag": "0a0b0c0d"}],
    }
    assert await asked(csms, "SendLocalList", **removed) == "Accepted"
    assert await csms.call("GetLocalListVersion", {}) == {"listVersion": 0}, "it is empty"


def _entry(id_tag: str) -> dict[str, Any]:
    return {"idTag": id_tag, "idTagInfo": {"status": "Accepted"}}


async def test_tc_042_1_043_1_no_list_while_it_is_not_enabled(csms: Csms, start: Start) -> None:
    await start(LocalAuthListCtrlr__Enabled=False)
    assert await csms.call("GetLocalListVersion", {}) == {"listVersion": -1}
    assert await asked(csms, "SendLocalList", listVersion=1, updateType="Full") == "NotSupported"


async def test_tc_007_1_the_cache_and_its_clearing(csms: Csms, start: Start) -> None:
    station = await start(AuthCacheCtrlr__Enabled=True, AuthCtrlr__LocalPreAuthorize=True)
    await charge(station, csms)
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1))
    csms.received.clear()
    await station.accepted(CARD)
    assert csms.calls("Authorize") == []
    assert await asked(csms, "ClearCache") == "Accepted"


async def test_tc_056_limits_are_set_asked_for_and_cleared(csms: Csms, start: Start) -> None:
    station = await start()
    default = profile("TxDefaultProfile", 10)
    assert await asked(csms, "SetChargingProfile", connectorId=1, csChargingProfiles=default) == "Accepted"
    await charge(station, csms)
    await station.until(limit_a=10)
    own = profile("TxProfile", 8, chargingProfileId=2, transactionId=1)
    assert await asked(csms, "SetChargingProfile", connectorId=1, csChargingProfiles=own) == "Accepted"
    await station.until(limit_a=8)
    schedule = await csms.call("GetCompositeSchedule", {"connectorId": 1, "duration": 60})
    assert schedule["status"] == "Accepted"
    assert schedule["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] == 8
    assert await asked(csms, "ClearChargingProfile", id=2) == "Accepted"
    await station.until(limit_a=10)
    assert await asked(csms, "ClearChargingProfile", id=2) == "Unknown"


async def test_a_profile_of_another_transaction_is_rejected(csms: Csms, start: Start) -> None:
    station = await start()
    other = profile("TxProfile", 8, transactionId=99)
    assert await asked(csms, "SetChargingProfile", connectorId=1, csChargingProfiles=other) == "Rejected"
    await charge(station, csms)
    assert await asked(csms, "SetChargingProfile", connectorId=1, csChargingProfiles=other) == "Rejected"


async def test_tc_059_a_remote_start_brings_its_limit(csms: Csms, start: Start) -> None:
    station = await start()
    station.bay.plug_in()
    await csms.expect("StatusNotification", on(1, "Preparing"))
    start_it = {"idTag": OTHER_CARD, "connectorId": 1, "chargingProfile": profile("TxProfile", 9)}
    assert await asked(csms, "RemoteStartTransaction", **start_it) == "Accepted"
    await csms.expect("StartTransaction")
    await station.until(limit_a=9)


async def test_tc_054_messages_on_demand(csms: Csms, start: Start) -> None:
    station = await start(evses=2)
    while (await station.evse(2))["meter"] is None:
        await asyncio.sleep(0.05)
    csms.forget()
    for message in ("Heartbeat", "BootNotification"):
        assert await asked(csms, "TriggerMessage", requestedMessage=message) == "Accepted"
        await csms.expect(message)
    assert await asked(csms, "TriggerMessage", requestedMessage="MeterValues", connectorId=2) == "Accepted"
    assert (await csms.expect("MeterValues")).payload["connectorId"] == 2
    wanted = {"requestedMessage": "StatusNotification", "connectorId": 1}
    assert await asked(csms, "TriggerMessage", **wanted) == "Accepted"
    await csms.expect("StatusNotification", on(1))
    await csms.nothing_more(0.2, "StatusNotification")
    whole = {"requestedMessage": "StatusNotification", "connectorId": 0}
    assert await asked(csms, "TriggerMessage", **whole) == "Accepted"
    await csms.expect("StatusNotification", on(0))
    await csms.nothing_more(0.2, "StatusNotification")
    assert await asked(csms, "TriggerMessage", requestedMessage="StatusNotification") == "Accepted"
    for connector in (0, 1, 2):
        await csms.expect("StatusNotification", on(connector))


async def test_tc_055_nothing_of_a_connector_that_is_not_there(csms: Csms, start: Start) -> None:
    await start()
    wanted = {"requestedMessage": "StatusNotification", "connectorId": 7}
    assert await asked(csms, "TriggerMessage", **wanted) == "Rejected"


async def test_the_profiles_that_are_there(csms: Csms, start: Start) -> None:
    await start()
    told = (await configuration(csms, "SupportedFeatureProfiles"))["SupportedFeatureProfiles"]
    assert "SmartCharging" in told["value"].split(",")
