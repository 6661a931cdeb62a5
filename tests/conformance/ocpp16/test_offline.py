"""Sessions without the backend, and meter values: sections 9 and 15 of the OCA's test cases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start, on
from tests.conformance.ocpp16.sessions import asked, charge
from tests.conformance.station import CARD, StationUnderTest

OFFLINE = {"AuthCtrlr__LocalAuthorizeOffline": True, "AuthCtrlr__OfflineTxForUnknownIdEnabled": True}


async def begin_offline(csms: Csms, start: Start, **variables: Any) -> tuple[StationUnderTest, int]:
    """Start a session while the backend is away; return its port."""
    station: StationUnderTest = await start(**OFFLINE, **variables)
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted(CARD)
    await station.until(charging_state="Charging")
    return station, port


async def test_tc_036_the_link_is_lost_in_a_transaction(csms: Csms, start: Start) -> None:
    """What was measured meanwhile is told when the link is back, in its order; the transaction goes on."""
    station: StationUnderTest = await start(SampledDataCtrlr__TxUpdatedInterval=1)
    await charge(station, csms)
    port = csms.port
    await csms.close()
    csms.received.clear()
    await csms.listen(port)
    values = [(await csms.expect("MeterValues")).payload for _ in range(3)]
    assert {one["transactionId"] for one in values} == {1}
    times = [one["meterValue"][0]["timestamp"] for one in values]
    assert times == sorted(times)
    assert csms.calls("StartTransaction", "StopTransaction") == []


async def test_tc_037_1_a_session_that_began_offline_goes_on(csms: Csms, start: Start) -> None:
    station, port = await begin_offline(csms, start)
    await csms.listen(port)
    assert (await csms.expect("StartTransaction")).payload["idTag"] == CARD
    await csms.nothing_more(0.3, "StopTransaction")
    assert (await station.evse())["charging_state"] == "Charging"
    await station.accepted(CARD)
    assert (await csms.expect("StopTransaction")).payload["transactionId"] == 1


@pytest.mark.parametrize("stops", [False, True])
async def test_tc_037_2_037_3_who_is_not_accepted_afterwards(csms: Csms, start: Start, stops: bool) -> None:
    """TC_037_2: StopTransactionOnInvalidId is false, no more energy flows; TC_037_3: it is true."""
    csms.tokens[CARD] = {"status": "Invalid"}
    station, port = await begin_offline(
        csms, start, TxCtrlr__StopTxOnInvalidId=stops, TxCtrlr__MaxEnergyOnInvalidId=0
    )
    await csms.listen(port)
    await csms.expect("StartTransaction")
    if stops:
        assert (await csms.expect("StopTransaction")).payload["reason"] == "DeAuthorized"
        await csms.expect("StatusNotification", on(1, "Finishing"))
        return
    await csms.expect("StatusNotification", on(1, "SuspendedEVSE"))
    await csms.until(lambda: not station.bay.contactor_closed)
    assert csms.calls("StopTransaction") == []


async def test_tc_038_a_session_that_ended_offline(csms: Csms, start: Start) -> None:
    station: StationUnderTest = await start(**OFFLINE)
    started = await charge(station, csms)
    port = csms.port
    await csms.close()
    await station.accepted(CARD)
    await station.until(transaction=None)
    await csms.listen(port)
    stopped = (await csms.expect("StopTransaction")).payload
    assert (stopped["transactionId"], stopped["reason"]) == (1, "Local")
    assert stopped["meterStop"] >= started["meterStart"]
    await csms.nothing_more(0.3, "StartTransaction", "StopTransaction")


async def test_tc_039_a_session_that_the_backend_has_seen_nothing_of(csms: Csms, start: Start) -> None:
    station, port = await begin_offline(csms, start)
    await station.accepted(CARD)
    await station.until(transaction=None)
    station.bay.unplug()
    await station.until(status="Available")
    await csms.listen(port)
    started = (await csms.expect("StartTransaction")).payload
    stopped = (await csms.expect("StopTransaction")).payload
    assert (started["idTag"], stopped["transactionId"]) == (CARD, 1)
    assert started["timestamp"] < stopped["timestamp"]
    await csms.nothing_more(0.3, "StartTransaction", "StopTransaction")


async def test_tc_070_sampled_meter_values(csms: Csms, start: Start) -> None:
    """In MeterValues during the transaction, and what StopTxnSampledData asks for with its end."""
    station: StationUnderTest = await start(
        SampledDataCtrlr__TxUpdatedMeasurands="Energy.Active.Import.Register,Power.Active.Import",
        SampledDataCtrlr__TxEndedMeasurands="Energy.Active.Import.Register",
    )
    every_second = {"key": "MeterValueSampleInterval", "value": "1"}
    assert await asked(csms, "ChangeConfiguration", **every_second) == "Accepted"
    await charge(station, csms)
    values = (await csms.expect("MeterValues")).payload
    assert (values["connectorId"], values["transactionId"]) == (1, 1)
    sampled = values["meterValue"][0]["sampledValue"]
    assert {one["measurand"] for one in sampled} == {"Energy.Active.Import.Register", "Power.Active.Import"}
    assert {one["context"] for one in sampled} == {"Sample.Periodic"}
    await station.accepted(CARD)
    data = (await csms.expect("StopTransaction")).payload["transactionData"]
    told = {(one["context"], one["measurand"]) for value in data for one in value["sampledValue"]}
    contexts = ("Transaction.Begin", "Sample.Periodic", "Transaction.End")
    assert told == {(context, "Energy.Active.Import.Register") for context in contexts}


async def test_tc_071_clock_aligned_meter_values(csms: Csms, start: Start) -> None:
    """Those of a transaction name it."""
    station: StationUnderTest = await start(AlignedDataCtrlr__Interval=2)
    await charge(station, csms)
    values = (await csms.expect("MeterValues", lambda told: "transactionId" in told)).payload
    [one] = values["meterValue"]
    assert {value["context"] for value in one["sampledValue"]} == {"Sample.Clock"}
