"""A station changes its OCPP version in mid session, with power cuts between, and loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.history import problems, transactions
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import on
from tests.conformance.ocpp201.sessions import set_variables, status_of
from tests.conformance.station import CARD, StationUnderTest, seq_nos
from tests.conformance.versions import speaking
from tests.soak.session import register_wh


def old() -> Csms:
    return speaking("1.6")


def new() -> Csms:
    return speaking("2.0.1")


async def settle(csms: Csms) -> None:
    await csms.expect("BootNotification")
    await csms.expect("StatusNotification")


def profile(limit_a: float) -> dict[str, Any]:
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit_a}]}
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule,
    }


async def test_from_16_to_201_and_back_in_one_session(tmp_path: Path) -> None:
    """One transaction, one number, one list, one limit and one setting, whatever is spoken."""
    async with old() as before:
        port = before.port
        async with StationUnderTest(directory=tmp_path, url=before.url) as station:
            await settle(before)
            entry = {"idTag": CARD, "idTagInfo": {"status": "Accepted"}}
            full = {"listVersion": 7, "updateType": "Full", "localAuthorizationList": [entry]}
            await before.call("ChangeConfiguration", {"key": "LocalAuthListEnabled", "value": "true"})
            await before.call("SendLocalList", full)
            await before.call("ChangeConfiguration", {"key": "ConnectionTimeOut", "value": "44"})
            await before.call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile(9)})
            station.bay.plug_in()
            await before.expect("StatusNotification", on(1, "Preparing"))
            await station.accepted(CARD)
            started = (await before.expect("StartTransaction")).payload
            await before.expect("StatusNotification", on(1, "Charging"))
            await before.close()

            async with new() as between:
                await between.close()
                await between.listen(port)
                await settle(between)
                version = await between.call("GetLocalListVersion", {})
                assert version == {"versionNumber": 7}
                data = {"getVariableData": [_named("TxCtrlr", "EVConnectionTimeOut")]}
                told = await between.call("GetVariables", data)
                assert told["getVariableResult"][0]["attributeValue"] == "44"
                schedule = await between.call("GetCompositeSchedule", {"evseId": 1, "duration": 60})
                assert schedule["schedule"]["chargingSchedulePeriod"][0]["limit"] == 9
                assert await set_variables(between, {"TxCtrlr.EVConnectionTimeOut": "45"}) == ["Accepted"]
                await between.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
                running = await between.event(triggerReason="Trigger")
                assert running["transactionInfo"]["transactionId"] == (await station.evse())["transaction"]
                await station.cut_power()
                await station.power_on()
                await between.expect("BootNotification")
                await between.expect("StatusNotification", status_of(1, "Occupied"))
                await between.close()

            await before.listen(port)
            await before.expect("BootNotification")
            key = {"key": ["ConnectionTimeOut"]}
            told = await before.call("GetConfiguration", key)
            assert told["configurationKey"][0]["value"] == "45"
            await station.accepted(CARD)
            stopped = (await before.expect("StopTransaction")).payload
            assert (stopped["transactionId"], stopped["reason"]) == (1, "Local")
            assert stopped["meterStop"] >= started["meterStart"]
            assert len(before.calls("StartTransaction")) == 1


@pytest.mark.timeout(120)
async def test_from_16_over_201_and_21_back_to_16_with_the_power_gone_between(tmp_path: Path) -> None:
    """One session: 1.6 opens it, 2.0.1 and 2.1 follow it by its own name, 1.6 closes what it opened."""
    settings = {"SampledDataCtrlr.TxUpdatedInterval": 1}
    async with speaking("1.6") as first:
        port = first.port
        async with StationUnderTest(directory=tmp_path, url=first.url, variables=settings) as station:
            await settle(first)
            begin_wh = register_wh(station.bay)
            station.bay.plug_in()
            await station.until(phase="cable-only")
            await station.accepted(CARD)
            started = (await first.expect("StartTransaction")).payload
            await first.expect("MeterValues")
            transaction_id = (await station.evse())["transaction"]
            await first.close()
            told: list[Payload] = []
            for version in ("2.0.1", "2.1"):
                await station.cut_power()
                async with speaking(version) as between:
                    await between.close()
                    await between.listen(port)
                    await station.power_on()
                    await between.expect("BootNotification")
                    await station.until(charging_state="Charging")
                    await between.event(triggerReason="MeterValuePeriodic")
                    told += between.events()
            await station.cut_power()
            await first.listen(port)
            await station.power_on()
            await first.expect("BootNotification")
            await station.until(charging_state="Charging")
            await station.accepted(CARD)
            stopped = (await first.expect("StopTransaction")).payload
            await station.until(transaction=None)
            station.bay.unplug()
            end_wh = register_wh(station.bay)
    assert {event["transactionInfo"]["transactionId"] for event in told} == {transaction_id}
    assert {event["eventType"] for event in told} == {"Updated"}
    numbers = seq_nos(told)
    assert sorted(set(numbers)) == list(range(numbers[0], numbers[-1] + 1)), "none is missing"
    assert numbers == sorted(numbers), "one may be told to both if the first did not get to confirm it"
    assert (started["meterStart"], stopped["meterStop"]) == (begin_wh, end_wh)
    assert (stopped["transactionId"], stopped["reason"]) == (1, "Local")
    assert problems(first) == []
    assert len(transactions(first)) == 1


async def test_what_began_under_201_is_opened_under_16_with_its_first_count(tmp_path: Path) -> None:
    async with new() as before:
        port = before.port
        async with StationUnderTest(directory=tmp_path, url=before.url) as station:
            await settle(before)
            station.bay.plug_in()
            await station.accepted(CARD)
            began = await before.event(eventType="Started")
            await before.event(chargingState="Charging")
            await before.close()
            await station.cut_power()
            await station.power_on()
            async with old() as after:
                await after.close()
                await after.listen(port)
                await after.expect("BootNotification")
                await station.until(charging_state="Charging")
                await station.accepted(CARD)
                started = (await after.expect("StartTransaction")).payload
                stopped = (await after.expect("StopTransaction")).payload
    first = began["meterValue"][0]["sampledValue"][0]["value"]
    assert (started["idTag"], started["meterStart"]) == (CARD, int(first))
    assert started["timestamp"] == began["timestamp"]
    assert stopped["meterStop"] >= started["meterStart"]


def _named(component: str, variable: str) -> dict[str, Any]:
    return {"component": {"name": component}, "variable": {"name": variable}}
