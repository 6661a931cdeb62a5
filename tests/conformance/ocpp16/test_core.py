"""Core profile: boot, sessions, remote control, configuration."""

from __future__ import annotations

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge, configuration, plug_in
from tests.conformance.station import CARD, OTHER_CARD


async def test_tc_001_088_cold_boot(csms: Csms, start: Start) -> None:
    """TC_088: of the versions that are offered the backend has chosen."""
    await start(evses=2, booted=False)
    boot = (await csms.expect("BootNotification")).payload
    assert boot["chargePointVendor"] == "chargehand"
    for connector in (0, 1, 2):
        status = (await csms.expect("StatusNotification", on(connector))).payload
        assert status["errorCode"] == "NoError"
    assert csms.requests[0]["Sec-WebSocket-Protocol"].split(", ")[-1] == "ocpp1.6"


async def test_tc_003_a_session_with_the_cable_first(csms: Csms, start: Start) -> None:
    station = await start()
    started = await charge(station, csms)
    assert (started["connectorId"], started["idTag"]) == (1, CARD)
    await station.accepted(CARD)
    stopped = (await csms.expect("StopTransaction")).payload
    assert (stopped["transactionId"], stopped["reason"], stopped["idTag"]) == (1, "Local", CARD)
    assert stopped["meterStop"] >= started["meterStart"]
    await csms.expect("StatusNotification", on(1, "Finishing"))
    station.bay.unplug()
    await csms.expect("StatusNotification", on(1, "Available"))


async def test_tc_004_1_a_session_with_the_card_first(csms: Csms, start: Start) -> None:
    station = await start()
    await station.accepted(CARD)
    await csms.expect("StatusNotification", on(1, "Preparing"))
    station.bay.plug_in()
    await csms.expect("StartTransaction")
    await csms.expect("StatusNotification", on(1, "Charging"))


async def test_tc_004_2_a_card_that_no_cable_follows(csms: Csms, start: Start) -> None:
    station = await start(TxCtrlr__EVConnectionTimeOut=1)
    await station.accepted(CARD)
    await csms.expect("StatusNotification", on(1, "Preparing"))
    await csms.expect("StatusNotification", on(1, "Available"))
    assert csms.calls("StartTransaction") == []


async def test_tc_005_1_the_cable_is_pulled_at_the_vehicle(csms: Csms, start: Start) -> None:
    station = await start()
    await charge(station, csms)
    station.bay.unplug()
    stopped = (await csms.expect("StopTransaction")).payload
    assert stopped["reason"] == "EVDisconnected"
    await csms.expect("StatusNotification", on(1, "Available"))


@pytest.mark.parametrize("status", ["Invalid", "Expired", "Blocked"])
async def test_tc_023_4_a_card_that_may_not_charge(csms: Csms, start: Start, status: str) -> None:
    csms.tokens["0400000000"] = {"status": status}
    station = await start()
    await plug_in(station, csms)
    assert (await station.tap("0400000000"))["why"] == status
    await csms.nothing_more(0.2, "StartTransaction")


async def test_tc_010_a_remote_start_with_the_cable_in(csms: Csms, start: Start) -> None:
    station = await start()
    await plug_in(station, csms)
    answer = await csms.call("RemoteStartTransaction", {"idTag": CARD, "connectorId": 1})
    assert answer == {"status": "Accepted"}
    assert (await csms.expect("StartTransaction")).payload["idTag"] == CARD
    await csms.expect("StatusNotification", on(1, "Charging"))


async def test_tc_012_a_remote_stop(csms: Csms, start: Start) -> None:
    station = await start()
    await charge(station, csms)
    assert await csms.call("RemoteStopTransaction", {"transactionId": 1}) == {"status": "Accepted"}
    stopped = (await csms.expect("StopTransaction")).payload
    assert stopped["reason"] == "Remote"


async def test_tc_028_a_remote_stop_of_another_transaction(csms: Csms, start: Start) -> None:
    station = await start()
    await charge(station, csms)
    assert await csms.call("RemoteStopTransaction", {"transactionId": 99}) == {"status": "Rejected"}


@pytest.mark.parametrize(("kind", "reason"), [("Hard", "HardReset"), ("Soft", "SoftReset")])
async def test_tc_015_016_a_reset_ends_a_transaction(
    csms: Csms, start: Start, kind: str, reason: str
) -> None:
    station = await start()
    await charge(station, csms)
    assert await csms.call("Reset", {"type": kind}) == {"status": "Accepted"}
    assert (await csms.expect("StopTransaction")).payload["reason"] == reason
    await csms.expect("BootNotification")


async def test_tc_019_configuration_is_read(csms: Csms, start: Start) -> None:
    await start(evses=2)
    everything = await configuration(csms)
    assert everything["NumberOfConnectors"]["value"] == "2"
    assert "AuthorizeRemoteTxRequests" in everything
    answer = await csms.call("GetConfiguration", {"key": ["MeterValueSampleInterval", "NoSuchKey"]})
    assert [one["key"] for one in answer["configurationKey"]] == ["MeterValueSampleInterval"]
    assert answer["unknownKey"] == ["NoSuchKey"]


async def test_tc_021_configuration_is_written(csms: Csms, start: Start) -> None:
    await start()
    assert await asked(csms, "ChangeConfiguration", key="MeterValueSampleInterval", value="77") == "Accepted"
    assert (await configuration(csms, "MeterValueSampleInterval"))["MeterValueSampleInterval"][
        "value"
    ] == "77"
    assert await asked(csms, "ChangeConfiguration", key="NumberOfConnectors", value="3") == "Rejected"
    assert await asked(csms, "ChangeConfiguration", key="NoSuchKey", value="1") == "NotSupported"
    assert await asked(csms, "ChangeConfiguration", key="MeterValueSampleInterval", value="-1") == "Rejected"


async def test_tc_037_a_session_that_began_and_ended_offline(csms: Csms, start: Start) -> None:
    station = await start(AuthCtrlr__LocalAuthorizeOffline=True, AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(OTHER_CARD)
    await station.until(charging_state="Charging")
    await station.accepted(OTHER_CARD)
    await station.until(transaction=None)
    await csms.listen(port)
    started = (await csms.expect("StartTransaction")).payload
    stopped = (await csms.expect("StopTransaction")).payload
    assert started["idTag"] == OTHER_CARD
    assert stopped["transactionId"] == 1
    assert stopped["timestamp"] > started["timestamp"]
    await csms.nothing_more(0.3, "StartTransaction", "StopTransaction")


async def test_a_power_cut_in_a_session_loses_and_doubles_nothing(csms: Csms, start: Start) -> None:
    station = await start()
    started = await charge(station, csms)
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    await station.until(charging_state="Charging")
    await station.accepted(CARD)
    stopped = (await csms.expect("StopTransaction")).payload
    assert stopped["meterStop"] >= started["meterStart"]
    assert (len(csms.calls("StartTransaction")), len(csms.calls("StopTransaction"))) == (1, 1)


async def test_tc_032_2_the_power_goes_in_a_transaction(csms: Csms, start: Start) -> None:
    """A charge point that resumes none ends it when the power is back, with what the meter shows."""
    station = await start(TxCtrlr__ResumptionTimeout=0)
    started = await charge(station, csms)
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    stopped = (await csms.expect("StopTransaction")).payload
    assert (stopped["transactionId"], stopped["reason"]) == (1, "PowerLoss")
    assert stopped["meterStop"] >= started["meterStart"]
    await csms.expect("StatusNotification", on(1, "Finishing"))


async def test_meter_values_come_with_the_transactions_number(csms: Csms, start: Start) -> None:
    station = await start(SampledDataCtrlr__TxUpdatedInterval=1)
    await charge(station, csms)
    values = (await csms.expect("MeterValues")).payload
    assert (values["connectorId"], values["transactionId"]) == (1, 1)
    measurands = [one["measurand"] for one in values["meterValue"][0]["sampledValue"]]
    assert "Energy.Active.Import.Register" in measurands
