"""Looks at every monitored variable twice a second and has what was found told.

What is found is stored as a notice for the backend first, and remembered by the monitor only then: a power
cut between the two tells an event twice, never not at all. While nobody may be told (level, offline),
thresholds and differences are not judged, so that the backend hears how things stand once it can be told.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from agent.monitoring.catalogue import Catalogue, Cleared
from agent.monitoring.criteria import Target, grouped
from agent.monitoring.records import (
    PERIODIC,
    Base,
    Diagnosis,
    Kind,
    Monitor,
    MonitorEvent,
    StreamRate,
    Trigger,
)
from agent.monitoring.rules import Proposal, Refusal
from agent.monitoring.streams import Streams
from agent.monitoring.telling import Telling
from agent.monitoring.watch import NUMERIC, Finding, Memory, Seen, begun, look
from agent.store import monitors
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock
from agent.variables.model import STATION, DeviceModel, Entry, Place

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
_ENABLED = "MonitoringCtrlr.Enabled"

Explain = Callable[[], Diagnosis | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happened once, and that no monitor watches: told as a hard-wired notification."""

    name: str
    place: Place = STATION
    value: str
    severity: int
    diagnosis: Diagnosis
    trigger: Trigger = "Alerting"
    is_cleared: bool = False


class Monitoring:
    """The monitors, alive."""

    def __init__(
        self,
        settings: DeviceModel,
        database: Database,
        clock: StationClock,
        telling: Telling,
        transaction_at: Callable[[Place], str | None],
    ) -> None:
        """`transaction_at` says which transaction runs at a place."""
        self.streams = Streams(clock.instant)
        self._catalogue = Catalogue(settings, database)
        self._settings = settings
        self._database = database
        self._clock = clock
        self._telling = telling
        self._transaction_at = transaction_at
        self._entries = {(entry.variable.name, entry.place): entry for entry in settings}
        self._memories: dict[int, Memory] = {}
        self._stored: dict[str, Memory] = {}
        self._reasons: dict[tuple[str, Place], Explain] = {}
        self._sources: list[Callable[[], Iterable[Incident]]] = []
        self._busy = asyncio.Lock()

    def explain(self, name: str, reason: Explain, place: Place = STATION) -> None:
        """Let events of a variable say why it is so."""
        self._reasons[name, place] = reason

    def report_from(self, source: Callable[[], Iterable[Incident]]) -> None:
        """Ask this at every look for what has happened since."""
        self._sources.append(source)

    async def restore(self) -> None:
        """Take over what was stored, after everything that answers for variables is there.

        Raises:
            StoreError: If it cannot be read.
        """
        stored = await self._database.read(monitors.load)
        if stored.unreadable:
            log.error("%d stored monitors cannot be read and are passed over", stored.unreadable)
        await self._catalogue.restore(stored)
        for number, monitor in self._catalogue.installed.items():
            self._memories[number] = stored.memories.get(_key(monitor)) or self._fresh(monitor)
        keys = {_key(monitor) for monitor in self._catalogue.installed.values()}
        strays = stored.memories.keys() - keys
        self._stored = {key: memory for key, memory in stored.memories.items() if key in keys}
        if strays:
            await self._database.write(lambda opened: monitors.forget(opened, strays))
        self.settle_streams()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.error("what monitors found is told later: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look at everything once.

        Raises:
            StoreError: If what was found could not be stored; it will be found again.
        """
        if not self._settings.flag(_ENABLED):
            return
        async with self._busy:
            await self._look()

    async def tell(self, *incidents: Incident) -> None:
        """Tell what has happened (G05, and what else no monitor can watch).

        Raises:
            StoreError: If it could not be stored.
        """
        if self._settings.flag(_ENABLED):
            await self._tell([self._incident(one) for one in incidents if self._may_tell(one.severity)])

    def find(self, number: int) -> Monitor | None:
        """Return the monitor with this id."""
        return self._catalogue.installed.get(number)

    async def set(self, proposal: Proposal) -> Monitor | Refusal:
        """Set a monitor and return it, or why not (N04).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        async with self._busy:
            replaced = None if proposal.id is None else self._catalogue.installed.get(proposal.id)
            result = await self._catalogue.set(proposal)
            if isinstance(result, Monitor):
                is_same_kind = replaced is not None and replaced.kind == result.kind
                before = self._memories.get(result.id) if is_same_kind else None
                self._memories[result.id] = begun(result, self._seen(result), self._clock.instant(), before)
            return result

    async def clear(self, number: int) -> Cleared:
        """Take a monitor away (N06); what it remembers goes with it, and nothing is told (N07.FR.12).

        Raises:
            StoreError: If that could not be made durable; nothing has changed.
        """
        async with self._busy:
            result = await self._catalogue.clear(number)
            if result == "Accepted":
                self._memories.pop(number, None)
            return result

    def settle_streams(self) -> None:
        """Have streams opened and closed as there are monitors for them now (N11, N13)."""
        self.streams.settle(self._catalogue.installed)

    async def adjust_stream(self, number: int, rate: StreamRate) -> bool:
        """Tell an open stream at another rate (N14); return whether there is one.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        async with self._busy:
            monitor = self._catalogue.installed.get(number)
            if monitor is None or all(stream.id != number for stream in self.streams.open):
                return False
            await self._catalogue.adjust(monitor, rate)
            self.streams.adjust(number, rate)
            return True

    async def use_base(self, base: Base) -> None:
        """Go back to a set of monitors (N03); those that become active begin anew.

        Raises:
            StoreError: If that could not be made durable; nothing has changed.
        """
        async with self._busy:
            before = self._catalogue.installed
            await self._catalogue.use_base(base)
            after = self._catalogue.installed
            self._memories = {
                number: memory
                for number, memory in self._memories.items()
                if number in after and before.get(number) == after[number]
            }

    async def use_level(self, severity: int) -> None:
        """Tell nothing milder than this from now on (N05).

        Raises:
            StoreError: If that could not be made durable; nothing has changed.
        """
        await self._catalogue.use_level(severity)

    def report(
        self, kinds: frozenset[Kind] | None, targets: tuple[Target, ...] | None
    ) -> list[list[Monitor]]:
        """Return the monitors that are meant, those of one variable together (N02)."""
        return grouped(self._catalogue.installed.values(), kinds, targets)

    async def _look(self) -> None:
        now = self._clock.instant()
        events: list[MonitorEvent] = []
        after: dict[int, Memory] = {}
        for number, monitor in self._catalogue.installed.items():
            seen = self._seen(monitor)
            memory = self._memories.get(number) or self._fresh(monitor)
            may_tell = self._may_tell(monitor.severity)
            if not may_tell and monitor.kind not in PERIODIC:
                continue
            changed, found = look(monitor, memory, seen, now)
            after[number] = changed
            if found is not None and may_tell:
                event = self._event(monitor, seen, found)
                events += [] if self.streams.take(monitor, event.at, event.value) else [event]
        incidents = [one for source in self._sources for one in source() if self._may_tell(one.severity)]
        await self._tell([*events, *(self._incident(one) for one in incidents)])
        await self._remember(after)

    async def _tell(self, events: Sequence[MonitorEvent]) -> None:
        if events:
            await self._telling.tell(events, self._clock.now())

    async def _remember(self, after: dict[int, Memory]) -> None:
        """Take over what monitors remember; on flash only what must outlive the agent, when it changed."""
        installed = self._catalogue.installed
        lasting = {
            _key(installed[number]): memory
            for number, memory in after.items()
            if self._is_lasting(installed[number])
        }
        news = {key: memory for key, memory in lasting.items() if self._stored.get(key) != memory}
        if news:
            await self._database.write(lambda opened: monitors.remember(opened, news))
        self._stored |= news
        self._memories |= after

    def _is_lasting(self, monitor: Monitor) -> bool:
        """Whether a restart must not forget: thresholds (N07.FR.14), and what changes seldom."""
        is_number = self._entries[monitor.name, monitor.place].variable.type in NUMERIC
        return monitor.kind not in PERIODIC and not (monitor.kind == "Delta" and is_number)

    def _fresh(self, monitor: Monitor) -> Memory:
        """Return what a monitor remembers that remembers nothing; a hard-wired one takes all to be well."""
        memory = begun(monitor, self._seen(monitor), self._clock.instant())
        return replace(memory, told="false", diagnosis=None) if monitor.origin == "HardWired" else memory

    def _may_tell(self, severity: int) -> bool:
        return severity <= self._catalogue.level and self._telling.is_open_for(severity)

    def _seen(self, monitor: Monitor) -> Seen:
        entry = self._entries[monitor.name, monitor.place]
        reason = self._reasons.get((monitor.name, monitor.place))
        return Seen(
            value=_discreet(entry, self._settings.value(entry)),
            is_numeric=entry.variable.type in NUMERIC,
            diagnosis=None if reason is None else reason(),
            transaction_id=self._transaction_at(monitor.place),
        )

    def _event(self, monitor: Monitor, seen: Seen, found: Finding) -> MonitorEvent:
        is_hidden = self._entries[monitor.name, monitor.place].variable.mutability == "WriteOnly"
        return MonitorEvent(
            id=0,
            at=self._clock.now(),
            trigger=found.trigger,
            name=monitor.name,
            place=monitor.place,
            value="" if is_hidden else seen.value,  # N07.FR.10
            origin=monitor.origin,
            severity=monitor.severity,
            monitor_id=monitor.id,
            is_cleared=found.is_cleared,
            transaction_id=found.transaction_id,
            diagnosis=seen.diagnosis,
        )

    def _incident(self, incident: Incident) -> MonitorEvent:
        return MonitorEvent(
            id=0,
            at=self._clock.now(),
            trigger=incident.trigger,
            name=incident.name,
            place=incident.place,
            value=incident.value,
            origin="HardWired",
            severity=incident.severity,
            is_cleared=incident.is_cleared,
            transaction_id=self._transaction_at(incident.place),
            diagnosis=incident.diagnosis,
        )


def _discreet(entry: Entry, value: str) -> str:
    """Return the value, or what tells a change of one that nobody may read without being it."""
    if entry.variable.mutability != "WriteOnly":
        return value
    return hashlib.sha256(value.encode()).hexdigest()


def _key(monitor: Monitor) -> str:
    """Return under which name a memory is stored; the ids of built-in monitors may change."""
    if monitor.origin == "Custom":
        return str(monitor.id)
    at = monitor.place
    return f"{monitor.origin} {monitor.name} {at.evse_id} {at.connector_id} {monitor.kind}"
