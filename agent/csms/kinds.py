"""The types of record that wait in `agent.csms.notices`, whatever version will tell them."""

from __future__ import annotations

from typing import Any, Final

from agent.costs.running import ConnectorUnplugged
from agent.firmware.publishing import Publishing
from agent.firmware.records import FirmwareStatus
from agent.logs.service import LogStatus
from agent.monitoring.records import MonitorEvents
from agent.reservations.service import ReservationEnded
from agent.smartcharging.external import LimitCleared, LimitSet
from agent.station.priority import PriorityChanged
from agent.store.security_log import SecurityEvent

KINDS: Final[tuple[type[Any], ...]] = (
    ConnectorUnplugged,
    FirmwareStatus,
    LimitCleared,
    LimitSet,
    LogStatus,
    MonitorEvents,
    PriorityChanged,
    Publishing,
    ReservationEnded,
    SecurityEvent,
)
