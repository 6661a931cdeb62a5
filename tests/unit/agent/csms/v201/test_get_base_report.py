from __future__ import annotations

from pathlib import Path

import pytest

from agent.csms.v201.get_base_report import handle
from ocppj import codec
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office


async def report(office: Office, base: v201.ReportBaseEnumType) -> list[v201.NotifyReportRequest]:
    reply = await handle(v201.GetBaseReportRequest(request_id=7, report_base=base), office.context)
    assert reply.response == v201.GetBaseReportResponse(status="Accepted")
    assert office.sent == [], "the answer goes first"
    await office.carry_out(reply)
    parts = [part for part in office.sent if isinstance(part, v201.NotifyReportRequest)]
    assert all(codec.encode(part) for part in parts)
    return parts


def names(parts: list[v201.NotifyReportRequest]) -> list[str]:
    return [
        f"{data.component.name}.{data.variable.name}" for part in parts for data in part.report_data or ()
    ]


async def test_the_full_inventory_is_everything_in_numbered_parts(tmp_path: Path) -> None:
    """B07.FR.03, B07.FR.04, B07.FR.08, B07.FR.10."""
    async with office(tmp_path) as backend:
        parts = await report(backend, "FullInventory")
        assert len(names(parts)) == len(list(backend.place.settings))
    assert len(parts) > 1
    assert [part.seq_no for part in parts] == list(range(len(parts)))
    assert [part.tbc for part in parts] == [*[True] * (len(parts) - 1), False]
    assert {part.request_id for part in parts} == {7}


async def test_the_configuration_inventory_is_what_can_be_set(tmp_path: Path) -> None:
    """B07.FR.07."""
    async with office(tmp_path) as backend:
        parts = await report(backend, "ConfigurationInventory")
    found = names(parts)
    assert "TxCtrlr.TxStartPoint" in found
    assert "SecurityCtrlr.BasicAuthPassword" in found
    assert "ChargingStation.Model" not in found
    mutabilities = {
        attribute.mutability
        for part in parts
        for data in part.report_data or ()
        for attribute in data.variable_attribute
    }
    assert mutabilities == {"ReadWrite", "WriteOnly"}


async def test_the_summary_is_about_availability(tmp_path: Path) -> None:
    """B07.FR.09."""
    async with office(tmp_path) as backend:
        parts = await report(backend, "SummaryInventory")
    assert set(names(parts)) == {
        "BayOccupancySensor.Problem",
        "ChargingStation.AvailabilityState",
        "ChargingStation.Problem",
        "EVSE.AvailabilityState",
        "EVSE.Problem",
        "Connector.AvailabilityState",
        "ConnectorPlugRetentionLock.Problem",
    }


@pytest.mark.parametrize(
    ("name", "unit", "limits", "values"),
    [
        ("TxCtrlr.EVConnectionTimeOut", "s", (0.0, 86400.0), None),
        ("EVSE.Power", "W", (0.0, 11040.0), None),
        (
            "TxCtrlr.TxStopPoint",
            None,
            (None, None),
            "EVConnected,Authorized,PowerPathClosed,EnergyTransfer",
        ),
    ],
)
async def test_characteristics(
    tmp_path: Path,
    name: str,
    unit: str | None,
    limits: tuple[float | None, float | None],
    values: str | None,
) -> None:
    """B07.FR.08; EVSE.Power must have its maxLimit."""
    async with office(tmp_path) as backend:
        parts = await report(backend, "FullInventory")
    data = next(
        data
        for part in parts
        for data in part.report_data or ()
        if f"{data.component.name}.{data.variable.name}" == name
    )
    about = data.variable_characteristics
    assert about is not None
    assert (about.unit, (about.min_limit, about.max_limit), about.values_list) == (unit, limits, values)


async def test_a_password_is_reported_without_its_value(tmp_path: Path) -> None:
    async with office(tmp_path, SecurityCtrlr__BasicAuthPassword="sixteen-or-more-1") as backend:
        parts = await report(backend, "FullInventory")
    assert b"sixteen-or-more-1" not in b"".join(codec.encode(part) for part in parts)
