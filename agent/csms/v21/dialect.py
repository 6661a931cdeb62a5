"""OCPP 2.1 as the rest of the agent sees it: 2.0.1, and what it adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from agent.csms.dialect import Handler
from agent.csms.stream_words import StreamWords
from agent.csms.v21 import (
    get_monitoring_report,
    notify_event,
    periodic_event_streams,
    set_network_profile,
    set_variable_monitoring,
)
from agent.csms.v21.carry import carry
from agent.csms.v201 import clear_variable_monitoring, set_monitoring_base
from agent.csms.v201.dialect import Dialect201
from agent.monitoring.records import MonitorEvents
from ocppj.messages.fields import Payload
from ocppj.versions import Version


class Dialect21(Dialect201):
    """Implements `agent.csms.dialect.Dialect`."""

    version = Version.V21
    handlers: ClassVar[Mapping[str, Handler]] = {
        **Dialect201.handlers,
        "AdjustPeriodicEventStream": periodic_event_streams.adjust,
        "ClearVariableMonitoring": periodic_event_streams.settling(clear_variable_monitoring.handle),
        "GetMonitoringReport": get_monitoring_report.handle,
        "GetPeriodicEventStream": periodic_event_streams.get,
        "SetMonitoringBase": periodic_event_streams.settling(set_monitoring_base.handle),
        "SetNetworkProfile": set_network_profile.handle,
        "SetVariableMonitoring": periodic_event_streams.settling(set_variable_monitoring.handle),
    }
    notices: ClassVar[Mapping[type[Any], Callable[[Any], Payload]]] = {
        **Dialect201.notices,
        MonitorEvents: notify_event.message,
    }
    streams: ClassVar[StreamWords | None] = periodic_event_streams.Words()

    def form(self, message: Payload) -> Payload:
        """Return the message in 2.1's types, whichever of the two versions made it."""
        return carry(message)
