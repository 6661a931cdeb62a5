"""TxStartPoint and TxStopPoint: which conditions make a transaction begin and end (OCPP 2.0.1 E01, E06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Condition = Literal[
    "ParkingBayOccupancy", "EVConnected", "Authorized", "DataSigned", "PowerPathClosed", "EnergyTransfer"
]
"""What can be seen of a vehicle's visit. A bay needs a sensor, and a signed start a meter that signs it."""

CONDITIONS: tuple[Condition, ...] = get_args(Condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The configured start and stop points."""

    start: frozenset[Condition] = frozenset({"PowerPathClosed"})
    stop: frozenset[Condition] = frozenset({"EVConnected", "Authorized"})


def start_is_due(before: frozenset[Condition], after: frozenset[Condition], points: Points) -> bool:
    """Return whether a transaction starts now (E01.FR.01 to E01.FR.06).

    Something must have come about, and a start point must hold, though not necessarily the one that came
    about: when the last transaction ended at a stop point while the cable stayed, the next driver's starts
    with the authorization. Energy begins one whatever the start points are: a bay sensor can be blind. So
    energy never flows without a transaction.
    """
    return bool(after - before) and bool(after & (points.start | {"EnergyTransfer"}))


def stop_is_due(before: frozenset[Condition], after: frozenset[Condition], points: Points) -> bool:
    """Return whether a stop point was passed just now (E06.FR.01 to E06.FR.07).

    A transaction that neither a cable nor a driver holds any more ends whatever the configuration says, and
    so does one that only a vehicle in the bay holds, unless the bay is what it is about.
    """
    holds = after & (_HOLDS | (_BAY & (points.start | points.stop)))
    return bool((before - after) & points.stop) or not holds


_HOLDS: frozenset[Condition] = frozenset({"EVConnected", "Authorized"})
_BAY: frozenset[Condition] = frozenset({"ParkingBayOccupancy"})


def parse_points(text: str) -> frozenset[Condition]:
    """Return the conditions of a MemberList value such as "EVConnected,Authorized".

    Raises:
        ValueError: If a member is unknown.
    """
    named = [member.strip() for member in text.split(",") if member.strip()]
    unknown = [member for member in named if member not in CONDITIONS]
    if unknown:
        raise ValueError(f"no {', '.join(unknown)}; choose from {', '.join(CONDITIONS)}")
    return frozenset(condition for condition in CONDITIONS if condition in named)
