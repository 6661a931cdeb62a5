"""What an EVSE does when its charge controller is silent, forgets, or does not do what it is told."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

from agent.station.evse import Phase
from agent.station.faults import CONTROLLER_SILENT, CURRENT_STAYS, POWER_STAYS
from drivers.readings import Pilot
from tests.unit.agent.station.bench import Bench, bench


async def seconds(station: Bench, count: int) -> None:
    for _ in range(count):
        station.clock.advance(1)
        reads = station.meter.reads
        await station.until(lambda: station.meter.reads > reads + 1)  # noqa: B023 - called before it changes


async def test_a_silent_controller_is_not_believed_to_be_off(tmp_path: Path) -> None:
    """E07: the transaction waits for the power to be off, and counts what flowed until then."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.controller.is_silent = True
        stopping = asyncio.create_task(station.stop_by_card())
        await station.until(lambda: station.state.phase is Phase.CABLE_ONLY)
        await stopping
        assert station.state.transaction is not None, "it has not ended"
        await seconds(station, 4)
        await station.until(lambda: station.state.fault == CONTROLLER_SILENT)
        assert station.service.status == "Faulted"
        station.meter.energy_mwh += 40_000
        station.controller.is_silent = False
        await station.until(lambda: station.state.transaction is None)
        await station.until(lambda: station.state.fault is None)
        ended = (await station.events())[-1]
    assert not station.controller.is_on
    assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "StopAuthorized", "Local")
    assert int(ended.samples[-1].values[0].value) == 5_040


async def test_there_is_an_end_to_waiting_but_the_evse_stays_out_of_order(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.controller.is_silent = True
        await station.stop_by_card()
        await seconds(station, 31)
        await station.until(lambda: station.state.transaction is None)
        assert station.service.status == "Faulted"
        ended = (await station.events())[-1]
    assert ended.stopped_reason == "Local"


async def test_a_controller_that_will_not_switch_off_is_out_of_order_until_it_does(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        station.controller.refuses = True
        station.controller.pilot = Pilot.A
        await station.until(lambda: station.state.phase is Phase.IDLE)
        await seconds(station, 6)
        await station.until(lambda: station.state.fault == POWER_STAYS)
        assert station.service.status == "Faulted"
        station.controller.refuses = False
        await station.until(lambda: station.service.status == "Available")
    assert not station.controller.is_on


async def test_current_that_flows_on_after_power_was_withdrawn(tmp_path: Path) -> None:
    """A contactor has welded: the next driver must not touch it."""
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        await station.stop_by_card()
        station.meter.current_a = Decimal("15.9")
        await seconds(station, 9)
        assert station.state.fault is None
        await seconds(station, 3)
        await station.until(lambda: station.state.fault == CURRENT_STAYS)
        station.meter.current_a = Decimal("0.1")
        await seconds(station, 1)
        await station.until(lambda: station.state.fault is None)


async def test_power_comes_back_with_the_controller_in_the_same_transaction(tmp_path: Path) -> None:
    async with bench(tmp_path) as station, station.running():
        await station.charge()
        transaction = station.state.transaction
        station.controller.is_silent = True
        await seconds(station, 4)
        await station.until(lambda: station.state.fault == CONTROLLER_SILENT)
        station.controller.is_silent = False
        await station.until_charging()
        assert station.controller.is_on
        assert transaction is not None
        assert station.state.transaction is not None
        assert station.state.transaction.id == transaction.id
        told = [(event.trigger, event.charging_state) for event in await station.events()]
    assert ("AbnormalCondition", "SuspendedEVSE") in told
    assert told[-1] == ("ChargingStateChanged", "Charging")
