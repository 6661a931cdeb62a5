"""Sessions as the REST interface reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, not_, or_, select

from backend.db.tables import cdrs, charging_stations, transactions
from backend.rating.money import RoundingPolicy
from backend.rating.rate import Rating, rate_quantities
from backend.sessions.progress import Progress
from backend.sessions.tariffs import Tariffs

SessionStatus = Literal["PENDING", "ACTIVE", "COMPLETED", "INVALID"]
"""OCPI SessionStatus: nobody is authorized yet, going on, ended, ended without driver and without energy."""


def sessions(
    db: Connection, station: str | None, status: SessionStatus | None, limit: int, offset: int
) -> Sequence[Row[Any]]:
    """Return sessions, the newest first."""
    query = _sessions().order_by(transactions.c.id.desc()).limit(limit).offset(offset)
    if station is not None:
        query = query.where(charging_stations.c.identity == station)
    if status is not None:
        query = query.where(*_is(status))
    return db.execute(query).all()


def session(db: Connection, session_id: str) -> Row[Any] | None:
    """Return one session, or None."""
    return db.execute(_sessions().where(transactions.c.session_id == session_id)).one_or_none()


def status_of(row: Row[Any]) -> SessionStatus:
    """Return where a session stands."""
    if row.ended_seq is None:
        return "ACTIVE" if row.authorized or row.has_charged else "PENDING"
    return "INVALID" if row.billing == "NONE" else "COMPLETED"


def progress_of(row: Row[Any]) -> Progress:
    """Return what the events of a session add up to."""
    return Progress(**{name: getattr(row, name) for name in Progress.__struct_fields__})


def cost_of(db: Connection, tariffs: Tariffs, row: Row[Any]) -> Rating | None:
    """Price a session so far, as its CDR will; None without a tariff."""
    if row.tariff_ref is None:
        return None
    tariff = tariffs.get(db, row.tariff_ref)
    return rate_quantities(tariff, progress_of(row).quantities, RoundingPolicy.parse(row.rounding))


def _sessions() -> Select[Any]:
    return (
        select(transactions, charging_stations.c.identity, cdrs.c.cdr_id)
        .join(charging_stations, charging_stations.c.id == transactions.c.station_id)
        .outerjoin(cdrs, cdrs.c.transaction_ref == transactions.c.id)
    )


def _is(status: SessionStatus) -> tuple[ColumnElement[bool], ...]:
    table = transactions.c
    began = or_(table.authorized, table.has_charged)
    match status:
        case "PENDING":
            return table.ended_seq.is_(None), not_(began)
        case "ACTIVE":
            return table.ended_seq.is_(None), began
        case "COMPLETED":
            return table.ended_seq.is_not(None), table.billing.is_distinct_from("NONE")
        case "INVALID":
            return table.ended_seq.is_not(None), table.billing == "NONE"
