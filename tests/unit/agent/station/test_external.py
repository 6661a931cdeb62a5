from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.smartcharging.external import LimitCleared, LimitSet, OutsideLimit
from agent.smartcharging.matching import Criteria
from agent.smartcharging.profiles import Period
from agent.station.external import Refused
from agent.store import charging_profiles
from tests.unit.agent.station.test_limits import charge, limited, offered
from tests.unit.agent.station.test_station import Forecourt


class Told:
    """What the backend is to be told."""

    def __init__(self) -> None:
        self.records: list[object] = []

    async def add(self, record: object) -> None:
        self.records.append(record)

    def take(self) -> list[object]:
        taken, self.records = self.records, []
        return taken


@asynccontextmanager
async def under_control(path: Path, **settings: Any) -> AsyncIterator[tuple[Forecourt, Told]]:
    async with limited(path, **settings) as place:
        told = Told()
        place.station.external.tell(told)
        running = asyncio.create_task(place.station.external.run())
        await asyncio.sleep(0)
        try:
            yield place, told
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def limit(most_a: float, evse_id: int = 0, **members: Any) -> OutsideLimit:
    defaults: dict[str, Any] = {"source": "EMS", "unit": "A"}
    periods = (Period(start_s=0, limit=Decimal(str(most_a))),)
    return OutsideLimit(evse_id=evse_id, periods=periods, **(defaults | members))


async def test_a_limit_is_obeyed_told_and_taken_back(tmp_path: Path) -> None:
    """K11.FR.02, K11.FR.03, K13.FR.01, K13.FR.02, K13.FR.03."""
    async with under_control(tmp_path) as (place, told):
        await charge(place, 1)
        await offered(place, 1, 16)
        await place.station.external.set(limit(9, source="SO", is_grid_critical=True))
        await offered(place, 1, 9)
        (record,) = told.take()
        assert isinstance(record, LimitSet)
        assert (record.source, record.evse_id, record.is_grid_critical) == ("SO", None, True)
        assert record.schedules[0].periods[0].limit == 9
        assert await place.station.external.clear("SO", 0)
        await offered(place, 1, 16)
        assert told.take() == [LimitCleared(source="SO", evse_id=None)]
        assert not await place.station.external.clear("SO", 0)
        triggers = [event.trigger for event in await place.events()]
    assert triggers.count("ChargingRateChanged") == 2


async def test_the_log_names_it_by_its_source(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with under_control(tmp_path) as (place, _):
        await place.station.external.set(limit(10))
        assert "in force: limit from outside (EMS) for the station" in caplog.text
        await place.station.external.clear("EMS", 0)
    assert "gone: limit from outside (EMS) for the station" in caplog.text


async def test_what_only_repeats_is_neither_told_nor_written(tmp_path: Path) -> None:
    async with under_control(tmp_path) as (place, told):
        await place.station.external.set(limit(9, lasts_s=60))
        written = await place.database.read(charging_profiles.load)
        told.take()
        place.clock.advance(50)
        await place.station.external.set(limit(9, lasts_s=60))
        (kept,) = place.limits.profiles
        assert kept.valid_to == place.clock.now() + timedelta(seconds=60)
        assert await place.database.read(charging_profiles.load) == written
        assert told.take() == []


async def test_a_small_change_is_obeyed_and_not_told(tmp_path: Path) -> None:
    """K12.FR.02."""
    settings = {"SmartChargingCtrlr.LimitChangeSignificance": "20"}
    async with under_control(tmp_path, **settings) as (place, told):
        await place.station.external.set(limit(10))
        await place.station.external.set(limit(9))
        assert len(told.take()) == 1
        (kept,) = place.limits.profiles
        assert kept.schedule.periods[0].limit == 9


async def test_a_limit_ends_by_itself(tmp_path: Path) -> None:
    async with under_control(tmp_path) as (place, told):
        await place.station.external.set(limit(9, 1, lasts_s=60))
        await place.benches[1].until(lambda: place.station.evses[1].limit_a == 9)
        assert place.station.evses[2].limit_a == 16
        told.take()
        place.clock.advance(61)
        await place.benches[1].until(lambda: place.station.evses[1].limit_a == 16)
        await place.benches[1].until(lambda: bool(told.records))
        assert told.take() == [LimitCleared(source="EMS", evse_id=1)]


async def test_the_backend_can_neither_clear_nor_replace_it(tmp_path: Path) -> None:
    async with under_control(tmp_path) as (place, _):
        await place.station.external.set(limit(9))
        assert await place.limits.clear(Criteria()) == 0
        assert [one.source for one in place.limits.find(Criteria(sources=frozenset({"EMS"})))] == ["EMS"]


async def test_who_does_not_want_them_is_left_alone(tmp_path: Path) -> None:
    async with under_control(tmp_path) as (place, told):
        await place.station.external.set(limit(9))
        told.take()
        place.settings.set("SmartChargingCtrlr.ExternalControlSignalsEnabled", "false")
        await place.benches[1].until(lambda: told.records == [LimitCleared(source="EMS", evse_id=None)])
        with pytest.raises(Refused, match="ExternalControlSignalsEnabled"):
            await place.station.external.set(limit(9))


async def test_an_evse_that_is_not_there(tmp_path: Path) -> None:
    async with under_control(tmp_path) as (place, _):
        with pytest.raises(Refused, match="no EVSE 7"):
            await place.station.external.set(limit(9, 7))


async def test_after_a_restart_it_holds_and_is_told_again(tmp_path: Path) -> None:
    """K12.FR.05: the power may have gone before it was told."""
    settings = {"SmartChargingCtrlr.NotifyChargingLimitWithSchedules": "false"}
    async with under_control(tmp_path, **settings) as (place, told):
        await place.station.external.set(limit(9, 1))
    async with under_control(tmp_path, **settings) as (place, told):
        await place.benches[1].until(lambda: bool(told.records))
        assert place.station.evses[1].limit_a == 9
        assert told.take() == [LimitSet(source="EMS", evse_id=1)]
