"""Where the charging stations stand."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection, insert, select, update

from backend.config import LocationSection
from backend.db.tables import locations


def keep_location(db: Connection, location: LocationSection) -> int:
    """Add the location, or bring its row up to date, and return the row's key."""
    values = msgspec.structs.asdict(location)
    values["location_id"] = values.pop("id")
    values["postal_code"] = location.postal_code or None
    here = locations.c.location_id == location.id
    ref: int | None = db.execute(select(locations.c.id).where(here)).scalar_one_or_none()
    if ref is None:
        ref = int(db.execute(insert(locations).values(values).returning(locations.c.id)).scalar_one())
    else:
        db.execute(update(locations).where(here).values(values))
    return ref
