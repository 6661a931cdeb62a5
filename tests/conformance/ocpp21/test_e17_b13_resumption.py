"""E17 and B13: transactions that go on after a power cut, or a reset that lets them."""

from __future__ import annotations

import asyncio
import time

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.profiles import draws
from tests.conformance.ocpp201.sessions import charge, info, set_variables, transaction_id
from tests.conformance.station import StationUnderTest

TIMEOUT = "TxCtrlr.ResumptionTimeout"
ENERGY = "TxCtrlr.AllowEnergyTransferResumption"
RANGE = "TxCtrlr.EnergyTransferResumptionRandomRange"


async def reset(csms: Csms, **more: object) -> str:
    """Ask for a reset that ends no transaction, and return the status of the answer."""
    status: str = (await csms.call("Reset", {"type": "ImmediateAndResume", **more}))["status"]
    return status


async def power_cut(station: StationUnderTest, csms: Csms, off_s: float = 0) -> None:
    """Take the power away for so long."""
    await station.cut_power()
    await asyncio.sleep(off_s)
    csms.forget()
    await station.power_on()
    await csms.expect("BootNotification")


async def nothing_after(csms: Csms, resumed: Payload) -> None:
    """Nothing more is told of the transaction. What the cut left without an answer may be told again."""
    await asyncio.sleep(0.3)
    numbers = [event["seqNo"] for event in csms.events(transaction_id(resumed))]
    assert max(numbers) == resumed["seqNo"]


async def test_tc_e_113_it_goes_on_with_energy(start: Start, csms: Csms) -> None:
    """TC_E_113. E17.FR.01, E17.FR.10, E17.FR.11: told once it charges again; its numbers go on."""
    station = await start()
    transaction = await charge(station, csms)
    before = csms.events(transaction)[-1]["seqNo"]
    await power_cut(station, csms)
    resumed = await csms.event(triggerReason="TxResumed")
    assert info(resumed, "eventType", "chargingState") == ("Updated", "Charging")
    assert transaction_id(resumed) == transaction
    assert resumed["seqNo"] > before
    await draws(station, 16)
    await nothing_after(csms, resumed)
    numbers = sorted({event["seqNo"] for event in csms.events(transaction)})
    assert numbers == list(range(len(numbers)))


async def test_tc_e_112_it_goes_on_without_energy(start: Start, csms: Csms) -> None:
    """TC_E_112. E17.FR.12: another vehicle may be plugged in by now; the driver can still end it."""
    station = await start()
    transaction = await charge(station, csms)
    await set_variables(csms, {ENERGY: "false"})
    await power_cut(station, csms)
    resumed = await csms.event(triggerReason="TxResumed")
    assert info(resumed, "eventType", "chargingState") == ("Updated", "SuspendedEVSE")
    assert transaction_id(resumed) == transaction
    await nothing_after(csms, resumed)
    assert max(station.bay.currents_a) < 0.5
    await station.accepted()
    station.bay.unplug()
    await csms.event(eventType="Ended")


async def test_tc_e_116_an_interruption_that_took_too_long(start: Start, csms: Csms) -> None:
    """TC_E_115, TC_E_116. E17.FR.20, E17.FR.21: it ends, for the reason that it was interrupted."""
    station = await start()
    await charge(station, csms)
    await set_variables(csms, {TIMEOUT: "1"})
    await power_cut(station, csms, off_s=1.5)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("AbnormalCondition", "PowerLoss")
    station.bay.unplug()
    await csms.expect("StatusNotification", lambda payload: payload["connectorStatus"] == "Available")
    await charge(station, csms)
    await set_variables(csms, {TIMEOUT: "0"})
    await power_cut(station, csms)
    ended = await csms.event(eventType="Ended")
    assert info(ended, "triggerReason", "stoppedReason") == ("AbnormalCondition", "PowerLoss")


async def test_energy_comes_back_after_a_while_at_random(start: Start, csms: Csms) -> None:
    """EnergyTransferResumptionRandomRange: not a whole street at once."""
    station = await start()
    await charge(station, csms)
    await set_variables(csms, {RANGE: "4"})
    began = time.monotonic()
    waits = set()
    for _ in range(2):
        await power_cut(station, csms)
        resumed = await csms.event(triggerReason="TxResumed")
        assert info(resumed, "chargingState") == ("Charging",)
        waits.add(round(time.monotonic() - began, 1))
        began = time.monotonic()
    assert len(waits) == 2


async def test_tc_b_101_103_a_reset_that_ends_nothing(start: Start, csms: Csms) -> None:
    """TC_B_101, TC_B_103. B13: refused where nothing resumes; else it goes on with energy."""
    station = await start()
    transaction = await charge(station, csms)
    await set_variables(csms, {TIMEOUT: "0"})
    assert await reset(csms) == "Rejected"
    await set_variables(csms, {TIMEOUT: "999"})
    csms.forget()
    assert await reset(csms) == "Accepted"
    boot = await csms.expect("BootNotification")
    assert boot.payload["reason"] == "RemoteReset"
    resumed = await csms.event(triggerReason="TxResumed")
    assert info(resumed, "eventType", "chargingState") == ("Updated", "Charging")
    assert transaction_id(resumed) == transaction
    await draws(station, 16)


async def test_tc_b_102_a_reset_after_which_no_energy_flows(start: Start, csms: Csms) -> None:
    """TC_B_102."""
    station = await start()
    transaction = await charge(station, csms)
    await set_variables(csms, {ENERGY: "false"})
    csms.forget()
    assert await reset(csms) == "Accepted"
    await csms.expect("BootNotification")
    resumed = await csms.event(triggerReason="TxResumed")
    assert info(resumed, "eventType", "chargingState") == ("Updated", "SuspendedEVSE")
    assert transaction_id(resumed) == transaction


async def test_tc_b_104_without_a_transaction_and_of_one_evse(start: Start, csms: Csms) -> None:
    """TC_B_104, and the same for one EVSE."""
    station = await start()
    assert await reset(csms) == "Accepted"
    await csms.expect("BootNotification")
    await csms.nothing_more(0.2, "TransactionEvent")
    transaction = await charge(station, csms)
    csms.forget()
    assert await reset(csms, evseId=1) == "Accepted"
    resumed = await csms.event(triggerReason="TxResumed")
    assert info(resumed, "eventType", "chargingState") == ("Updated", "Charging")
    assert transaction_id(resumed) == transaction
    await csms.nothing_more(0.2, "BootNotification")
