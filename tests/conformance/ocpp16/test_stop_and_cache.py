"""How sessions end, and whom the charge point knows by itself: sections 3 and 4 of the OCA's test cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, plug_in
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest

KNOWN = {"AuthCacheCtrlr__Enabled": True, "AuthCtrlr__LocalPreAuthorize": True}


async def test_tc_005_2_a_cable_that_stays_locked(csms: Csms, start: Start) -> None:
    """UnlockConnectorOnEVSideDisconnect is false: the cable waits for its driver."""
    station: StationUnderTest = await start(has_lock=True, OCPPCommCtrlr__UnlockOnEVSideDisconnect=False)
    await charge(station, csms)
    station.bay.unplug()
    assert (await csms.expect("StopTransaction")).payload["reason"] == "EVDisconnected"
    await csms.expect("StatusNotification", on(1, "Finishing"))
    await station.accepted(CARD)
    await csms.expect("StatusNotification", on(1))


async def test_tc_005_3_a_vehicle_that_is_waited_for(csms: Csms, start: Start) -> None:
    """StopTransactionOnEVSideDisconnect is false: the transaction goes on when the vehicle is back."""
    station: StationUnderTest = await start()
    waits = {"key": "StopTransactionOnEVSideDisconnect", "value": "false"}
    assert await asked(csms, "ChangeConfiguration", **waits) == "Accepted"
    await charge(station, csms)
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1, "SuspendedEV"))
    station.bay.plug_in()
    await csms.expect("StatusNotification", on(1, "Charging"))
    assert csms.calls("StopTransaction") == []
    await station.accepted(CARD)
    stopped = (await csms.expect("StopTransaction")).payload
    assert (stopped["transactionId"], len(csms.calls("StartTransaction"))) == (1, 1)


@pytest.mark.parametrize("card", [CARD, OTHER_CARD])
async def test_tc_068_069_who_may_stop(csms: Csms, start: Start, card: str) -> None:
    """TC_068: the same idTag; TC_069: another one with the same parentIdTag."""
    parent = {"status": "Accepted", "parentIdTag": "FLEET"}
    csms.tokens |= {CARD: parent, OTHER_CARD: parent, "0400000000": {"status": "Accepted"}}
    station: StationUnderTest = await start()
    await charge(station, csms)
    assert not (await station.tap("0400000000"))["accepted"]
    await station.accepted(card)
    stopped = (await csms.expect("StopTransaction")).payload
    assert (stopped["idTag"], stopped["reason"]) == (card, "Local")


async def known(csms: Csms, start: Start, **variables: Any) -> StationUnderTest:
    """Return a charge point that has authorized the card once before."""
    station: StationUnderTest = await start(**KNOWN, **variables)
    await charge(station, csms)
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1))
    csms.forget()
    csms.received.clear()
    return station


async def remote_start(csms: Csms, station: StationUnderTest) -> None:
    await plug_in(station, csms)
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Accepted"
    await csms.expect("StartTransaction")


async def test_tc_007_2_061_1_a_cached_driver_starts_remotely(csms: Csms, start: Start) -> None:
    """TC_061_1: after ClearCache the card is asked about again."""
    station = await known(csms, start, AuthCtrlr__AuthorizeRemoteStart=True)
    await remote_start(csms, station)
    assert csms.calls("Authorize") == []
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1))
    assert await asked(csms, "ClearCache") == "Accepted"
    await station.accepted(CARD)
    await csms.expect("Authorize")


async def test_tc_061_2_nothing_is_known_after_clear_cache(csms: Csms, start: Start) -> None:
    station = await known(csms, start, AuthCtrlr__AuthorizeRemoteStart=True)
    assert await asked(csms, "ClearCache") == "Accepted"
    await remote_start(csms, station)
    assert [call.payload["idTag"] for call in csms.calls("Authorize")] == [CARD]


async def test_tc_008_2_who_is_listed_starts_remotely(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start(
        LocalAuthListCtrlr__Enabled=True, AuthCtrlr__AuthorizeRemoteStart=True, **KNOWN
    )
    entry = {"idTag": CARD, "idTagInfo": {"status": "Accepted"}}
    listed = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": [entry]}
    assert await asked(csms, "SendLocalList", **listed) == "Accepted"
    await remote_start(csms, station)
    assert csms.calls("Authorize") == []


async def test_tc_042_2_043_2_043_3_a_list_that_is_not_taken(csms: Csms, start: Start) -> None:
    """TC_043_2: VersionMismatch; TC_043_3: Failed, and the list stays as it is."""
    await start(LocalAuthListCtrlr__Enabled=True)
    assert await csms.call("GetLocalListVersion", {}) == {"listVersion": 0}
    entry = {"idTag": CARD, "idTagInfo": {"status": "Accepted"}}
    full = {"listVersion": 5, "updateType": "Full", "localAuthorizationList": [entry]}
    assert await asked(csms, "SendLocalList", **full) == "Accepted"
    older = {**full, "listVersion": 4, "updateType": "Differential"}
    assert await asked(csms, "SendLocalList", **older) == "VersionMismatch"
    twice = {**full, "listVersion": 6, "localAuthorizationList": [entry, entry]}
    assert await asked(csms, "SendLocalList", **twice) == "Failed"
    assert await csms.call("GetLocalListVersion", {}) == {"listVersion": 5}
