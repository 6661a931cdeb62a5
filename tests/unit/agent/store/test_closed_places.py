from __future__ import annotations

from functools import partial
from pathlib import Path

from agent.store.closed_places import load, set_closed
from agent.store.database import Database
from agent.variables.model import STATION, Place


async def test_places_are_kept_over_a_restart_each_once(tmp_path: Path) -> None:
    places = (STATION, Place(1), Place(1, 1), Place(2, 1))
    database = Database(tmp_path / "agent.db")
    await database.open()
    for place in (*places, *places):
        await database.write(partial(set_closed, place=place, is_closed=True))
    await database.close()
    database = Database(tmp_path / "agent.db")
    await database.open()
    assert await database.read(load) == set(places)
    await database.write(lambda opened: set_closed(opened, Place(1), False))
    assert await database.read(load) == {STATION, Place(1, 1), Place(2, 1)}
    await database.close()
