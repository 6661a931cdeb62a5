from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.monitoring.built_in import FIRST_ID
from agent.monitoring.records import Diagnosis, Kind, Monitor, MonitorEvent, MonitorEvents
from agent.monitoring.rules import Proposal, Refusal
from agent.monitoring.service import Incident, Monitoring
from agent.monitoring.telling import MOST_TOGETHER, Telling
from agent.store import monitors
from agent.store.database import Database, StoreError
from agent.variables.model import STATION, Place
from tests.unit.agent.hardware import HandClock, MemorySettings

EVSE = Place(1)


@dataclass
class Bench:
    """Monitors over settings whose values are set by hand, and what they had told."""

    database: Database
    settings: MemorySettings
    clock: HandClock = field(default_factory=HandClock)
    told: list[MonitorEvents] = field(default_factory=list)
    values: dict[tuple[str, Place], str] = field(default_factory=dict)
    transaction: str | None = None
    is_online: bool = True
    is_full: bool = False
    wrong: Diagnosis | None = None

    def __post_init__(self) -> None:
        for entry in self.settings:
            key = (entry.variable.name, entry.place)
            if entry.variable.default is None:
                first = "false" if entry.variable.variable == "Problem" else ""
                self.values[key] = first
                self.settings.provide(*_live(self.values, key))
        self.values["EVSE.AvailabilityState", EVSE] = "Available"

    async def start(self) -> Monitoring:
        """Return monitors as they are after a start of the agent."""
        telling = Telling(self.database, self.settings, self, lambda: self.is_online)
        monitoring = Monitoring(
            self.settings, self.database, self.clock, telling, lambda place: self.transaction
        )
        monitoring.explain("EVSE.Problem", lambda: self.wrong, EVSE)
        await monitoring.restore()
        return monitoring

    async def add(self, record: object) -> None:
        if self.is_full:
            raise StoreError("disk full")
        assert isinstance(record, MonitorEvents)
        self.told.append(record)

    def take(self) -> list[MonitorEvent]:
        """Return what was told since the last time."""
        events = [event for record in self.told for event in record.events]
        self.told.clear()
        return events

    def words(self) -> list[str]:
        """Return what was told since the last time, one word each."""
        return [
            f"{event.name} {event.value}{' cleared' if event.is_cleared else ''}" for event in self.take()
        ]

    def power(self, watts: float | str) -> None:
        self.values["EVSE.Power", EVSE] = str(watts)

    def break_down(self, code: str | None) -> None:
        self.values["EVSE.Problem", EVSE] = "false" if code is None else "true"
        self.wrong = None if code is None else Diagnosis(code=code, info=f"it is {code}")

    def proposal(
        self, name: str = "EVSE.Power", kind: Kind = "UpperThreshold", value: float = 100, **more: Any
    ) -> Proposal:
        component, _, variable = name.partition(".")
        place = EVSE if component == "EVSE" else STATION
        entry = self.settings.find(component, variable, None, place)
        return Proposal(entry=entry, kind=kind, value=Decimal(str(value)), **{"severity": 4, **more})


def _live(values: dict[tuple[str, Place], str], key: tuple[str, Place]) -> Any:
    return key[0], lambda: values[key], key[1]


@asynccontextmanager
async def bench(path: Path, **settings: str) -> AsyncIterator[Bench]:
    database = Database(path / "agent.db")
    await database.open()
    try:
        yield Bench(database, MemorySettings(**settings))
    finally:
        await database.close()


async def installed(monitoring: Monitoring, proposal: Proposal) -> int:
    monitor = await monitoring.set(proposal)
    assert isinstance(monitor, Monitor), monitor
    return monitor.id


def by_name(monitoring: Monitoring, name: str) -> list[tuple[int, str, int]]:
    groups = monitoring.report(None, None)
    return [(one.id, one.origin, one.severity) for group in groups for one in group if one.name == name]


async def test_an_excess_and_its_end_are_told_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    """N07.FR.02, N07.FR.06, N07.FR.16."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        number = await installed(monitoring, place.proposal())
        place.transaction = "t"
        for watts in (100, 150, 160, 90):
            place.power(watts)
            await monitoring.look()
        alert, end = place.take()
        assert (alert.monitor_id, alert.value, alert.trigger, alert.is_cleared) == (
            number, "150", "Alerting", False
        )  # fmt: skip
        assert (alert.name, alert.place, alert.transaction_id) == ("EVSE.Power", EVSE, "t")
        assert (alert.origin, alert.severity) == ("Custom", 4)
        assert (end.monitor_id, end.value, end.is_cleared) == (number, "90", True)
        assert end.id > alert.id > 0


async def test_a_power_cut_forgets_neither_monitors_nor_an_excess(tmp_path: Path) -> None:
    """N07.FR.13, N07.FR.14: the end is told after the restart, and no excess twice."""
    async with bench(tmp_path) as place:
        first = await place.start()
        number = await installed(first, place.proposal())
        place.power(150)
        await first.look()
        second = await place.start()
        await second.look()
        assert place.words() == ["EVSE.Power 150"]
        place.power(50)
        third = await place.start()
        await third.look()
        await third.look()
        (end,) = place.take()
        assert (end.monitor_id, end.is_cleared) == (number, True)
        assert await installed(third, place.proposal(severity=5)) > number


async def test_event_ids_go_on_after_a_restart(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        numbers = []
        for _ in range(2):
            monitoring = await place.start()
            await monitoring.tell(_incident(), _incident())
            numbers += [event.id for event in place.take()]
        assert len(set(numbers)) == 4
        assert numbers == sorted(numbers)


async def test_a_monitor_that_was_taken_away_tells_nothing_any_more(tmp_path: Path) -> None:
    """N07.FR.12."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        number = await installed(monitoring, place.proposal())
        place.power(150)
        await monitoring.look()
        place.take()
        assert await monitoring.clear(number) == "Accepted"
        assert await monitoring.clear(number) == "NotFound"
        place.power(50)
        await monitoring.look()
        assert place.words() == []


@pytest.mark.parametrize(("value", "word"), [(120.0, []), (200.0, ["EVSE.Power 150 cleared"])])
async def test_a_changed_threshold_is_looked_at_anew(tmp_path: Path, value: float, word: list[str]) -> None:
    """N04.FR.12, N07.FR.11; after a restart, too."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        number = await installed(monitoring, place.proposal())
        place.power(150)
        await monitoring.look()
        place.take()
        assert await installed(monitoring, place.proposal(value=value, id=number)) == number
        await (await place.start()).look()
        assert place.words() == word


async def test_nothing_milder_than_the_level_is_told_but_how_it_stands_later(tmp_path: Path) -> None:
    """N05.FR.03, N07.FR.15."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        await installed(monitoring, place.proposal())
        await monitoring.use_level(3)
        place.power(150)
        await monitoring.look()
        assert place.words() == []
        assert place.settings.text("MonitoringCtrlr.ActiveMonitoringLevel") == "3"
        await monitoring.use_level(4)
        await monitoring.look()
        assert place.words() == ["EVSE.Power 150"]


async def test_offline_only_what_is_severe_is_queued(tmp_path: Path) -> None:
    """N07.FR.04, N08.FR.03: the rest is judged once the backend is back."""
    async with bench(tmp_path, MonitoringCtrlr__OfflineQueuingSeverity="4") as place:
        monitoring = await place.start()
        await installed(monitoring, place.proposal(severity=4))
        await installed(monitoring, place.proposal(value=120, severity=5))
        await installed(monitoring, place.proposal(value=130, severity=6))
        place.is_online = False
        for watts in (150, 50, 125):
            place.power(watts)
            await monitoring.look()
        assert place.words() == ["EVSE.Power 150", "EVSE.Power 50 cleared", "EVSE.Power 125"]
        place.is_online = True
        await monitoring.look()
        (late,) = place.take()
        assert (late.value, late.severity) == ("125", 5)


async def test_periods_go_on_while_nobody_is_told(tmp_path: Path) -> None:
    async with bench(tmp_path, MonitoringCtrlr__OfflineQueuingSeverity="3") as place:
        monitoring = await place.start()
        await installed(monitoring, place.proposal(kind="Periodic", value=10))
        place.power(5)
        place.is_online = False
        for _ in range(4):
            place.clock.advance(7)
            await monitoring.look()
        place.is_online = True
        await monitoring.look()
        assert place.words() == []
        place.clock.advance(3)
        await monitoring.look()
        (event,) = place.take()
        assert (event.trigger, event.value) == ("Periodic", "5")


async def test_what_could_not_be_stored_is_found_again(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        await installed(monitoring, place.proposal())
        place.power(150)
        place.is_full = True
        with pytest.raises(StoreError):
            await monitoring.look()
        place.is_full = False
        await monitoring.look()
        assert place.words() == ["EVSE.Power 150"]


async def test_what_nobody_may_read_is_not_told(tmp_path: Path) -> None:
    """N07.FR.10: that it changed is."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        await installed(monitoring, place.proposal("SecurityCtrlr.BasicAuthPassword", "Delta"))
        place.settings.set("SecurityCtrlr.BasicAuthPassword", "new-password-of-sixteen")
        await monitoring.look()
        (event,) = place.take()
        assert event.value == ""
        stored = await place.database.read(
            lambda opened: opened.execute("SELECT group_concat(memory) FROM monitor_memory").fetchone()[0]
        )
        assert "new-password" not in str(stored)


async def test_every_fault_is_told_with_what_is_wrong_and_its_end(tmp_path: Path) -> None:
    """N07.FR.05: the station's problem names the event that caused it."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        await monitoring.look()
        assert place.words() == []
        place.break_down("Silent")
        place.values["ChargingStation.Problem", STATION] = "true"
        await monitoring.look()
        station, evse = place.take()
        assert (station.name, evse.name) == ("ChargingStation.Problem", "EVSE.Problem")
        assert (evse.value, evse.origin, evse.trigger) == ("true", "HardWired", "Delta")
        assert evse.diagnosis == Diagnosis(code="Silent", info="it is Silent")
        assert (station.cause, evse.cause) == (evse.id, None)
        place.break_down("Hot")
        await monitoring.look()
        assert [event.diagnosis.code for event in place.take() if event.diagnosis] == ["Hot"]
        place.break_down(None)
        again = await place.start()
        await again.look()
        (end,) = place.take()
        assert (end.value, end.diagnosis) == ("false", None)


async def test_a_fault_that_is_there_from_the_beginning_is_told_once(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        place.break_down("Silent")
        for _ in range(2):
            await (await place.start()).look()
        assert place.words() == ["EVSE.Problem true"]


async def test_the_base_decides_what_there_is(tmp_path: Path) -> None:
    """N03.FR.03, N03.FR.04, N03.FR.05, N04.FR.15: after a restart, too."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        state = "EVSE.AvailabilityState"
        ((number, origin, severity), _) = by_name(monitoring, state)
        assert (origin, severity) == ("Preconfigured", 9)
        changed = place.proposal(state, "Delta", 1, severity=7, id=number)
        assert await installed(monitoring, changed) == number
        custom = await installed(monitoring, place.proposal())
        await monitoring.use_base("All")
        monitoring = await place.start()
        assert (number, "Custom", 7) in by_name(monitoring, state)
        assert [one[0] for one in by_name(monitoring, "EVSE.Power")] == [custom]
        await monitoring.use_base("FactoryDefault")
        monitoring = await place.start()
        assert (number, "Preconfigured", 9) in by_name(monitoring, state)
        assert by_name(monitoring, "EVSE.Power") == []
        await monitoring.use_base("HardWiredOnly")
        monitoring = await place.start()
        assert by_name(monitoring, state) == []
        assert [origin for _, origin, _ in by_name(monitoring, "EVSE.Problem")] == ["HardWired"] * 2
        assert place.settings.text("MonitoringCtrlr.ActiveMonitoringBase") == "HardWiredOnly"
        fresh = await installed(monitoring, place.proposal())
        assert [one[0] for one in by_name(monitoring, "EVSE.Power")] == [fresh]


async def test_a_preconfigured_monitor_that_was_cleared_stays_away_until_the_base_is_set(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        ((number, _, _), other) = by_name(monitoring, "EVSE.AvailabilityState")
        assert await monitoring.clear(number) == "Accepted"
        monitoring = await place.start()
        assert by_name(monitoring, "EVSE.AvailabilityState") == [other]
        assert await monitoring.clear(number) == "NotFound"
        await monitoring.use_base("All")
        assert len(by_name(monitoring, "EVSE.AvailabilityState")) == 2


async def test_a_preconfigured_monitor_that_is_activated_begins_anew(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        await monitoring.use_level(9)
        await monitoring.use_base("HardWiredOnly")
        place.values["EVSE.AvailabilityState", EVSE] = "Occupied"
        await monitoring.use_base("FactoryDefault")
        await monitoring.look()
        assert place.words() == []
        place.values["EVSE.AvailabilityState", EVSE] = "Available"
        await monitoring.look()
        assert place.words() == ["EVSE.AvailabilityState Available"]


async def test_hard_wired_monitors_stay(tmp_path: Path) -> None:
    """N04.FR.18, N06.FR.03."""
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        assert await monitoring.clear(FIRST_ID) == "Rejected"
        ((number, _, _), _) = by_name(monitoring, "EVSE.Problem")
        refusal = await monitoring.set(place.proposal("EVSE.Problem", "Delta", 1, id=number))
        assert isinstance(refusal, Refusal)
        assert refusal.status == "Rejected"


async def test_monitors_of_what_is_no_longer_there_go_and_clashing_ids_are_changed(tmp_path: Path) -> None:
    """N04.FR.19."""
    async with bench(tmp_path) as place:
        gone = Monitor(id=5, name="EVSE.Gone", kind="Delta", value=Decimal(1), severity=3)
        clashing = replace(gone, id=FIRST_ID, name="ClockCtrlr.DateTime", kind="Periodic")

        def work(opened: sqlite3.Connection) -> None:
            for monitor in (gone, clashing):
                monitors.save(opened, monitor)
            opened.execute("INSERT INTO monitor VALUES (6, '[]')")
            opened.execute("INSERT INTO monitor_memory VALUES ('99', '{}'), ('98', '[]')")

        await place.database.write(work)
        for _ in range(2):
            monitoring = await place.start()
            assert [one[0] for one in by_name(monitoring, "ClockCtrlr.DateTime")] == [1]
            assert by_name(monitoring, "EVSE.Gone") == []


async def test_many_events_are_told_in_several_messages_in_order(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        await monitoring.tell(*(_incident(str(number)) for number in range(MOST_TOGETHER + 5)))
        assert [len(record.events) for record in place.told] == [MOST_TOGETHER, 5]
        assert [event.value for event in place.take()] == [str(number) for number in range(MOST_TOGETHER + 5)]


async def test_incidents_are_filtered_as_monitors_are_and_come_from_sources_too(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        waiting = [_incident("1"), _incident("2", severity=9)]
        monitoring.report_from(lambda: [waiting.pop(0)] if waiting else [])
        for _ in range(3):
            await monitoring.look()
        (event,) = place.take()
        assert (event.value, event.monitor_id, event.trigger) == ("1", None, "Alerting")


async def test_monitoring_can_be_switched_off(tmp_path: Path) -> None:
    async with bench(tmp_path, MonitoringCtrlr__Enabled="false") as place:
        monitoring = await place.start()
        await installed(monitoring, place.proposal())
        place.power(150)
        await monitoring.look()
        await monitoring.tell(_incident())
        assert place.words() == []
        place.settings.set("MonitoringCtrlr.Enabled", "true")
        await monitoring.look()
        assert place.words() == ["EVSE.Power 150"]


async def test_monitors_that_find_nothing_write_nothing(tmp_path: Path) -> None:
    async with bench(tmp_path) as place:
        monitoring = await place.start()
        place.power(0)
        await installed(monitoring, place.proposal())
        await installed(monitoring, place.proposal(kind="Delta", value=100))
        await monitoring.look()
        changes = await _changes(place)
        for watts in range(0, 90, 10):
            place.power(watts)
            await monitoring.look()
        place.take()
        assert await _changes(place) == changes


async def _changes(place: Bench) -> int:
    return await place.database.read(lambda opened: opened.total_changes)


def _incident(value: str = "5", severity: int = 4) -> Incident:
    return Incident(
        name="FiscalMetering.EnergyImportRegister",
        place=EVSE,
        value=value,
        severity=severity,
        diagnosis=Diagnosis(code="RegisterReset", info="the count was set back"),
    )
