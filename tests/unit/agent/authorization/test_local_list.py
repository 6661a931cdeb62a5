from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.authorization.local_list import LocalList, Update, problem_with
from agent.authorization.verdicts import Verdict
from agent.store import local_list as store
from agent.store.database import Database, StoreError
from agent.store.local_list import Entry, ListFull
from agent.transactions.records import Token
from tests.unit.agent.hardware import MemorySettings

GOOD = Verdict(status="Accepted")
BLOCKED = Verdict(status="Blocked")


def token(name: str) -> Token:
    return Token(id=name, type="ISO14443")


def entry(name: str, verdict: Verdict | None = GOOD) -> Entry:
    return Entry(token=token(name), verdict=verdict)


def full(version: int, *entries: Entry) -> Update:
    return Update(version=version, is_full=True, entries=entries)


def differential(version: int, *entries: Entry) -> Update:
    return Update(version=version, is_full=False, entries=entries)


@asynccontextmanager
async def local_list(
    path: Path, settings: MemorySettings | None = None, **limits: Any
) -> AsyncIterator[LocalList]:
    database = Database(path / "agent.db")
    await database.open()
    try:
        found = LocalList(database, settings or MemorySettings(), **limits)
        await found.restore()
        yield found
    finally:
        await database.close()


async def names(found: LocalList) -> list[str]:
    return [one.token.id for one in await found.everything()]


async def test_a_full_update_replaces_the_list(tmp_path: Path) -> None:
    """D01.FR.15, D02.FR.01, D02.FR.02."""
    async with local_list(tmp_path) as found:
        assert found.version == 0
        await found.update(full(7, entry("Anna"), entry("Bert", BLOCKED)))
        assert await found.update(full(3, entry("Carl"))) is None
        assert (await names(found), found.version) == (["Carl"], 3)


async def test_a_differential_update_changes_adds_and_removes(tmp_path: Path) -> None:
    """D01.FR.16, D01.FR.17."""
    async with local_list(tmp_path) as found:
        await found.update(full(1, entry("Anna"), entry("Bert")))
        changes = (entry("anna", BLOCKED), entry("BERT", None), entry("Carl"), entry("nobody", None))
        assert await found.update(differential(2, *changes)) is None
        assert await names(found) == ["anna", "Carl"]
        assert await found.find(token("ANNA")) == BLOCKED
        assert found.version == 2


async def test_an_empty_update(tmp_path: Path) -> None:
    """D01.FR.05, D01.FR.04: both move the version, and a full one clears the list."""
    async with local_list(tmp_path) as found:
        await found.update(full(1, entry("Anna")))
        await found.update(differential(5))
        assert (await names(found), found.version) == (["Anna"], 5)
        await found.update(full(6))
        assert (await names(found), found.version) == ([], 6)


@pytest.mark.parametrize("version", [4, 5])
def test_a_differential_update_is_newer(version: int) -> None:
    """D01.FR.19."""
    refusal = problem_with(differential(version, entry("Anna")), 5)
    assert refusal is not None
    assert refusal.is_mismatch
    assert problem_with(full(version, entry("Anna")), 5) is None


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (full(1, entry("Anna"), entry("ANNA")), "InvalidValue"),
        (full(1, entry("Anna", None)), "MissingParam"),
        (full(0, entry("Anna")), "InvalidValue"),
        (differential(-1), "InvalidValue"),
    ],
)
async def test_an_update_that_makes_no_sense_changes_nothing(
    tmp_path: Path, update: Update, reason: str
) -> None:
    """D01.FR.06, D01.FR.18."""
    async with local_list(tmp_path) as found:
        refusal = await found.update(update)
        assert refusal is not None
        assert (refusal.reason, refusal.is_mismatch) == (reason, False)
        assert await names(found) == []


async def test_a_list_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    async with local_list(tmp_path, most_entries=2) as found:
        await found.update(full(1, entry("Anna"), entry("Bert")))
        refusal = await found.update(differential(2, entry("Carl")))
        assert refusal is not None
        assert refusal.reason == "OutOfStorage"
        assert (await names(found), found.version) == (["Anna", "Bert"], 1)
    async with local_list(tmp_path, most_bytes=found.figures.size_bytes) as found:
        with pytest.raises(ListFull):
            await found.put(token("Carl"), GOOD)
        assert await names(found) == ["Anna", "Bert"]


async def test_a_disabled_list_is_not_there(tmp_path: Path) -> None:
    """D02.FR.03."""
    settings = MemorySettings()
    async with local_list(tmp_path, settings) as found:
        await found.update(full(1, entry("Anna")))
        settings.set("LocalAuthListCtrlr.Enabled", "false")
        assert (found.version, await found.find(token("Anna"))) == (0, None)
        refusal = await found.update(full(2))
        assert refusal is not None
        assert refusal.reason == "NotEnabled"


async def test_the_list_survives_a_restart(tmp_path: Path) -> None:
    """D01.FR.10."""
    async with local_list(tmp_path) as found:
        await found.update(full(4, entry("Anna", Verdict(status="Accepted", group_id="G", evse_ids=(1,)))))
    async with local_list(tmp_path) as found:
        assert (found.version, found.figures.entries) == (4, 1)
        assert await found.find(token("Anna")) == Verdict(status="Accepted", group_id="G", evse_ids=(1,))


async def test_by_hand_the_version_stays(tmp_path: Path) -> None:
    async with local_list(tmp_path) as found:
        await found.update(full(4, entry("Anna")))
        await found.put(token("Bert"), GOOD)
        await found.put(token("Anna"), None)
        assert (await names(found), found.version) == (["Bert"], 4)


async def test_an_entry_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    insert = "INSERT INTO local_list VALUES ('ISO14443', 'anna', 'Anna', 'rubbish')"
    await database.write(lambda opened: opened.execute(insert))
    with pytest.raises(StoreError, match="full list again"):
        await database.read(lambda opened: store.find(opened, token("Anna")))
    await database.close()


class _PowerCut(Exception):
    pass


class _Failing:
    """A connection that dies before its `left`-th statement."""

    def __init__(self, opened: sqlite3.Connection, left: int) -> None:
        self._opened = opened
        self._left = left

    def execute(self, *arguments: Any) -> Any:
        if self._left == 0:
            raise _PowerCut
        self._left -= 1
        return self._opened.execute(*arguments)


@pytest.mark.parametrize("is_full", [True, False])
async def test_an_update_that_is_cut_off_at_any_statement_leaves_the_old_list(
    tmp_path: Path, *, is_full: bool
) -> None:
    changes = [entry("Anna", BLOCKED), entry("Bert"), entry("Carl")]
    statements = 0
    async with local_list(tmp_path) as found:
        await found.update(full(1, entry("Anna"), entry("Zoe")))
        before = await found.everything()
    database = Database(tmp_path / "agent.db")
    await database.open()
    while True:

        def work(opened: Any, left: int = statements) -> None:
            failing: Any = _Failing(opened, left)
            store.change(failing, 2, changes, is_full=is_full, most_entries=9, most_bytes=9999)

        try:
            await database.write(work)
            break
        except _PowerCut:
            assert await database.read(store.everything) == before
            assert (await database.read(store.figures)).version == 1
            statements += 1
    assert statements >= len(changes)
    assert (await database.read(store.figures)).version == 2
    await database.close()


_KILLED_AT = """
import asyncio, os, sys
from pathlib import Path
from agent.authorization.verdicts import Verdict
from agent.store import local_list as store
from agent.store.database import Database
from agent.store.local_list import Entry
from agent.transactions.records import Token

left = int(sys.argv[2])

def count(statement):
    global left
    left -= 1
    if left < 0:
        os._exit(9)

def work(opened):
    opened.set_trace_callback(count)
    blocked = Verdict(status="Blocked")
    entries = [Entry(token=Token(id=name, type="ISO14443"), verdict=blocked) for name in "AB"]
    store.change(opened, 2, entries, is_full=True, most_entries=9, most_bytes=9999)

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    await database.write(work)

asyncio.run(main())
os._exit(0)
"""


async def test_a_process_that_dies_in_an_update_leaves_the_old_list_or_the_new(tmp_path: Path) -> None:
    """Also when it dies at the commit."""
    found: list[tuple[int, list[str]]] = []
    is_killed = True
    while is_killed:
        directory = tmp_path / str(len(found))
        directory.mkdir()
        async with local_list(directory) as before:
            await before.update(full(1, entry("A"), entry("Z")))
        command = [sys.executable, "-c", _KILLED_AT, str(directory / "agent.db"), str(len(found))]
        is_killed = (await asyncio.to_thread(subprocess.run, command, check=False)).returncode == 9
        async with local_list(directory) as after:
            found.append((after.version, await names(after)))
    assert [one for one in found if one not in ((1, ["A", "Z"]), (2, ["A", "B"]))] == []
    assert found[0] == (1, ["A", "Z"])
    assert found[-1] == (2, ["A", "B"])
    assert len(found) > 5
