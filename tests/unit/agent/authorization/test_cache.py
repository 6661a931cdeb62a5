from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from agent.authorization.cache import TokenCache
from agent.authorization.verdicts import Verdict
from agent.costs.records import PersonalText
from agent.store.database import Database
from agent.transactions.records import Token
from tests.unit.agent.hardware import START, HandClock, MemorySettings

GOOD = Verdict(status="Accepted")
BLOCKED = Verdict(status="Blocked")


def token(name: str) -> Token:
    return Token(id=name, type="ISO14443")


class CountingDatabase(Database):
    """Counts what wears the flash."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writes = 0

    async def write(self, work: Callable[..., Any]) -> Any:
        self.writes += 1
        return await super().write(work)


class Bench:
    def __init__(self, database: CountingDatabase, settings: MemorySettings, most_bytes: int) -> None:
        self.clock = HandClock()
        self.database = database
        self.settings = settings
        self.cache = TokenCache(database, settings, self.clock.now, most_bytes)

    async def known(self, *names: str) -> list[str]:
        return [name for name in names if await self.cache.find(token(name)) is not None]


@asynccontextmanager
async def caching(path: Path, most_bytes: int = 10_000, **settings: str) -> AsyncIterator[Bench]:
    database = CountingDatabase(path / "agent.db")
    await database.open()
    try:
        bench = Bench(database, MemorySettings(**settings), most_bytes)
        await bench.cache.restore()
        yield bench
    finally:
        await database.close()


async def remembered(bench: Bench, name: str, verdict: Verdict = GOOD) -> None:
    await bench.cache.remember(token(name), verdict)
    bench.clock.advance(1)


async def test_the_last_word_of_the_backend_is_kept_over_a_restart(tmp_path: Path) -> None:
    """C10.FR.02, C10.FR.04."""
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna")
        await remembered(bench, "ANNA", BLOCKED)
        size_bytes = bench.cache.size_bytes
    async with caching(tmp_path) as bench:
        assert bench.cache.size_bytes == size_bytes
        assert await bench.cache.find(token("anna")) == BLOCKED


async def test_an_entry_holds_until_its_date(tmp_path: Path) -> None:
    """C10.FR.10, C10.FR.13: cacheExpiryDateTime counts, not LifeTime."""
    async with caching(tmp_path, AuthCacheCtrlr__LifeTime="10") as bench:
        await remembered(bench, "Anna", Verdict(status="Accepted", expires_at=START + timedelta(seconds=100)))
        bench.clock.advance(90)
        assert await bench.known("Anna") == ["Anna"]
        bench.clock.advance(20)
        assert await bench.known("Anna") == []


async def test_an_entry_without_a_date_holds_while_it_is_confirmed(tmp_path: Path) -> None:
    """C10.FR.08, C10.FR.10: LifeTime counts from the backend's last word, whether that was new or not."""
    async with caching(tmp_path, AuthCacheCtrlr__LifeTime="100") as bench:
        await remembered(bench, "Anna")
        for _ in range(4):
            bench.clock.advance(60)
            assert await bench.known("Anna") == ["Anna"]
            await remembered(bench, "Anna")
        bench.clock.advance(60)
        assert await bench.known("Anna") == ["Anna"], "a use, which does not prolong it"
        bench.clock.advance(40)
        assert await bench.known("Anna") == []


async def test_a_life_time_of_0_is_for_ever(tmp_path: Path) -> None:
    async with caching(tmp_path, AuthCacheCtrlr__LifeTime="0") as bench:
        await remembered(bench, "Anna")
        bench.clock.advance(10**6)
        assert await bench.known("Anna") == ["Anna"]


async def test_what_lets_nobody_charge_makes_room_first(tmp_path: Path) -> None:
    """C10.FR.07: then what was not used for longest; never the new one."""
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna")
        one = bench.cache.size_bytes
    (tmp_path / "agent.db").unlink()
    async with caching(tmp_path, most_bytes=4 * one + 2) as bench:
        for name in ("Anna", "Bert", "Carl"):
            await remembered(bench, name)
        await remembered(bench, "Dora", BLOCKED)
        await remembered(bench, "Emil")
        assert await bench.known("Anna", "Bert", "Carl", "Dora", "Emil") == ["Anna", "Bert", "Carl", "Emil"]
        bench.clock.advance(4000)
        assert await bench.known("Anna") == ["Anna"]
        await remembered(bench, "Fred")
        assert await bench.known("Anna", "Bert", "Carl", "Emil", "Fred") == ["Anna", "Carl", "Emil", "Fred"]
    (tmp_path / "agent.db").unlink()
    async with caching(tmp_path, most_bytes=one) as bench:
        await remembered(bench, "Anna")
        await remembered(bench, "Bert")
        assert await bench.known("Anna", "Bert") == ["Bert"]


async def test_the_flash_is_spared(tmp_path: Path) -> None:
    """A card that is presented every minute of a day costs one write an hour."""
    async with caching(tmp_path) as bench:
        await bench.cache.remember(token("Anna"), GOOD)
        for _ in range(24 * 60):
            bench.clock.advance(60)
            await bench.cache.remember(token("Anna"), GOOD)
        assert bench.database.writes == 1 + 24


async def test_an_answer_of_unusual_size_is_not_kept(tmp_path: Path) -> None:
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna", Verdict(status="Accepted", evse_ids=tuple(range(3000))))
        assert (bench.cache.size_bytes, bench.database.writes) == (0, 0)


async def test_what_a_driver_is_told_is_not_kept(tmp_path: Path) -> None:
    """C10.FR.09: it may be a tariff, and that may change."""
    tariff = PersonalText(text="0.40 EUR/kWh")
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna", replace(GOOD, text=tariff))
        assert await bench.cache.find(token("Anna")) == GOOD


async def test_clearing(tmp_path: Path) -> None:
    """C11.FR.01."""
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna")
        assert await bench.cache.clear()
        assert (await bench.known("Anna"), bench.cache.size_bytes) == ([], 0)


async def test_a_disabled_cache_is_neither_used_nor_filled_nor_cleared(tmp_path: Path) -> None:
    """C10.FR.11, C11.FR.04."""
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna")
        bench.settings.set("AuthCacheCtrlr.Enabled", "false")
        assert await bench.known("Anna") == []
        await remembered(bench, "Bert")
        assert not await bench.cache.clear()
        bench.settings.set("AuthCacheCtrlr.Enabled", "true")
        assert await bench.known("Anna", "Bert") == ["Anna"]


async def test_an_entry_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    async with caching(tmp_path) as bench:
        await remembered(bench, "Anna")
        await bench.database.write(lambda opened: opened.execute("UPDATE token_cache SET verdict = 'x'"))
        assert await bench.known("Anna") == []
        await remembered(bench, "Anna")
        assert await bench.known("Anna") == ["Anna"]
