"""BootNotification (B01, B02, B03): remember what the charger is, and say whether it may go on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.csms.settings import CsmsSettings
from backend.db.tables import charging_stations
from ocppj.messages import v201

Boot = Incoming[v201.BootNotificationRequest]

_UPDATE = update(charging_stations).where(charging_stations.c.id == bindparam("ref"))


class BootNotification(WithoutMemory):
    """Answers with the registration status that the operator gave the station."""

    def __init__(self, settings: CsmsSettings) -> None:
        self._settings = settings

    def store(self, db: Connection, items: Sequence[Boot]) -> list[Answer]:
        """Note vendor, model, firmware and reason."""
        db.execute(_UPDATE, [_row(item) for item in items])
        table = charging_stations.c
        query = select(table.id, table.registration).where(table.id.in_({item.station_id for item in items}))
        status = {row.id: row.registration for row in db.execute(query)}
        return [self._answer(item, status[item.station_id]) for item in items]

    def _answer(self, item: Boot, status: v201.RegistrationStatusEnumType) -> Answer:
        settings = self._settings
        return v201.BootNotificationResponse(
            current_time=item.received_at,
            interval=settings.heartbeat_interval_s if status == "Accepted" else settings.retry_interval_s,
            status=status,
        )


def _row(item: Boot) -> dict[str, object]:
    station = item.request.charging_station
    return {
        "ref": item.station_id,
        "vendor": station.vendor_name,
        "model": station.model,
        "serial_number": station.serial_number,
        "firmware_version": station.firmware_version,
        "boot_reason": item.request.reason,
        "booted_at": item.received_at,
        "last_seen_at": item.received_at,
    }
