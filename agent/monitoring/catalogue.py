"""Which monitors there are: built in, set by the backend, cleared, replaced; each change is durable first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, cast

from agent.monitoring.built_in import built_in
from agent.monitoring.records import Base, Monitor, StreamRate
from agent.monitoring.rules import Proposal, Refusal, refusal
from agent.store import facts, monitors
from agent.store.database import Database
from agent.store.monitors import Stored
from agent.variables.model import DeviceModel

Cleared = Literal["Accepted", "Rejected", "NotFound"]

_BASE: Final = "MonitoringCtrlr.ActiveMonitoringBase"
_LEVEL: Final = "MonitoringCtrlr.ActiveMonitoringLevel"
_STREAMS: Final = "MonitoringCtrlr.MaxPeriodicEventStreams"


class Catalogue:
    """The monitors of this station. Change one thing at a time."""

    def __init__(self, settings: DeviceModel, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._built_in = {monitor.id: monitor for monitor in built_in(settings)}
        self._custom: dict[int, Monitor] = {}
        self._cleared: frozenset[int] = frozenset()

    async def restore(self, stored: Stored) -> None:
        """Take over what was stored, as far as its variable still exists (N04).

        A monitor whose id now means another one of this station gets a new id (N04.FR.19).

        Raises:
            StoreError: If that cannot be made durable.
        """
        self._cleared = stored.cleared & self._built_in.keys()
        known = {(entry.variable.name, entry.place) for entry in self._settings}
        for monitor in stored.custom:
            kept = monitor
            if (monitor.name, monitor.place) not in known:
                await self._forget(monitor.id)
                continue
            namesake = self._built_in.get(monitor.id)
            if namesake is not None and not monitor.is_on_same_variable(namesake):
                kept = replace(monitor, id=await self._new_id())
                await self._save(kept)
                await self._forget(monitor.id)
            self._custom[kept.id] = kept

    @property
    def installed(self) -> Mapping[int, Monitor]:
        """Every monitor that is active, by id: hard-wired, preconfigured, then set ones."""
        is_bare = self._settings.text(_BASE) == "HardWiredOnly"
        active = {
            number: monitor
            for number, monitor in self._built_in.items()
            if monitor.origin == "HardWired"
            or not (is_bare or number in self._cleared or number in self._custom)
        }
        return active | dict(sorted(self._custom.items()))

    @property
    def level(self) -> int:
        """The mildest severity that is told (N05)."""
        return self._settings.integer(_LEVEL)

    async def set(self, proposal: Proposal) -> Monitor | Refusal:
        """Set a monitor and return it, or why not (N04).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        limits = proposal.entry.variable.minimum, self._settings.maximum(proposal.entry)
        found = refusal(proposal, self.installed, limits, self._settings.integer(_STREAMS))
        if found is not None:
            return found
        monitor = proposal.monitor(await self._new_id() if proposal.id is None else proposal.id)
        await self._save(monitor)
        self._custom[monitor.id] = monitor
        return monitor

    async def adjust(self, monitor: Monitor, rate: StreamRate) -> None:
        """Have what a monitor finds told at another rate (N14).

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        changed = replace(monitor, stream=rate)
        await self._save(changed)
        self._custom[changed.id] = changed

    async def clear(self, number: int) -> Cleared:
        """Take a monitor away (N06); a preconfigured one until the base is set again.

        Raises:
            StoreError: If that could not be made durable; nothing has changed.
        """
        monitor = self.installed.get(number)
        if monitor is None:
            return "NotFound"
        if monitor.origin == "HardWired":
            return "Rejected"
        is_built_in = number in self._built_in
        await self._database.write(
            lambda opened: monitors.clear(opened, number, is_preconfigured=is_built_in)
        )
        self._custom.pop(number, None)
        self._cleared |= {number} & self._built_in.keys()
        return "Accepted"

    async def use_base(self, base: Base) -> None:
        """Go back to a set of monitors; only All keeps what the backend has set (N03).

        Raises:
            StoreError: If that could not be made durable; nothing has changed.
        """

        def work(opened: sqlite3.Connection) -> None:
            monitors.clear_many(opened, keeps_custom=base == "All")
            facts.save_variable(opened, _BASE, base)

        await self._database.write(work)
        self._settings.restore({_BASE: base})
        self._cleared = frozenset()
        if base != "All":
            self._custom.clear()

    async def use_level(self, severity: int) -> None:
        """Tell nothing milder than this from now on (N05.FR.03).

        Raises:
            StoreError: If that could not be made durable; nothing has changed.
        """
        await self._database.write(lambda opened: facts.save_variable(opened, _LEVEL, str(severity)))
        self._settings.restore({_LEVEL: str(severity)})

    async def _new_id(self) -> int:
        taken = cast("set[int]", self._built_in.keys() | self._custom.keys())
        return await self._database.write(lambda opened: monitors.take_monitor_id(opened, taken))

    async def _save(self, monitor: Monitor) -> None:
        await self._database.write(lambda opened: monitors.save(opened, monitor))

    async def _forget(self, number: int) -> None:
        await self._database.write(lambda opened: monitors.clear(opened, number, is_preconfigured=False))
