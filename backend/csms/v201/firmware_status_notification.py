"""FirmwareStatusNotification (L01): how far a firmware update is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, update

from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.csms.v201.kept import keep
from backend.db.tables import charging_stations
from ocppj.messages import v201

_UPDATE = update(charging_stations).where(charging_stations.c.id == bindparam("ref"))


class FirmwareStatusNotification(WithoutMemory):
    """Keeps the last status with the station, and all of them with its notices."""

    def store(
        self, db: Connection, items: Sequence[Incoming[v201.FirmwareStatusNotificationRequest]]
    ) -> list[Answer]:
        """Note the status."""
        rows = [{"ref": item.station_id, "firmware_status": item.request.status} for item in items]
        db.execute(_UPDATE, rows)
        keep(db, "FirmwareStatusNotification", items)
        return [v201.FirmwareStatusNotificationResponse()] * len(items)
