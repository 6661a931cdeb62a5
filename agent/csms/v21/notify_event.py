"""NotifyEvent: what 2.1 adds, the severity (N07, N08)."""

from __future__ import annotations

from msgspec.structs import replace

from agent.csms.v21.carry import carried
from agent.csms.v201 import notify_event
from agent.monitoring.records import MonitorEvents
from ocppj.messages import v21


def message(told: MonitorEvents) -> v21.NotifyEventRequest:
    """Return the events."""
    request = carried(notify_event.message(told), v21.NotifyEventRequest)
    events = zip(request.event_data, told.events, strict=True)
    return replace(
        request, event_data=tuple(replace(data, severity=event.severity) for data, event in events)
    )
