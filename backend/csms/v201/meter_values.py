"""MeterValues (J01): readings outside of transactions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.csms.v201.readings import readings_of
from backend.db.tables import meter_values
from ocppj import codec
from ocppj.messages import v201

Sampled = Incoming[v201.MeterValuesRequest]


class MeterValues(WithoutMemory):
    """Keeps a row for every time at which the meter was read."""

    def store(self, db: Connection, items: Sequence[Sampled]) -> list[Answer]:
        """Add the rows."""
        db.execute(insert(meter_values), [row for item in items for row in _rows(item)])
        return [v201.MeterValuesResponse()] * len(items)


def _rows(item: Sampled) -> Iterator[dict[str, Any]]:
    for meter_value in item.request.meter_value:
        _, energy_wh, power_w = readings_of((meter_value,))
        yield {
            "station_id": item.station_id,
            "evse_id": item.request.evse_id,
            "taken_at": meter_value.timestamp,
            "received_at": item.received_at,
            "energy_wh": energy_wh,
            "power_w": power_w,
            "sampled_values": codec.encode(meter_value).decode(),
        }
