"""How a request on a bus is to be treated, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from drivers.modbus.requests import Read
from drivers.readings import Instant


class Priority(IntEnum):
    """Which job goes first."""

    WRITE = 0
    HEARTBEAT = 1
    FAST = 2
    SLOW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The registers or bits of an exact answer (none for a write), and when its last byte arrived."""

    values: tuple[int, ...]
    arrived: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a request is to be treated."""

    priority: Priority = Priority.FAST
    timeout_s: float = 0.5
    """How long to wait for the reply, beyond the time its and the request's characters take on the line.

    On a line with several units each is waited for less, once it is known how quickly it answers."""
    deadline_s: float = 5.0
    """A job that has waited longer than this is not sent any more."""
    probe: Read | None = None
    """A read of the same unit whose reply has a shape of its own."""
    guarded: bool = False
    """Other reads of the unit have this one's shape. If the read before had, the probe goes first, since a
    reply can come twice."""
    request_gap_s: float = 0.0
    """Silence that the unit needs before a request, if that is more than the line does."""
    unit_change_gap_s: float = 0.0
    """The same, if the request before was another unit's."""
    write_gap_s: float = 0.0
    """How long the unit is left in peace after a write."""

    def gap_s(self, *, unit_changes: bool) -> float:
        """Return the silence needed before the request."""
        return max(self.request_gap_s, self.unit_change_gap_s if unit_changes else 0.0)
