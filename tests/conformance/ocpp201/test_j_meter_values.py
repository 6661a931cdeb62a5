"""J01 and J02: clock-aligned and sampled meter values, in and out of transactions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import ENERGY, charge, sampled, trigger, unplug
from tests.conformance.station import CARD, StationUnderTest

EVERY_SECOND: dict[str, Any] = {"AlignedDataCtrlr__Interval": 1}


def moments(payload: Payload) -> list[datetime]:
    """Return the time of each group of values."""
    return [datetime.fromisoformat(value["timestamp"]) for value in payload["meterValue"]]


def values(payload: Payload) -> list[Payload]:
    """Return all sampled values."""
    return [one for value in payload["meterValue"] for one in value["sampledValue"]]


async def test_tc_j_01_clock_aligned_values_while_nobody_charges(csms: Csms, start: Start) -> None:
    """J01.FR.01, J01.FR.02, J01.FR.05, J01.FR.06, J01.FR.07, J01.FR.08, J01.FR.09, J01.FR.10, J01.FR.11,
    J01.FR.14, J01.FR.17.

    Of every EVSE, with context, unit, phases and the time at which they were measured.
    """
    wanted = f"{ENERGY},Voltage"
    await start(evses=2, AlignedDataCtrlr__Measurands=wanted, **EVERY_SECOND)
    now = datetime.now(UTC)
    first = (await csms.expect("MeterValues", lambda payload: payload["evseId"] == 1)).payload
    second = (await csms.expect("MeterValues", lambda payload: payload["evseId"] == 2)).payload
    for payload in (first, second):
        assert {one["context"] for one in values(payload)} == {"Sample.Clock"}
        assert {one["measurand"] for one in values(payload)} == set(wanted.split(","))
        assert {one["location"] for one in values(payload)} == {"Outlet"}
        assert all(abs(at - now) < timedelta(seconds=6) for at in moments(payload))
    voltages = [one for one in values(first) if one["measurand"] == "Voltage"]
    assert {one["phase"] for one in voltages} >= {"L1-N", "L2-N", "L3-N"}
    assert {one["unitOfMeasure"]["unit"] for one in voltages} == {"V"}
    (register,) = sampled(first)
    assert register[0] == "Sample.Clock"


async def test_tc_j_02_03_clock_aligned_values_during_a_transaction(csms: Csms, start: Start) -> None:
    """J01.FR.22, E03.FR.08; TC_J_03: in its events, and those for its end with its last one."""
    station: StationUnderTest = await start(
        AlignedDataCtrlr__Measurands=f"{ENERGY},Current.Import",
        AlignedDataCtrlr__TxEndedInterval=1,
        AlignedDataCtrlr__TxEndedMeasurands=ENERGY,
        **EVERY_SECOND,
    )
    await station.accepted(CARD)
    station.bay.plug_in()
    updated = await csms.event(triggerReason="MeterValueClock", chargingState="Charging")
    assert {one["context"] for one in values(updated)} == {"Sample.Clock"}
    assert {one["measurand"] for one in values(updated)} == {ENERGY, "Current.Import"}
    currents = [one for one in values(updated) if one["measurand"] == "Current.Import"]
    assert {one["phase"] for one in currents} >= {"L1", "L2", "L3"}
    await csms.event(triggerReason="MeterValueClock")
    csms.forget()
    await unplug(station, csms)
    ended = await csms.event(eventType="Ended")
    contexts = [context for context, _ in sampled(ended)]
    assert contexts[0] == "Transaction.Begin"
    assert contexts[-1] == "Transaction.End"
    assert contexts[1:-1] == ["Sample.Clock"] * (len(contexts) - 2) != []
    counts = [count for _, count in sampled(ended)]
    assert counts == sorted(counts)


async def test_tc_j_06_idle_values_only(csms: Csms, start: Start) -> None:
    """J01.FR.20: none of any EVSE while a transaction runs, and again when it is over."""
    station: StationUnderTest = await start(evses=2, AlignedDataCtrlr__SendDuringIdle=True, **EVERY_SECOND)
    await csms.expect("MeterValues")
    await charge(station, csms)
    csms.forget()
    await csms.nothing_more(1.5, "MeterValues", "TransactionEvent")
    await unplug(station, csms)
    await csms.expect("MeterValues")


async def test_tc_j_07_09_10_sampled_values_of_a_transaction(csms: Csms, start: Start) -> None:
    """J02.FR.01, J02.FR.02, J02.FR.03, J02.FR.04, J02.FR.05, J02.FR.06, J02.FR.07, J02.FR.10, J02.FR.11,
    J02.FR.18, E02.FR.10, E02.FR.16; TC_J_09, TC_J_10.

    The measurands of the beginning, of the while, and of the end, each at its time and with its context.
    """
    station: StationUnderTest = await start(
        SampledDataCtrlr__TxStartedMeasurands=f"{ENERGY},Voltage",
        SampledDataCtrlr__TxUpdatedMeasurands="Power.Active.Import,Current.Import",
        SampledDataCtrlr__TxUpdatedInterval=1,
        SampledDataCtrlr__TxEndedMeasurands=f"{ENERGY},Power.Active.Import",
        SampledDataCtrlr__TxEndedInterval=1,
    )
    await charge(station, csms)
    started, *_ = csms.events()
    assert {one["context"] for one in values(started)} == {"Transaction.Begin"}
    assert {one["measurand"] for one in values(started)} == {ENERGY, "Voltage"}
    updates = [
        await csms.event(triggerReason="MeterValuePeriodic", chargingState="Charging") for _ in range(2)
    ]
    for update in updates:
        assert {one["context"] for one in values(update)} == {"Sample.Periodic"}
        assert {one["measurand"] for one in values(update)} == {"Power.Active.Import", "Current.Import"}
        assert {one["location"] for one in values(update)} == {"Outlet"}
        currents = [one for one in values(update) if one["measurand"] == "Current.Import"]
        assert {one["phase"] for one in currents} >= {"L1", "L2", "L3"}
        assert len(moments(update)) == 1
    (earlier, *_), (later, *_) = map(moments, updates)
    assert timedelta(seconds=0.8) <= later - earlier
    csms.forget()
    await unplug(station, csms)
    ended = await csms.event(eventType="Ended")
    contexts = [context for context, _ in sampled(ended)]
    assert (contexts[0], contexts[-1]) == ("Transaction.Begin", "Transaction.End")
    assert contexts[1:-1] == ["Sample.Periodic"] * (len(contexts) - 2) != []
    assert moments(ended) == sorted(moments(ended))
    counts = [count for _, count in sampled(ended)]
    assert counts[0] == sampled(started)[0][1]
    assert counts == sorted(counts)
    assert "Power.Active.Import" in {one["measurand"] for one in values(ended)}


async def test_no_values_where_none_are_wanted(csms: Csms, start: Start) -> None:
    """An interval of 0 and no measurands send nothing; what is asked for comes all the same."""
    station: StationUnderTest = await start(
        SampledDataCtrlr__TxStartedMeasurands="", SampledDataCtrlr__TxEndedMeasurands=""
    )
    await charge(station, csms)
    assert await trigger(csms, "MeterValues", evse={"id": 1}) == "Accepted"
    asked = (await csms.expect("MeterValues")).payload
    assert {one["context"] for one in values(asked)} == {"Trigger"}
    await unplug(station, csms)
    await csms.event(eventType="Ended")
    assert not any("meterValue" in event for event in csms.events())


async def test_registers_without_phases(csms: Csms, start: Start) -> None:
    """One total, or one for each phase as well, all of one moment."""
    station: StationUnderTest = await start(SampledDataCtrlr__RegisterValuesWithoutPhases=False)
    await charge(station, csms)
    started, *_ = csms.events()
    registers = [one for one in values(started) if one["measurand"] == ENERGY]
    assert {one.get("phase") for one in registers} >= {None}
    assert len(moments(started)) == 1


async def test_how_the_phases_are_wired_can_be_asked(csms: Csms, start: Start) -> None:
    """J01.FR.13, J02.FR.09: phases are those of the EVSE; how they lie on the grid's is a setting."""
    await start()
    component = {"name": "EVSE", "evse": {"id": 1}}
    wanted = {"component": component, "variable": {"name": "PhaseRotation"}}
    setting = {"setVariableData": [{**wanted, "attributeValue": "STR"}]}
    (done,) = (await csms.call("SetVariables", setting))["setVariableResult"]
    assert done["attributeStatus"] == "Accepted"
    (found,) = (await csms.call("GetVariables", {"getVariableData": [wanted]}))["getVariableResult"]
    assert found["attributeValue"] == "STR"
