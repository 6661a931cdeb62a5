from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from agent.store import tariffs as store
from agent.store.database import Database
from agent.tariffs.book import Refusal
from agent.tariffs.service import CONDITIONS, ENABLED, ON_FAILURE, PROBLEM, Tariffs, Terms
from tests.unit.agent.hardware import HandClock, MemorySettings
from tests.unit.agent.tariffs.sessions import prices, tariff


class Desk:
    def __init__(self) -> None:
        self.clock, self.settings = HandClock(), MemorySettings()
        self.tariffs = Tariffs(lambda: (1, 2), self.settings, self.clock.now)

    @property
    def has_problem(self) -> str:
        return self.settings.value(self.settings.entry(PROBLEM))


async def test_tariffs_survive_a_restart(tmp_path: Path) -> None:
    """One that cannot be read any more is left out."""
    database = Database(tmp_path / "agent.db")
    await database.open()
    first = Desk()
    await first.tariffs.restore(database)
    assert await first.tariffs.set_default(1, tariff(id="A")) is None
    assert await first.tariffs.set_default(2, tariff(id="B")) is None
    await database.write(lambda opened: opened.execute("INSERT INTO tariff (tariff) VALUES (x'00')"))
    second = Desk()
    await second.tariffs.restore(database)
    found = [second.tariffs.in_force(evse_id) for evse_id in (1, 2, 3)]
    assert [None if one is None else one.id for one in found] == ["A", "B", None]
    assert await second.tariffs.clear(["A", "X"], None) == ("A",)
    assert len(await database.read(store.load)) == 1
    await database.close()


async def test_what_cannot_be() -> None:
    """I07.FR.06."""
    desk = Desk()
    nowhere = await desk.tariffs.set_default(3, tariff())
    assert nowhere is not None
    assert (nowhere.status, nowhere.reason) == ("Rejected", "UnknownEvse")
    many = await desk.tariffs.set_default(0, tariff(energy=prices(*["1"] * 11)))
    assert many is not None
    assert many.status == "TooManyElements"
    assert desk.tariffs.book == ()


async def test_where_tariffs_are_not_to_be_used_none_counts() -> None:
    desk = Desk()
    assert await desk.tariffs.set_default(0, tariff()) is None
    desk.settings.set(ENABLED, "false")
    assert desk.tariffs.in_force(1) is None
    assert len(desk.tariffs.book) == 1


def test_a_drivers_own_counts_at_once() -> None:
    """I08.FR.05."""
    desk = Desk()
    assert desk.tariffs.terms(None) == Terms()
    later = tariff(id="own", valid_from=desk.clock.now())
    assert desk.tariffs.terms(later) == Terms(tariff=msgspec.structs.replace(later, valid_from=None))


@pytest.mark.parametrize(
    ("how", "terms"),
    [("UseDefaultTariff", Terms()), ("CentralCost", Terms(is_central=True)), ("Deauthorize", None)],
)
def test_a_drivers_own_that_fails(how: str, terms: Terms | None) -> None:
    """I08.FR.30, I08.FR.31, I08.FR.32, I08.FR.33: a problem until one works again."""
    desk = Desk()
    desk.settings.set(ON_FAILURE, how)
    found = desk.tariffs.terms(tariff(energy=prices(*["1"] * 11)))
    assert isinstance(found, Refusal) if terms is None else found == terms
    assert desk.has_problem == "true"
    assert isinstance(desk.tariffs.terms(tariff()), Terms)
    assert desk.has_problem == "false"
    desk.settings.set(CONDITIONS, "false")
    desk.settings.set(ENABLED, "false")
    desk.tariffs.terms(tariff())
    assert desk.has_problem == "true"
