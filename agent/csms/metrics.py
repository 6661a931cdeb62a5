"""What has gone over the link to the backend, in numbers for Prometheus (text exposition format 0.0.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from ocppj.repair import Quirk, Quirks

PREFIX: Final = "chargehand_ocpp_"

Direction = Literal["sent", "served"]
Outcome = Literal["answered", "refused", "unanswered", "disconnected"]


@dataclass(slots=True)
class LinkFigures:
    """Counts since the agent started."""

    connections: int = 0
    calls: Counter[tuple[Direction, str, Outcome]] = field(default_factory=Counter)
    """Calls by who made them (sent: we; served: the backend), action and how they ended."""
    quirks: Quirks = field(default_factory=Quirks)
    """What backends have got wrong and was understood all the same."""

    def count(self, direction: Direction, action: str, outcome: Outcome) -> None:
        """Count one call that has ended."""
        self.calls[direction, action, outcome] += 1


def exposition(figures: LinkFigures, *, is_connected: bool, is_accepted: bool) -> str:
    """Return the numbers as text; a station without a backend has none of it."""
    return "".join(line + "\n" for line in _lines(figures, is_connected, is_accepted))


def _lines(figures: LinkFigures, is_connected: bool, is_accepted: bool) -> Iterator[str]:
    yield from _family("connected", "gauge", "Whether there is a connection to the backend.")
    yield f"{PREFIX}connected {int(is_connected)}"
    yield from _family("accepted", "gauge", "Whether the backend has accepted the station.")
    yield f"{PREFIX}accepted {int(is_accepted)}"
    yield from _family("connections_total", "counter", "Connections to the backend since the start.")
    yield f"{PREFIX}connections_total {figures.connections}"
    yield from _family("calls_total", "counter", "Calls by who made them, action and how they ended.")
    for (direction, action, outcome), count in sorted(figures.calls.items()):
        labels = f'direction="{direction}",action="{action}",outcome="{outcome}"'
        yield f"{PREFIX}calls_total{{{labels}}} {count}"
    yield from _family("quirks_total", "counter", "What the backend got wrong and was understood.")
    for quirk in Quirk:
        yield f'{PREFIX}quirks_total{{quirk="{quirk.name.lower()}"}} {figures.quirks[quirk]}'


def _family(name: str, kind: str, help_: str) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {help_}"
    yield f"# TYPE {PREFIX}{name} {kind}"
