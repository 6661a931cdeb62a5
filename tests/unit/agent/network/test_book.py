from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.network.book import PRIORITY, NetworkBook
from agent.network.profiles import UNSET, NetworkProfile, SecurityProfile
from agent.store.database import Database
from agent.variables.checks import ValueRefused
from tests.unit.agent.hardware import MemorySettings

OWN = "ws://own.example/ocpp"
OTHER = "ws://other.example/ocpp"
SECURE = "wss://secure.example/ocpp"


def profile(url: str, security: SecurityProfile = 1) -> NetworkProfile:
    return NetworkProfile(url=url, security=security)


class Station:
    """A book over a store that survives `start`, with settings that do."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.settings = MemorySettings(OCPPCommCtrlr__NetworkProfileConnectionAttempts="1")
        self.own = profile(OWN)

    async def start(self) -> NetworkBook:
        book = NetworkBook(self.database, self.settings, self.own)
        await book.restore()
        book.guard_settings()
        return book

    async def prefer(self, *slots: int) -> None:
        await self.settings.write(self.settings.entry(PRIORITY), ",".join(map(str, slots)))


@asynccontextmanager
async def station(path: Path) -> AsyncIterator[Station]:
    database = Database(path / "agent.db")
    await database.open()
    yield Station(database)
    await database.close()


async def connect(book: NetworkBook, *, works: bool = True) -> str:
    """Make the next attempt; return which address it went to."""
    _, tried = book.next()
    if works:
        book.connected()
        await book.worked()
    else:
        book.failed()
    return tried.url


async def test_the_station_file_is_slot_1(tmp_path: Path) -> None:
    async with station(tmp_path) as place:
        book = await place.start()
        assert book.next() == (1, profile(OWN))
        assert book.security == 1
        assert await connect(book) == OWN
        assert (book.active_slot, book.active) == (1, profile(OWN))


async def test_a_new_profile_is_used_from_the_next_start_on(tmp_path: Path) -> None:
    """B09.FR.01, B10.FR.04."""
    async with station(tmp_path) as place:
        book = await place.start()
        assert await book.put(2, profile(OTHER)) is None
        await place.prefer(2, 1)
        assert await connect(book) == OWN
        book = await place.start()
        assert [await connect(book, works=False), await connect(book, works=False)] == [OTHER, OWN]
        assert await connect(book) == OTHER
        assert book.active_slot == 2


async def test_what_a_slot_held_is_replaced_for_the_next_start_only(tmp_path: Path) -> None:
    async with station(tmp_path) as place:
        book = await place.start()
        assert await connect(book) == OWN
        await book.put(1, profile(OTHER))
        book.lost()
        assert await connect(book) == OWN, "the link must not be lost to a profile nobody has tried"
        assert await connect(await place.start()) == OTHER


async def test_what_last_worked_is_kept_though_its_slot_holds_another(tmp_path: Path) -> None:
    """B10.FR.07: the rollback."""
    async with station(tmp_path) as place:
        book = await place.start()
        await connect(book)
        await book.put(1, profile(OTHER))
        book = await place.start()
        assert [await connect(book, works=False) for _ in range(3)] == [OTHER, OWN, OTHER]
        assert await connect(book) == OWN
        book.lost()
        assert await connect(book) == OWN


async def test_somebody_on_site_who_changes_the_station_file_wins(tmp_path: Path) -> None:
    async with station(tmp_path) as place:
        await (await place.start()).put(1, profile(OTHER))
        place.own = profile("ws://on-site.example/ocpp")
        assert await connect(await place.start()) == "ws://on-site.example/ocpp"
        place.own = profile(OWN)
        assert await connect(await place.start()) == OWN


async def test_the_order_is_refused_if_it_cannot_be(tmp_path: Path) -> None:
    """A05.FR.02 and B09: a slot that holds nothing, or less security than is in use."""
    async with station(tmp_path) as place:
        place.own = profile(SECURE, 2)
        book = await place.start()
        with pytest.raises(ValueRefused, match="profile 2 is not set"):
            await place.prefer(2, 1)
        refused = await book.put(2, profile(OTHER))
        assert refused is not None
        assert refused.code == "NoSecurityDowngrade"
        assert (book.held(1), book.held(2)) == (profile(SECURE, 2), UNSET)


async def test_what_is_less_secure_is_not_tried_any_more(tmp_path: Path) -> None:
    """A05.FR.06: once the more secure profile has worked."""
    async with station(tmp_path) as place:
        book = await place.start()
        await book.put(3, profile(SECURE, 2))
        await place.prefer(3, 1)
        book = await place.start()
        assert await connect(book, works=False) == SECURE
        assert await connect(book, works=False) == OWN, "until then there is a way back"
        assert await connect(book) == SECURE
        assert place.settings.text(PRIORITY) == "3"
        assert place.settings.value(place.settings.entry("SecurityCtrlr.SecurityProfile")) == "2"
        book.lost()
        assert {await connect(book, works=False) for _ in range(4)} == {SECURE}
        with pytest.raises(ValueRefused, match="less secure"):
            await place.prefer(1)


async def test_a_stored_profile_that_cannot_be_read_is_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with station(tmp_path) as place:
        await (await place.start()).put(2, profile(OTHER))
        await place.prefer(2)
        spoil = "UPDATE network_profile SET profile = '{}' WHERE slot = 2"
        await place.database.write(lambda opened: opened.execute(spoil))
        assert await connect(await place.start()) == OWN
    assert "network profile 2 cannot be read" in caplog.text
