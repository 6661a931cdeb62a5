"""How much a transaction may cost, take or last (E16): what driver and backend have set, and what is reached.

Terms of OCPP 2.1, TransactionLimitType. Stored as JSON: add members with a default only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Literal

LimitKind = Literal["cost", "energy", "soc", "time"]
_MWH_PER_WH: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TxLimit:
    """At most this; None is no limit. Cost in the currency of the tariff, state of charge in percent."""

    cost: Decimal | None = None
    energy_wh: Decimal | None = None
    time_s: int | None = None
    soc: int | None = None

    def changed_by(self, other: TxLimit) -> TxLimit:
        """Return this with what the other names: a limit changes, it is never taken back (E16.FR.17)."""
        return TxLimit(**{name: old if new is None else new for name, old, new in _pairs(self, other)})

    def and_also(self, other: TxLimit) -> TxLimit:
        """Return what holds both: of each the lower one (E16.FR.04)."""
        return TxLimit(**{name: _lower(one, also) for name, one, also in _pairs(self, other)})


NO_LIMIT: Final = TxLimit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a transaction has come; None is not known."""

    lasts: timedelta
    energy_mwh: int | None = None
    cost: Decimal | None = None
    soc: int | None = None


def reached(limit: TxLimit, progress: Progress) -> tuple[LimitKind, ...]:
    """Return which limits are reached; the first one that is ends the energy transfer."""
    energy_wh = None if progress.energy_mwh is None else Decimal(progress.energy_mwh) / _MWH_PER_WH
    lasts_s = Decimal(str(progress.lasts.total_seconds()))
    pairs: tuple[tuple[LimitKind, Decimal | int | None, Decimal | int | None], ...] = (
        ("cost", limit.cost, progress.cost),
        ("energy", limit.energy_wh, energy_wh),
        ("soc", limit.soc, progress.soc),
        ("time", limit.time_s, lasts_s),
    )
    return tuple(kind for kind, most, now in pairs if most is not None and now is not None and now >= most)


def _pairs(one: TxLimit, other: TxLimit) -> Iterator[tuple[str, Any, Any]]:
    for member in fields(TxLimit):
        yield member.name, getattr(one, member.name), getattr(other, member.name)


def _lower(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
