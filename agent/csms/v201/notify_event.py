"""NotifyEvent: tells what monitors found (N07, N08)."""

from __future__ import annotations

from typing import Final

from agent.csms.v201.device_model import component_at, variable_named
from agent.monitoring.records import MonitorEvent, MonitorEvents, Origin
from ocppj.messages import v201

_LONGEST_VALUE, _LONGEST_CODE, _LONGEST_INFO = 2500, 50, 500
ORIGINS: Final[dict[Origin, v201.EventNotificationEnumType]] = {
    "HardWired": "HardWiredMonitor",
    "Preconfigured": "PreconfiguredMonitor",
    "Custom": "CustomMonitor",
}


def message(told: MonitorEvents) -> v201.NotifyEventRequest:
    """Return the events; each message is a report of its own, so its number is 0 (N07.FR.07, N08.FR.04)."""
    return v201.NotifyEventRequest(
        generated_at=told.at, seq_no=0, tbc=False, event_data=tuple(map(_event, told.events))
    )


def _event(event: MonitorEvent) -> v201.EventDataType:
    wrong = event.diagnosis
    return v201.EventDataType(
        event_id=event.id,
        timestamp=event.at,
        trigger=event.trigger,
        cause=event.cause,
        actual_value=event.value[:_LONGEST_VALUE],
        tech_code=None if wrong is None else wrong.code[:_LONGEST_CODE],
        tech_info=None if wrong is None else wrong.info[:_LONGEST_INFO],
        cleared=event.is_cleared or None,
        transaction_id=event.transaction_id,
        component=component_at(event.name, event.place),
        variable=variable_named(event.name),
        variable_monitoring_id=event.monitor_id,
        event_notification_type=(
            "HardWiredNotification" if event.monitor_id is None else ORIGINS[event.origin]
        ),
    )
