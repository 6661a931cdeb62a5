"""Which network profile to try next (OCPP 2.0.1 B10). Pure: what happened goes in, what to try comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

LAST_WORKED = 0
"""Stands where a slot's number stands, for the profile that last worked, as it was then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where the attempts to connect have got to.

    A round tries every slot in the order of priority, each as often as NetworkProfileConnectionAttempts says
    (B10.FR.03), then the profile that last worked (B10.FR.07); after it the next round begins (B10.FR.08).
    """

    order: tuple[int, ...]
    queue: tuple[int, ...]
    """The slots still to try in this round; the first is next."""
    failures: int = 0
    """How often the next slot has failed in this round."""
    in_a_row: Mapping[int, int] = field(default_factory=dict)
    """Slot to how often it has failed since any slot last worked; what the back-off grows with."""

    @property
    def slot(self) -> int:
        """The slot to try next."""
        return self.queue[0]

    @property
    def attempt(self) -> int:
        """How often in a row this slot has failed, and at least 1: what the wait before it depends on."""
        return max(1, self.in_a_row.get(self.slot, 0))


def after_boot(order: tuple[int, ...]) -> Route:
    """Begin with the first of the order (B10.FR.04)."""
    return Route(order=order, queue=_round(order))


def after_loss(order: tuple[int, ...], active: int) -> Route:
    """Begin with the profile that was in use until now, then go through the order.

    That it was lost counts as its first failure: the wait before the second attempt is twice the first.
    """
    queue = (active, *(slot for slot in _round(order) if slot != active))
    return Route(order=order, queue=queue, in_a_row={active: 1})


def after_failure(route: Route, attempts: int) -> Route:
    """Return where to go on when the next slot has failed once more."""
    slot = route.slot
    in_a_row = {**route.in_a_row, slot: route.in_a_row.get(slot, 0) + 1}
    if route.failures + 1 < attempts:
        return replace(route, failures=route.failures + 1, in_a_row=in_a_row)
    return skipped(replace(route, in_a_row=in_a_row))


def skipped(route: Route) -> Route:
    """Return where to go on without the next slot: it holds nothing that could be tried."""
    return replace(route, queue=route.queue[1:] or _round(route.order), failures=0)


def _round(order: tuple[int, ...]) -> tuple[int, ...]:
    return (*order, LAST_WORKED)
