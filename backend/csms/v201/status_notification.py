"""StatusNotification (G01): the state of a connector."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.db.tables import connectors
from backend.db.upsert import upsert
from ocppj.messages import v201


class StatusNotification(WithoutMemory):
    """Keeps the last status that came; chargers send theirs in order, whatever their clocks say."""

    def store(
        self, db: Connection, items: Sequence[Incoming[v201.StatusNotificationRequest]]
    ) -> list[Answer]:
        """Overwrite what was known of the connectors."""
        rows = [
            {
                "station_id": item.station_id,
                "evse_id": item.request.evse_id,
                "connector_id": item.request.connector_id,
                "status": item.request.connector_status,
                "reported_at": item.request.timestamp,
            }
            for item in items
        ]
        upsert(db, connectors, rows)
        return [v201.StatusNotificationResponse()] * len(items)
