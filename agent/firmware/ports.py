"""What the firmware service needs of its neighbours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from agent.firmware.records import Alarm
from agent.system.slots.port import Slots
from agent.transfer.download import Bounds

Tell = Callable[[object], Awaitable[None]]
"""Keeps a record until the backend was told (`agent.csms.notices`)."""

RaiseAlarm = Callable[[Alarm, str], Awaitable[None]]
"""Reports a security event."""


class Bays(Protocol):
    """The charging station, as far as an installation may disturb it."""

    def is_idle(self) -> bool:
        """Whether no transaction runs and no driver is authorized."""

    def hold(self, *, is_held: bool) -> None:
        """Let nobody start any more, or let them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the station file says of updates."""

    directory: Path
    """Where a firmware lies while it is fetched and installed."""
    bounds: Bounds
    takes_unsigned: bool
    revoked: Path | None
    """The manufacturer's revocation list (PEM)."""
    confirm_within_s: float
    """How long a new firmware may take until it is well; then the old one comes back."""
    slot_retry_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the service works with. `roots` are the manufacturer's, as PEM text."""

    slots: Slots
    bays: Bays
    tell: Tell
    raise_alarm: RaiseAlarm
    roots: Callable[[], str]
    now: Callable[[], datetime]
    allows_new_sessions: Callable[[], bool]
    is_well: Callable[[], bool]
    """Whether everything works that has to work: asked while a new firmware is on trial."""
    prepare_restart: Callable[[], Awaitable[None]]
    """Notes why the next start comes, and gives the backend a moment to be told what waits."""
