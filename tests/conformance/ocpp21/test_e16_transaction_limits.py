"""E16: transactions with a limit of cost, energy, time or state of charge."""

from __future__ import annotations

from typing import Any

import pytest

from agent.system.control import ControlError
from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import charge, get_variables, info, remote_start, unplug
from tests.conformance.station import StationUnderTest


def limiting(csms: Csms, *limits: Payload) -> None:
    """Answer the next transaction events with these limits, one each; then with none."""
    left = list(limits)

    def answer(_: Payload) -> Payload:
        return {"transactionLimit": left.pop(0)} if left else {}

    csms.script["TransactionEvent"] = answer


async def limit_set(csms: Csms) -> Payload:
    """Return the limit that the station says is in force now."""
    event = await csms.event(eventType="Updated", triggerReason="LimitSet")
    found: Payload = event["transactionInfo"]["transactionLimit"]
    return found


async def spent(csms: Csms, trigger: str, **more: Any) -> Payload:
    """Return the event that says that a limit is reached and no energy flows any more."""
    event = await csms.event(triggerReason=trigger, **more)
    assert info(event, "eventType", "chargingState") == ("Updated", "SuspendedEVSE")
    return event


async def draws_nothing(station: StationUnderTest, csms: Csms) -> None:
    """Wait until no current flows."""
    await csms.until(lambda: max(station.bay.currents_a) < 0.5)


async def test_tc_e_100_an_energy_limit_of_the_backend(start: Start, csms: Csms) -> None:
    """TC_E_100. E16.FR.03, E16.FR.05, E16.FR.10, E16.FR.14, E16.FR.17.

    It is confirmed, once; a lower one that is passed already counts at once; a higher one lets energy flow.
    """
    station = await start()
    limiting(csms, {"maxEnergy": 2000}, {"maxEnergy": 2000})
    await charge(station, csms)
    assert await limit_set(csms) == {"maxEnergy": 2000}
    assert csms.is_connected
    limiting(csms, {"maxTime": 3600, "maxEnergy": 1})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    assert await limit_set(csms) == {"maxEnergy": 1, "maxTime": 3600}
    await spent(csms, "EnergyLimitReached")
    await draws_nothing(station, csms)
    limiting(csms, {"maxEnergy": 50_000})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    assert await limit_set(csms) == {"maxEnergy": 50_000, "maxTime": 3600}
    await csms.event(chargingState="Charging", triggerReason="ChargingStateChanged")
    csms.forget()
    limiting(csms, {"maxEnergy": 50_000})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    await csms.event(triggerReason="Trigger")
    await csms.nothing_more(0.3, "TransactionEvent")  # a repetition sets nothing


async def test_tc_e_101_104_a_cost_limit_by_the_backends_reckoning(start: Start, csms: Csms) -> None:
    """TC_E_101, TC_E_104. E16.FR.15: by CostUpdated, or the answer to an event; it holds over a power cut."""
    station = await start()
    limiting(csms, {"maxCost": 45.3})
    transaction = await charge(station, csms)
    assert await limit_set(csms) == {"maxCost": 45.3}
    await csms.call("CostUpdated", {"transactionId": transaction, "totalCost": 45.29})
    await csms.nothing_more(0.3, "TransactionEvent")
    await csms.call("CostUpdated", {"transactionId": transaction, "totalCost": 45.3})
    await spent(csms, "CostLimitReached")
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    await station.until(charging_state="SuspendedEVSE")
    limiting(csms, {"maxCost": 60})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    assert await limit_set(csms) == {"maxCost": 60}
    await csms.event(chargingState="Charging")
    csms.script["TransactionEvent"] = {"totalCost": 60.01}
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    await spent(csms, "CostLimitReached")


async def test_tc_e_102_106_driver_and_backend(start: Start, csms: Csms) -> None:
    """TC_E_102, TC_E_106. E16.FR.01, E16.FR.04: what the driver sets is told, never above the backend's."""
    station = await start()
    await station.ask(do="transaction-limit", evse=1, energy_wh=20_000)
    limiting(csms)
    await charge(station, csms)
    assert await limit_set(csms) == {"maxEnergy": 20_000}
    limiting(csms, {"maxEnergy": 3000})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    assert await limit_set(csms) == {"maxEnergy": 3000}
    await station.ask(do="transaction-limit", evse=1, energy_wh=30_000)
    assert await limit_set(csms) == {"maxEnergy": 3000}
    await station.ask(do="transaction-limit", evse=1, energy_wh=1)
    assert await limit_set(csms) == {"maxEnergy": 1}
    await spent(csms, "EnergyLimitReached")
    with pytest.raises(ControlError, match="above 0"):
        await station.ask(do="transaction-limit", evse=1, energy_wh=0)
    await unplug(station, csms)
    await csms.event(eventType="Ended")


async def test_tc_e_103_108_a_cost_limit_by_the_stations_own_reckoning(start: Start, csms: Csms) -> None:
    """TC_E_103, TC_E_108. E16.FR.16: what the station calculates counts, whatever the backend says."""
    station = await start()
    price = {"taxRates": [{"type": "VAT", "tax": 0}], "prices": [{"priceMinute": 60}]}
    tariff = {"tariffId": "T", "currency": "EUR", "chargingTime": price, "idleTime": price}
    answer = await csms.call("SetDefaultTariff", {"evseId": 0, "tariff": tariff})
    assert answer["status"] == "Accepted", answer
    limiting(csms, {"maxCost": 2})
    await charge(station, csms)
    assert await limit_set(csms) == {"maxCost": 2}
    await spent(csms, "CostLimitReached")


async def test_tc_e_105_107_a_time_limit(start: Start, csms: Csms) -> None:
    """TC_E_105, TC_E_107. E16.FR.09: counted from the beginning of the transaction."""
    station = await start()
    limiting(csms)
    await charge(station, csms)
    await station.ask(do="transaction-limit", evse=1, time_s=3600)
    assert await limit_set(csms) == {"maxTime": 3600}
    limiting(csms, {"maxTime": 2})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    assert await limit_set(csms) == {"maxTime": 2}
    await spent(csms, "TimeLimitReached")


async def test_a_state_of_charge_and_an_end_by_energy(start: Start, csms: Csms) -> None:
    """E16.FR.06: where TxStopPoint is EnergyTransfer the transaction ends with its limit."""
    station = await start(TxCtrlr__TxStopPoint="EnergyTransfer")
    (supported,) = await get_variables(csms, "TxCtrlr.SupportedLimits")
    assert supported["attributeValue"] == "maxCost,maxEnergy,maxTime,maxSoC"
    limiting(csms, {"maxSoC": 80})
    await charge(station, csms)
    assert await limit_set(csms) == {"maxSoC": 80}
    await station.ask(do="ev-soc", evse=1, soc=79)
    await csms.nothing_more(0.3, "TransactionEvent")
    await station.ask(do="ev-soc", evse=1, soc=80)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("SoCLimitReached", "SOCLimitReached")


async def test_a_remote_start_with_a_limit_goes_as_far_as_that(start: Start, csms: Csms) -> None:
    """F07: the backend starts it, and gives its limit with the answer to the first event."""
    station = await start()
    station.bay.plug_in()
    limiting(csms, {"maxEnergy": 100_000}, {})
    assert (await remote_start(csms, remote_start_id=77))["status"] == "Accepted"
    started = await csms.event(eventType="Started")
    assert info(started, "triggerReason", "remoteStartId") == ("RemoteStart", 77)
    assert await limit_set(csms) == {"maxEnergy": 100_000}
    await csms.event(chargingState="Charging")
    limiting(csms, {"maxEnergy": 1})
    await csms.call("TriggerMessage", {"requestedMessage": "TransactionEvent"})
    assert await limit_set(csms) == {"maxEnergy": 1}
    await spent(csms, "EnergyLimitReached")
    await draws_nothing(station, csms)
