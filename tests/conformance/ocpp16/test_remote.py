"""Remote start and stop, resets, unlocking: sections 1, 5 to 7 and 12 to 14 of the OCA's test cases."""

from __future__ import annotations

import pytest

from drivers.emulated.faults.state import LockStuck
from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, configuration, plug_in
from tests.conformance.station import CARD, StationUnderTest


async def test_tc_002_the_backend_takes_its_time(csms: Csms, start: Start) -> None:
    """While it is Pending it may ask, and nobody charges; then the charge point announces itself again."""
    csms.script["BootNotification"] = csms.boot("Pending", 1)
    station: StationUnderTest = await start(booted=False)
    await csms.expect("BootNotification")
    assert "HeartbeatInterval" in await configuration(csms, "HeartbeatInterval")
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Rejected"
    assert await asked(csms, "TriggerMessage", requestedMessage="BootNotification") == "Accepted"
    await csms.expect("BootNotification")
    assert not (await station.tap(CARD))["accepted"]
    assert csms.calls("StatusNotification", "StartTransaction") == []
    del csms.script["BootNotification"]
    await csms.expect("BootNotification")
    await csms.expect("StatusNotification", on(1))


async def test_tc_011_1_a_remote_start_before_the_cable(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start()
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Preparing"))
    station.bay.plug_in()
    assert (await csms.expect("StartTransaction")).payload["idTag"] == CARD
    await csms.expect("StatusNotification", on(1, "Charging"))
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Rejected", "TC_026"


async def test_tc_011_2_026_027_a_remote_start_that_comes_to_nothing(csms: Csms, start: Start) -> None:
    """TC_011_2: no cable in time; TC_026: out of service; TC_027: connector 0."""
    await start(TxCtrlr__EVConnectionTimeOut=1)
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Accepted"
    await csms.expect("StatusNotification", on(1, "Preparing"))
    await csms.expect("StatusNotification", on(1))
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=0) == "Rejected"
    assert await asked(csms, "ChangeAvailability", connectorId=1, type="Inoperative") == "Accepted"
    await csms.expect("StatusNotification", on(1, "Unavailable"))
    assert await asked(csms, "RemoteStartTransaction", idTag=CARD, connectorId=1) == "Rejected"
    assert csms.calls("StartTransaction") == []


async def test_tc_023_5_a_remote_start_for_nobody(csms: Csms, start: Start) -> None:
    """TC_023_4 is the same with a card at the reader."""
    csms.tokens["0400000000"] = {"status": "Invalid"}
    station: StationUnderTest = await start(AuthCtrlr__AuthorizeRemoteStart=True)
    await plug_in(station, csms)
    assert await asked(csms, "RemoteStartTransaction", idTag="0400000000", connectorId=1) == "Accepted"
    await csms.expect("Authorize")
    assert (await station.tap("0400000000"))["why"] == "Invalid"
    await csms.nothing_more(0.3, "StartTransaction")


@pytest.mark.parametrize("kind", ["Hard", "Soft"])
async def test_tc_013_014_034_a_reset_without_a_transaction(csms: Csms, start: Start, kind: str) -> None:
    """TC_013: Hard, TC_014: Soft; TC_034: what is out of service stays so, over a power cut as well."""
    station: StationUnderTest = await start()
    assert await asked(csms, "ChangeAvailability", connectorId=1, type="Inoperative") == "Accepted"
    await csms.expect("StatusNotification", on(1, "Unavailable"))
    assert await asked(csms, "Reset", type=kind) == "Accepted"
    await csms.expect("BootNotification")
    await csms.expect("StatusNotification", on(1, "Unavailable"))
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    await csms.expect("StatusNotification", on(1, "Unavailable"))
    assert csms.calls("StopTransaction") == []


async def test_tc_017_1_030_031_unlocking_without_a_session(csms: Csms, start: Start) -> None:
    """TC_017_1: Unlocked; TC_030: UnlockFailed, the bolt is stuck; TC_031: no such connector."""
    station: StationUnderTest = await start(has_lock=True)
    assert await asked(csms, "UnlockConnector", connectorId=1) == "Unlocked"
    assert await asked(csms, "UnlockConnector", connectorId=2) == "NotSupported"
    await charge(station, csms)
    station.bay.rig.inject(LockStuck())
    await csms.until(lambda: "lock-stuck" in station.bay.rig.bays["bay"].state.defects)
    answer = await csms.call("UnlockConnector", {"connectorId": 1})
    assert answer == {"status": "UnlockFailed"}


async def test_tc_017_2_018_2_a_cable_of_the_charge_points_own(csms: Csms, start: Start) -> None:
    """Without a session, and in one, which goes on."""
    station: StationUnderTest = await start()
    assert await asked(csms, "UnlockConnector", connectorId=1) == "NotSupported"
    await charge(station, csms)
    assert await asked(csms, "UnlockConnector", connectorId=1) == "NotSupported"
    await csms.nothing_more(0.3, "StopTransaction")


async def test_tc_040_1_040_2_keys_and_values_that_are_not_taken(csms: Csms, start: Start) -> None:
    await start()
    assert await asked(csms, "ChangeConfiguration", key="NoSuchKey", value="1") == "NotSupported"
    for wrong in ("-1", "soon", ""):
        changed = {"key": "MeterValueSampleInterval", "value": wrong}
        assert await asked(csms, "ChangeConfiguration", **changed) == "Rejected"


async def test_tc_062_064_data_transfer(csms: Csms, start: Start) -> None:
    """TC_062: to a charge point; TC_064: to a central system."""
    csms.script["DataTransfer"] = {"status": "Accepted", "data": "taken"}
    station: StationUnderTest = await start()
    sent = {"vendorId": "org.example", "messageId": "hello", "data": "x"}
    assert await asked(csms, "DataTransfer", **sent) == "UnknownVendorId"
    answer = await station.ask(do="transfer", vendor="org.example", message="hello", data="x")
    assert (await csms.expect("DataTransfer")).payload == sent
    assert answer["status"] == "Accepted"
