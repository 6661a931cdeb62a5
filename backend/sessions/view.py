"""A charging session for the operator: who, where, how much, and whether anything is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, select

from backend.db.page import Page
from backend.db.tables import cdrs, charging_stations, event_conflicts, transaction_events, transactions
from backend.rating.money import Price, RoundingPolicy
from backend.rating.rate import rate_quantities
from backend.sessions.progress import Progress
from backend.sessions.tariffs import Tariffs

Status = Literal["PENDING", "ACTIVE", "COMPLETED", "INVALID"]
"""OCPI SessionStatus: nobody authorized yet, going on, ended, ended without a driver and without energy."""

MAX_MISSING = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A charging session. Energy in Wh, times in s; `total_cost` is what it costs so far, or has cost.

    `is_complete`: it has ended and no event before the end is missing. Only then it is billed.
    """

    session_id: str
    identity: str
    transaction_id: str
    evse_id: int | None
    connector_id: int | None
    status: Status
    charging_state: str | None
    id_token: str | None
    id_token_type: str | None
    auth_method: str | None
    authorized: bool
    remote_start_id: int | None
    started_at: datetime | None
    ended_at: datetime | None
    stopped_reason: str | None
    last_event_at: datetime | None
    energy_wh: int
    power_w: int | None
    charging_s: float
    parking_s: float
    is_complete: bool
    tariff_id: str | None
    currency: str | None
    total_cost: Price | None
    cdr_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsView:
    """Which events of a session are missing (the first 100 numbers), and how many did not fit."""

    received: int
    missing_seq_nos: tuple[int, ...]
    conflicts: int


class Sessions:
    """Reads sessions."""

    def __init__(self) -> None:
        self._tariffs = Tariffs()

    def find(
        self, db: Connection, *, offset: int, limit: int, identity: str | None = None
    ) -> Page[SessionView]:
        """Return sessions, the newest first; of one station if `identity` is given."""
        chosen = _query() if identity is None else _query().where(charging_stations.c.identity == identity)
        total: int = db.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
        page = chosen.order_by(transactions.c.id.desc()).offset(offset).limit(limit)
        return Page(tuple(self._view(db, row) for row in db.execute(page)), total)

    def get(self, db: Connection, session_id: str) -> SessionView | None:
        """Return one session."""
        row = db.execute(_query().where(transactions.c.session_id == session_id)).one_or_none()
        return None if row is None else self._view(db, row)

    def _view(self, db: Connection, row: Row[Any]) -> SessionView:
        progress = Progress(**{name: getattr(row, name) for name in Progress.__struct_fields__})
        tariff = None if row.tariff_ref is None else self._tariffs.get(db, row.tariff_ref)
        cost = None
        if tariff is not None and row.event_count:
            cost = rate_quantities(tariff, progress.quantities, RoundingPolicy.parse(row.rounding)).total
        names = (name for name in SessionView.__dataclass_fields__ if name in row._fields)
        return SessionView(
            **{name: getattr(row, name) for name in names},
            status=_status(row, progress),
            energy_wh=progress.energy_wh,
            charging_s=progress.charging_us / 1e6,
            parking_s=progress.parking_us / 1e6,
            is_complete=row.completed_at is not None,
            tariff_id=None if tariff is None else tariff.id,
            currency=None if tariff is None else tariff.currency,
            total_cost=cost,
        )


def find_events(db: Connection, session_id: str) -> EventsView:
    """Tell which events of a session are here."""
    row = db.execute(
        select(transactions.c.id, transactions.c.next_seq, transactions.c.event_count).where(
            transactions.c.session_id == session_id
        )
    ).one()
    conflicts: int = db.execute(
        select(func.count()).select_from(event_conflicts).where(event_conflicts.c.transaction_ref == row.id)
    ).scalar_one()
    missing: tuple[int, ...] = ()
    if row.event_count > row.next_seq:
        missing = _missing(db, row.id, row.next_seq)
    return EventsView(received=row.event_count, missing_seq_nos=missing, conflicts=conflicts)


def _missing(db: Connection, ref: int, next_seq: int) -> tuple[int, ...]:
    table = transaction_events.c
    query = (
        select(table.seq_no)
        .where(table.transaction_ref == ref, table.seq_no >= next_seq)
        .order_by(table.seq_no)
    )
    missing: list[int] = []
    expected = next_seq
    for seq_no in db.execute(query).scalars():
        missing += range(expected, min(seq_no, expected + MAX_MISSING - len(missing)))
        expected = seq_no + 1
    return tuple(missing)


def _query() -> Select[Any]:
    return (
        select(transactions, charging_stations.c.identity, cdrs.c.cdr_id)
        .join(charging_stations, charging_stations.c.id == transactions.c.station_id)
        .outerjoin(cdrs, cdrs.c.transaction_ref == transactions.c.id)
    )


def _status(row: Row[Any], progress: Progress) -> Status:
    if row.ended_seq is None:
        return "ACTIVE" if row.authorized or progress.has_charged else "PENDING"
    return "INVALID" if row.billing == "NONE" else "COMPLETED"
