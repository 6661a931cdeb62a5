"""SecurityEventNotification (A04): kept, and shown to whoever watches the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Connection

from backend.csms.incoming import Answer, Incoming
from backend.csms.v201.kept import keep
from ocppj.messages import v201

log = logging.getLogger(__name__)

Event = Incoming[v201.SecurityEventNotificationRequest]


class SecurityEventNotification:
    """Stores security events."""

    def store(self, db: Connection, items: Sequence[Event]) -> list[Answer]:
        """Keep the events."""
        keep(db, "SecurityEventNotification", items)
        return [v201.SecurityEventNotificationResponse()] * len(items)

    def committed(self, items: Sequence[Event], results: Sequence[Answer]) -> None:
        """Log them."""
        del results
        for item in items:
            log.warning("%s: security event %r", item.identity, item.request.type)
