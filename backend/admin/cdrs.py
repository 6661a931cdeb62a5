"""Look at charge detail records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from backend.db.tables import cdrs, charging_stations, transactions


def list_cdrs(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return CDRs, the newest first, each with the identity of its station."""
    query = (
        select(cdrs, charging_stations.c.identity)
        .join(transactions, transactions.c.id == cdrs.c.transaction_ref)
        .join(charging_stations, charging_stations.c.id == transactions.c.station_id)
        .order_by(cdrs.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.execute(query).all()


def cdr_document(db: Connection, cdr_id: str) -> str | None:
    """Return a CDR as OCPI document (JSON), or None if there is no such CDR."""
    found: str | None = db.execute(
        select(cdrs.c.document).where(cdrs.c.cdr_id == cdr_id)
    ).scalar_one_or_none()
    return found
