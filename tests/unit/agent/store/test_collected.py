from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path

from agent.store import collected
from agent.store.database import Database
from agent.transactions.records import Sample, SampledValue

T0 = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLENTY = 1_000_000


def sample(number: int) -> Sample:
    value = SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(number), unit="Wh")
    return Sample(at=T0 + timedelta(seconds=number), context="Sample.Periodic", values=(value,))


def keep(number: int, most_bytes: int, opened: sqlite3.Connection) -> None:
    collected.add(opened, "T-1", sample(number), most_bytes)


async def test_what_was_collected_is_there_until_it_is_forgotten(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    for number in range(3):
        await database.write(partial(keep, number, PLENTY))
    await database.write(lambda opened: collected.add(opened, "T-2", sample(9), PLENTY))
    assert await database.read(lambda opened: collected.load(opened, "T-1")) == tuple(map(sample, range(3)))
    await database.write(lambda opened: collected.forget(opened, "T-1"))
    assert await database.read(lambda opened: collected.load(opened, "T-1")) == ()
    assert await database.read(lambda opened: collected.load(opened, "T-2")) == (sample(9),)
    await database.close()


async def test_many_are_thinned_evenly(tmp_path: Path) -> None:
    """E06.FR.12, E07.FR.09, E08.FR.10, E09.FR.06, E10.FR.05, E12.FR.08, E15.FR.02: values may go.

    E06.FR.13, E07.FR.10, E08.FR.11, E09.FR.07, E10.FR.06, E12.FR.09, E15.FR.03: every second one in between.
    J02.FR.20. So it is after a remote stop: F03.FR.05, F03.FR.06, F04.FR.05, F04.FR.06.
    """
    database = Database(tmp_path / "agent.db")
    await database.open()
    for number in range(64):
        await database.write(partial(keep, number, 4000))
    kept = await database.read(lambda opened: collected.load(opened, "T-1"))
    numbers = [int(one.values[0].value) for one in kept]
    assert 10 <= len(numbers) <= 32
    assert (numbers[0], numbers[-1]) == (0, 63)
    gaps = [later - earlier for earlier, later in pairwise(numbers)]
    assert max(gaps) <= 2 * min(gaps[:-1])
    await database.close()


async def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    await database.write(lambda opened: collected.add(opened, "T-1", sample(1), PLENTY))
    await database.write(
        lambda opened: opened.execute(
            "INSERT INTO collected_sample (transaction_id, at_s, sample) VALUES ('T-1', 9, 'damaged')"
        )
    )
    assert await database.read(lambda opened: collected.load(opened, "T-1")) == (sample(1),)
    await database.close()
