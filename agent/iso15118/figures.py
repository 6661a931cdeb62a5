"""What is counted of conversations with vehicles, and the same for Prometheus (text format 0.0.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, get_args

from agent.iso15118.turns import Ending

PREFIX: Final = "chargehand_iso15118_"


@dataclass(slots=True)
class Figures:
    """Of one EVSE, since the agent started."""

    discoveries: int = 0
    ignored_datagrams: int = 0
    connections: int = 0
    refused_connections: int = 0
    failed_handshakes: int = 0
    failed_agreements: int = 0
    messages: int = 0
    sessions: Counter[Ending] = field(default_factory=Counter)
    """Conversations by how they ended."""


Read = Callable[[Figures], int]
_FAMILIES: Final[tuple[tuple[str, str, Read], ...]] = (
    ("discoveries_total", "Questions where the charger is, answered.", lambda one: one.discoveries),
    ("ignored_datagrams_total", "Datagrams that were no such question.", lambda one: one.ignored_datagrams),
    ("connections_total", "Connections of vehicles.", lambda one: one.connections),
    (
        "refused_connections_total",
        "Connections refused while a vehicle was served.",
        lambda one: one.refused_connections,
    ),
    ("failed_handshakes_total", "TLS handshakes that failed.", lambda one: one.failed_handshakes),
    ("failed_agreements_total", "Vehicles that speak nothing in common.", lambda one: one.failed_agreements),
    ("messages_total", "Requests of vehicles, answered.", lambda one: one.messages),
)


def exposition(figures: Mapping[int, Figures]) -> str:
    """Return the numbers of these EVSEs; what has not happened yet is there as 0."""
    lines = [line for name, help_, read in _FAMILIES for line in _family(name, help_, figures, read)]
    lines += _head("sessions_total", "Conversations by how they ended.")
    lines += [
        f'{PREFIX}sessions_total{{evse="{number}",ending="{ending}"}} {one.sessions[ending]}'
        for number, one in figures.items()
        for ending in get_args(Ending)
    ]
    return "".join(line + "\n" for line in lines)


def _family(name: str, help_: str, figures: Mapping[int, Figures], read: Read) -> Iterator[str]:
    yield from _head(name, help_)
    for number, one in figures.items():
        yield f'{PREFIX}{name}{{evse="{number}"}} {read(one)}'


def _head(name: str, help_: str) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {help_}"
    yield f"# TYPE {PREFIX}{name} counter"
