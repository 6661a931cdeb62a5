"""Information that no feature works with yet: kept for the operator, never thrown away.

The standard's answer to each is empty, so that acknowledging promises no more than keeping does.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert

from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.db.tables import station_notices
from ocppj import codec
from ocppj.messages import v201
from ocppj.messages.fields import Payload


class Kept(WithoutMemory):
    """Stores the payloads of one action."""

    def __init__(self, action: str, response: Payload) -> None:
        self._action = action
        self._response = response

    def store(self, db: Connection, items: Sequence[Incoming[Payload]]) -> list[Answer]:
        """Add a row for each."""
        keep(db, self._action, items)
        return [self._response] * len(items)


def keep(db: Connection, action: str, items: Sequence[Incoming[Payload]]) -> None:
    """Add the payloads to what is known of the stations."""
    rows = [
        {
            "station_id": item.station_id,
            "action": action,
            "received_at": item.received_at,
            "payload": codec.encode(item.request).decode(),
        }
        for item in items
    ]
    db.execute(insert(station_notices), rows)


HANDLERS = {
    action: Kept(action, response)
    for action, response in (
        ("ClearedChargingLimit", v201.ClearedChargingLimitResponse()),  # K13
        ("LogStatusNotification", v201.LogStatusNotificationResponse()),  # N01
        ("NotifyChargingLimit", v201.NotifyChargingLimitResponse()),  # K12
        ("NotifyCustomerInformation", v201.NotifyCustomerInformationResponse()),  # N09
        ("NotifyDisplayMessages", v201.NotifyDisplayMessagesResponse()),  # O03
        ("NotifyEvent", v201.NotifyEventResponse()),  # N07
        ("NotifyMonitoringReport", v201.NotifyMonitoringReportResponse()),  # N02
        ("PublishFirmwareStatusNotification", v201.PublishFirmwareStatusNotificationResponse()),  # L03
        ("ReportChargingProfiles", v201.ReportChargingProfilesResponse()),  # K09
        ("ReservationStatusUpdate", v201.ReservationStatusUpdateResponse()),  # H04
    )
}
