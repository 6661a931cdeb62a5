from __future__ import annotations

from pathlib import Path

import pytest

from agent.transactions.records import StopReason
from tests.unit.agent.station.bench import bench


@pytest.mark.parametrize(("off_s", "goes_on"), [(50, True), (3700, False)])
async def test_a_transaction_goes_on_if_the_power_was_not_gone_for_too_long(
    tmp_path: Path, off_s: float, *, goes_on: bool
) -> None:
    async with bench(tmp_path, TxCtrlr__ResumptionTimeout="3600") as station:
        async with station.running():
            await station.charge()
        station.clock.advance(off_s)
        async with station.running():
            if goes_on:
                await station.until_charging()
                assert [event.kind for event in await station.events()][-1] != "Ended"
            else:
                await station.until(lambda: station.state.transaction is None)
                ended = (await station.events())[-1]
                assert (ended.kind, ended.trigger) == ("Ended", "AbnormalCondition")
                assert ended.stopped_reason == "PowerLoss"
                assert [sample.context for sample in ended.samples] == [
                    "Transaction.Begin",
                    "Transaction.End",
                ]
                assert not station.state.wants_power


async def test_none_goes_on_where_that_is_wanted_and_no_energy_flows_meanwhile(tmp_path: Path) -> None:
    async with bench(tmp_path, TxCtrlr__ResumptionTimeout="0") as station:
        async with station.running():
            await station.charge()
        commands = len(station.controller.commands)
        async with station.running():
            await station.until(lambda: station.state.transaction is None)
            assert 16 not in station.controller.commands[commands:]


@pytest.mark.parametrize("reason", ["PowerLoss", "Reboot"])
async def test_why_it_was_interrupted_is_why_it_ends(tmp_path: Path, reason: StopReason) -> None:
    async with bench(tmp_path, TxCtrlr__ResumptionTimeout="0") as station:
        async with station.running():
            await station.charge()
        await station.service.resume(reason)
        assert station.state.transaction is not None
        assert station.state.transaction.stop_reason == reason


async def test_the_time_of_a_break_is_known_without_samples(tmp_path: Path) -> None:
    """Ten minutes of a charge in which nothing happened are no break."""
    settings = {"TxCtrlr__ResumptionTimeout": "200", "SampledDataCtrlr__TxUpdatedInterval": "0"}
    async with bench(tmp_path, **settings) as station:
        async with station.running():
            await station.charge()
            await station.wait(600)
        station.clock.advance(100)
        async with station.running():
            await station.until_charging()


async def test_it_goes_on_if_nobody_knows_the_time(tmp_path: Path) -> None:
    async with bench(tmp_path, TxCtrlr__ResumptionTimeout="60") as station:
        async with station.running():
            await station.charge()
        station.clock.wall = station.clock.wall.replace(year=1970)
        async with station.running():
            await station.until(lambda: station.state.transaction is not None)
            assert [event.kind for event in await station.events()].count("Ended") == 0
