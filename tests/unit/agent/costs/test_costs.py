from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from agent.costs.costs import FAREWELL_S, PATIENCE_S, Costs
from agent.costs.records import Cost, PersonalText
from agent.display.notes import Notes
from agent.store.database import Database
from tests.unit.agent.hardware import HandClock, MemorySettings


@dataclass
class Bay:
    transaction_id: str | None = "T-1"


class Desk:
    """Costs at two EVSEs, and what the driver of the first one reads."""

    def __init__(self, **settings: str) -> None:
        self.bays = {1: Bay(), 2: Bay(None)}
        self.clock = HandClock()
        self.settings = MemorySettings(**settings)
        self.costs = Costs(lambda: self.bays, self.settings, self.clock)
        self.notes = Notes()
        self.costs.show_on(self.notes)

    @property
    def read(self) -> list[tuple[str, str]]:
        return [(note.topic, note.text) for note in self.notes.at(1)]

    def leave(self) -> None:
        self.costs.follow()
        self.bays[1].transaction_id = None
        self.costs.follow()

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.costs.follow()


async def test_the_driver_reads_every_digit_that_the_backend_sent() -> None:
    """I02.FR.02, I02.FR.03, I03.FR.03."""
    desk = Desk(TariffCostCtrlr__Currency="SEK")
    await desk.costs.charged(1, "T-1", Decimal("3.20"))
    assert desk.read == [("cost", "3.20 SEK")]
    await desk.costs.charged(1, "T-1", Decimal("1E+1"))
    assert desk.read == [("cost", "10 SEK")]
    desk.leave()
    await desk.costs.charged(1, "T-1", Decimal(0), is_final=True)
    assert desk.read == [("cost", "0 SEK")]
    desk.wait(FAREWELL_S + 1)
    assert desk.read == []
    latest = desk.costs.at(1)
    assert latest is not None
    assert (latest.shown, latest.is_final) == ("0 SEK", True)


async def test_a_cost_of_a_transaction_before_is_not_the_present_drivers() -> None:
    desk = Desk()
    desk.bays[1].transaction_id = "T-2"
    await desk.costs.charged(1, "T-1", Decimal("9.99"), is_final=True)
    assert desk.read == []
    assert desk.costs.at(1) is None


def test_a_driver_without_a_tariff_reads_what_is_set_for_that() -> None:
    """I01.FR.03, I04.FR.01, I06.FR.03."""
    desk = Desk(TariffCostCtrlr__TariffFallbackMessage="ask at the desk")
    desk.costs.welcome(1, None)
    assert desk.read == [("tariff", "ask at the desk")]
    desk.costs.welcome(1, PersonalText(text="0.30 EUR/kWh", language="en"))
    assert desk.read == [("tariff", "0.30 EUR/kWh")]
    desk.costs.update(1, PersonalText(text="0.25 EUR/kWh"))
    assert desk.read == [("tariff", "0.25 EUR/kWh")]
    desk.costs.update(1, None)
    assert desk.read == [("tariff", "0.25 EUR/kWh")]


async def test_a_cost_that_does_not_come_has_its_words_too() -> None:
    """I05.FR.02: also where an earlier transaction had one."""
    desk = Desk(TariffCostCtrlr__TotalCostFallbackMessage="on your invoice")
    await desk.costs.charged(1, "T-1", Decimal("1.00"), is_final=True)
    desk.bays[1].transaction_id = "T-2"
    desk.costs.welcome(1, None)
    desk.leave()
    desk.wait(PATIENCE_S - 1)
    assert desk.read == []
    desk.wait(1)
    assert desk.read == [("cost", "on your invoice")]
    await desk.costs.charged(1, "T-2", Decimal("2.00"), is_final=True)
    desk.wait(1)
    assert desk.read == [("cost", "2.00 EUR")]


async def test_who_does_not_want_it_shows_nothing() -> None:
    desk = Desk(
        **{"TariffCostCtrlr__Enabled[Tariff]": "false", "TariffCostCtrlr__Enabled[Cost]": "false"},
        TariffCostCtrlr__TotalCostFallbackMessage="on your invoice",
    )
    desk.costs.welcome(1, PersonalText(text="0.30"))
    await desk.costs.charged(1, "T-1", Decimal("1.00"))
    desk.leave()
    desk.wait(PATIENCE_S)
    assert desk.read == []
    assert desk.costs.at(1) is not None


async def test_the_next_driver_reads_nothing_of_the_last_one() -> None:
    desk = Desk()
    desk.costs.welcome(1, PersonalText(text="cheap"))
    await desk.costs.charged(1, "T-1", Decimal("1.00"), is_final=True)
    desk.leave()
    desk.costs.welcome(1, None)
    assert desk.read == []


async def test_costs_survive_a_restart(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    before = Desk()
    await before.costs.restore(database, before.notes)
    await before.costs.answered(
        1, "T-1", Decimal("3.2000"), PersonalText(text="0.20 EUR/kWh"), is_final=False
    )
    after = Desk()
    await after.costs.restore(database, after.notes)
    assert after.read == [("cost", "3.2000 EUR")]
    assert after.costs.at(1) == before.costs.at(1)
    assert isinstance(after.costs.at(1), Cost)
    await database.close()
