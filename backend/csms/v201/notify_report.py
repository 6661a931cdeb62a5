"""NotifyReport (B07, B08): the device model that a charger reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.db.tables import device_variables
from backend.db.upsert import upsert
from ocppj import codec
from ocppj.messages import v201

Report = Incoming[v201.NotifyReportRequest]

NOWHERE = 0
"""The EVSE or connector of a component that belongs to none."""


class NotifyReport(WithoutMemory):
    """Keeps the last reported value of every attribute."""

    def store(self, db: Connection, items: Sequence[Report]) -> list[Answer]:
        """Overwrite what was known of the variables."""
        upsert(db, device_variables, [row for item in items for row in _rows(item)])
        return [v201.NotifyReportResponse()] * len(items)


def _rows(item: Report) -> Iterator[dict[str, Any]]:
    for data in item.request.report_data or ():
        evse = data.component.evse
        characteristics = data.variable_characteristics
        for attribute in data.variable_attribute:
            yield {
                "station_id": item.station_id,
                "component": data.component.name,
                "component_instance": data.component.instance or "",
                "evse_id": NOWHERE if evse is None else evse.id,
                "connector_id": NOWHERE if evse is None or evse.connector_id is None else evse.connector_id,
                "variable": data.variable.name,
                "variable_instance": data.variable.instance or "",
                "attribute": attribute.type or "Actual",
                "value": attribute.value,
                "mutability": attribute.mutability,
                "characteristics": None
                if characteristics is None
                else codec.encode(characteristics).decode(),
                "reported_at": item.request.generated_at,
            }
