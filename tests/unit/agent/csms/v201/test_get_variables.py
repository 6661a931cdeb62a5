from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.v201.get_variables import handle
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office


def item(
    component: str, variable: str, evse: v201.EVSEType | None = None, **more: Any
) -> v201.GetVariableDataType:
    return v201.GetVariableDataType(
        component=v201.ComponentType(name=component, evse=evse),
        variable=v201.VariableType(name=variable),
        **more,
    )


async def results(office: Office, *items: v201.GetVariableDataType) -> tuple[v201.GetVariableResultType, ...]:
    reply = await handle(v201.GetVariablesRequest(get_variable_data=items), office.context)
    assert isinstance(reply.response, v201.GetVariablesResponse)
    assert reply.after is None
    return reply.response.get_variable_result


async def test_values_come_in_the_order_asked(tmp_path: Path) -> None:
    """B06.FR.01, B06.FR.02, B06.FR.10, B06.FR.11."""
    async with office(tmp_path) as backend:
        threshold, power = await results(
            backend,
            item("OCPPCommCtrlr", "OfflineThreshold"),
            item("EVSE", "Power", v201.EVSEType(id=2), attribute_type="Actual"),
        )
    assert (threshold.attribute_status, threshold.attribute_value) == ("Accepted", "60")
    assert (threshold.attribute_type, power.attribute_type) == ("Actual", "Actual")
    assert (power.attribute_value, power.component.evse) == ("2000", v201.EVSEType(id=2))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (item("Nothing", "X"), "UnknownComponent"),  # B06.FR.06
        (item("TxCtrlr", "X"), "UnknownVariable"),  # B06.FR.07
        (item("TxCtrlr", "TxStartPoint", attribute_type="MaxSet"), "NotSupportedAttributeType"),  # B06.FR.08
        (item("SecurityCtrlr", "BasicAuthPassword"), "Rejected"),  # B06.FR.09
        (item("EVSE", "Power", v201.EVSEType(id=7)), "UnknownComponent"),
    ],
)
async def test_what_cannot_be_told_has_no_value(
    tmp_path: Path, asked: v201.GetVariableDataType, status: str
) -> None:
    """Each answer names its item, whatever its outcome."""
    async with office(tmp_path) as backend:
        [result] = await results(backend, asked)
    assert (result.attribute_status, result.attribute_value) == (status, None)
    assert result.attribute_type == (asked.attribute_type or "Actual"), "B06.FR.03"


async def test_more_items_than_announced(tmp_path: Path) -> None:
    """B06.FR.16."""
    async with office(tmp_path) as backend:
        with pytest.raises(OcppError) as refused:
            await results(backend, *[item("TxCtrlr", "TxStartPoint")] * 65)
    assert refused.value.code is ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION
