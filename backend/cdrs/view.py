"""CDRs for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from backend.db.page import Page
from backend.db.tables import cdrs, charging_stations, transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class CdrView:
    """A CDR: the OCPI document, and what OCPI has no room for.

    `time_zone` is the location's when the session began, without which the rating could not be repeated;
    `lines` say how the total came about.
    """

    cdr_id: str
    identity: str
    time_zone: str
    rounding: str
    lines: list[dict[str, Any]]
    document: dict[str, Any]
    created_at: datetime


_QUERY = (
    select(cdrs, charging_stations.c.identity)
    .join(transactions, transactions.c.id == cdrs.c.transaction_ref)
    .join(charging_stations, charging_stations.c.id == transactions.c.station_id)
)


def find_cdrs(db: Connection, *, offset: int, limit: int) -> Page[CdrView]:
    """Return CDRs, the newest first."""
    total: int = db.execute(select(func.count()).select_from(cdrs)).scalar_one()
    query = _QUERY.order_by(cdrs.c.id.desc()).offset(offset).limit(limit)
    return Page(tuple(_view(row) for row in db.execute(query)), total)


def find_cdr(db: Connection, cdr_id: str) -> CdrView | None:
    """Return one CDR."""
    row = db.execute(_QUERY.where(cdrs.c.cdr_id == cdr_id)).one_or_none()
    return None if row is None else _view(row)


def _view(row: Row[Any]) -> CdrView:
    return CdrView(
        cdr_id=row.cdr_id,
        identity=row.identity,
        time_zone=row.time_zone,
        rounding=row.rounding,
        lines=msgspec.json.decode(row.lines),
        document=msgspec.json.decode(row.document),
        created_at=row.created_at,
    )
