from __future__ import annotations

from datetime import UTC, datetime

from agent.csms.v201 import security_event
from agent.store.security_log import SecurityEvent
from ocppj.messages import v201

AT = datetime(2026, 5, 1, tzinfo=UTC)


def test_an_event_as_this_version_tells_it() -> None:
    """A04.FR.01."""
    told = security_event.message(SecurityEvent(at=AT, type="InvalidMessages", info="no JSON"))
    assert told == v201.SecurityEventNotificationRequest(
        type="InvalidMessages", timestamp=AT, tech_info="no JSON"
    )
    silent = security_event.message(SecurityEvent(at=AT, type="StartupOfTheDevice"))
    assert silent.tech_info is None
