from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.csms.v201 import (
    clear_variable_monitoring,
    notify_event,
    set_monitoring_base,
    set_monitoring_level,
    set_variable_monitoring,
)
from agent.monitoring.records import Diagnosis, MonitorEvent, MonitorEvents
from agent.variables.model import Place
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office

AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def lost(tmp_path: Path) -> Any:
    """Take the state file away."""
    return lambda: (tmp_path / "agent.db").rename(tmp_path / "elsewhere.db")


async def answers(backend: Office, number: int) -> list[tuple[str, str | None]]:
    """Return status and reason of every request of the block, with the monitor of this id."""
    data = v201.SetMonitoringDataType(
        value=1, type="Delta", severity=5,
        component=v201.ComponentType(name="EVSE", evse=v201.EVSEType(id=1)),
        variable=v201.VariableType(name="Power"),
    )  # fmt: skip
    request = v201.SetVariableMonitoringRequest(set_monitoring_data=(data,))
    set_reply = await set_variable_monitoring.handle(request, backend.context)
    clear_reply = await clear_variable_monitoring.handle(
        v201.ClearVariableMonitoringRequest(id=(number,)), backend.context
    )
    base_reply = await set_monitoring_base.handle(
        v201.SetMonitoringBaseRequest(monitoring_base="All"), backend.context
    )
    level_reply = await set_monitoring_level.handle(
        v201.SetMonitoringLevelRequest(severity=3), backend.context
    )
    results: list[Any] = [
        set_reply.response.set_monitoring_result[0],  # type: ignore[attr-defined]  # of this response
        clear_reply.response.clear_monitoring_result[0],  # type: ignore[attr-defined]  # of this response
        base_reply.response,
        level_reply.response,
    ]
    return [(one.status, one.status_info.reason_code if one.status_info else None) for one in results]


async def test_what_cannot_be_stored_is_rejected_and_changes_nothing(tmp_path: Path, lost: Any) -> None:
    async with office(tmp_path) as backend:
        before = backend.monitoring.report(None, None)
        preconfigured = next(one.id for group in before for one in group if one.origin == "Preconfigured")
        lost()
        assert await answers(backend, preconfigured) == [("Rejected", "InternalError")] * 4
        assert backend.monitoring.report(None, None) == before


def test_an_event_of_a_monitor_and_one_of_none() -> None:
    """N07.FR.06, N07.FR.07."""
    plain = MonitorEvent(
        id=7, at=AT, trigger="Delta", name="EVSE.Power", place=Place(1), value="x" * 3000,
        origin="Preconfigured", severity=3, monitor_id=5, is_cleared=True, transaction_id="t", cause=6,
    )  # fmt: skip
    incident = MonitorEvent(
        id=8, at=AT, trigger="Alerting", value="", origin="HardWired", severity=3,
        name="MonitoringCtrlr.ItemsPerMessage[SetVariableMonitoring]",
        diagnosis=Diagnosis(code="C" * 60, info="i" * 600),
    )  # fmt: skip
    message = notify_event.message(MonitorEvents(at=AT, events=(plain, incident)))
    first, second = message.event_data
    assert message.seq_no == 0
    assert first == v201.EventDataType(
        event_id=7, timestamp=AT, trigger="Delta", cause=6, actual_value="x" * 2500, cleared=True,
        transaction_id="t", component=v201.ComponentType(name="EVSE", evse=v201.EVSEType(id=1)),
        variable=v201.VariableType(name="Power"), variable_monitoring_id=5,
        event_notification_type="PreconfiguredMonitor",
    )  # fmt: skip
    assert second.event_notification_type == "HardWiredNotification"
    assert second.variable == v201.VariableType(name="ItemsPerMessage", instance="SetVariableMonitoring")
    assert (second.tech_code, second.tech_info) == ("C" * 50, "i" * 500)
    assert (second.cleared, second.variable_monitoring_id) == (None, None)
