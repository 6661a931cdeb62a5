from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from agent.csms.v201 import get_report
from ocppj.errors import OcppError
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office


def component(name: str, variable: str | None = None, **more: Any) -> v201.ComponentVariableType:
    named = None if variable is None else v201.VariableType(name=variable)
    return v201.ComponentVariableType(component=v201.ComponentType(name=name, **more), variable=named)


async def answer(at: Office, *named: v201.ComponentVariableType, **more: Any) -> Any:
    request = v201.GetReportRequest(request_id=9, component_variable=named or None, **more)
    reply = await get_report.handle(request, at.context)
    if reply.after is not None:
        await at.carry_out(reply)
    return reply.response


async def test_what_is_found_is_reported(tmp_path: Path) -> None:
    """B08.FR.01, B08.FR.03, B08.FR.04."""
    async with office(tmp_path) as at:
        response = await answer(at, component("EVSE", "Power", evse=v201.EVSEType(id=2)))
        [part] = at.sent
    assert response.status == "Accepted"
    assert isinstance(part, v201.NotifyReportRequest)
    assert part.report_data is not None
    [data] = part.report_data
    assert (part.request_id, part.seq_no, part.tbc) == (9, 0, False)
    assert (data.component.name, data.variable.name) == ("EVSE", "Power")
    assert data.component.evse == v201.EVSEType(id=2)
    assert data.variable_attribute[0].value == "2000"


async def test_what_is_not_there_is_an_empty_set(tmp_path: Path) -> None:
    """B08.FR.15."""
    async with office(tmp_path) as at:
        for nothing in (component("NoSuchCtrlr"), component("EVSE", instance="x")):
            assert (await answer(at, nothing)).status == "EmptyResultSet"
        assert (await answer(at, component("EVSE"), component_criteria=("Problem",))).status != "Accepted"
        assert at.sent == []


async def test_more_than_announced_is_refused(tmp_path: Path) -> None:
    """B08.FR.17."""
    async with office(tmp_path) as at:
        with pytest.raises(OcppError, match="at most 64 items"):
            await answer(at, *[component("EVSE")] * 65)


async def test_too_many_reports_at_once_are_refused(tmp_path: Path) -> None:
    """B08.FR.16."""
    async with office(tmp_path) as at:

        async def wait(request: Any) -> Any:
            await asyncio.Event().wait()

        sending = [asyncio.create_task(at.reports.send(wait, iter([None]))) for _ in range(3)]  # type: ignore[list-item]  # never looked at
        await asyncio.sleep(0)
        assert (await answer(at, component("EVSE"))).status == "Rejected"
        for task in sending:
            task.cancel()
