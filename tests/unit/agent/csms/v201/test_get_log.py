from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from agent.csms.v201.get_log import handle, status
from agent.logs.service import LogStatus
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import office

LOG = v201.LogParametersType(remote_location="nowhere")


async def test_accepted_with_a_name(tmp_path: Path) -> None:
    """N01.FR.01; what becomes of it is told later."""
    async with office(tmp_path) as backend:
        request = v201.GetLogRequest(log=LOG, log_type="SecurityLog", request_id=3)
        reply = await handle(request, backend.context)
        assert isinstance(reply.response, v201.GetLogResponse)
        assert reply.response.status == "Accepted"
        assert reply.response.filename is not None
        assert reply.response.filename.startswith("CH-1_SecurityLog_")


async def test_a_log_that_is_empty(tmp_path: Path) -> None:
    """N01.FR.05."""
    async with office(tmp_path) as backend:
        ended = datetime(2025, 1, 1, tzinfo=UTC)
        log = v201.LogParametersType(remote_location="nowhere", latest_timestamp=ended)
        request = v201.GetLogRequest(log=log, log_type="DiagnosticsLog", request_id=3)
        reply = await handle(request, backend.context)
        assert isinstance(reply.response, v201.GetLogResponse)
        assert (reply.response.status, reply.response.filename) == ("Rejected", None)


def test_statuses() -> None:
    """N01.FR.13."""
    assert status(None) == v201.LogStatusNotificationRequest(status="Idle")
    told = status(LogStatus(status="Uploaded", request_id=3))
    assert told == v201.LogStatusNotificationRequest(status="Uploaded", request_id=3)
