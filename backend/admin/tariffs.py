"""Set and list tariffs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from backend.db.tables import tariffs
from backend.rating.tariff import Tariff, dump_tariff
from backend.sessions.tariffs import Tariffs


def set_tariff(db: Connection, tariff: Tariff, now: datetime) -> None:
    """Make the tariff the one for all stations, from its start (or now) on and for sessions that begin then.

    It is a new row: sessions that have begun keep the version that they began with, and until a later start
    the tariffs before it hold.
    """
    db.execute(
        insert(tariffs).values(
            tariff_id=tariff.id, document=dump_tariff(tariff), is_default=True, created_at=now
        )
    )


def list_tariffs(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return the versions of tariffs, the newest first."""
    return db.execute(select(tariffs).order_by(tariffs.c.id.desc()).limit(limit).offset(offset)).all()


def tariff_in_use(db: Connection, now: datetime) -> int | None:
    """Return the row of the tariff that a session would be billed by if it began now."""
    return Tariffs().valid_at(db, None, now)
