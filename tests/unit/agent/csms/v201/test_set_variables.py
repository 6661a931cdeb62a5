from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.csms.dialect import Reply
from agent.csms.v201.set_variables import handle
from agent.store.database import StoreError
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office


def item(component: str, variable: str, value: str, **more: Any) -> v201.SetVariableDataType:
    return v201.SetVariableDataType(
        component=v201.ComponentType(name=component),
        variable=v201.VariableType(name=variable),
        attribute_value=value,
        **more,
    )


async def reply_to(office: Office, *items: v201.SetVariableDataType) -> Reply:
    return await handle(v201.SetVariablesRequest(set_variable_data=items), office.context)


async def results(office: Office, *items: v201.SetVariableDataType) -> tuple[v201.SetVariableResultType, ...]:
    reply = await reply_to(office, *items)
    assert isinstance(reply.response, v201.SetVariablesResponse)
    return reply.response.set_variable_result


async def test_values_are_stored_before_they_are_accepted(tmp_path: Path) -> None:
    """B05.FR.01, B05.FR.02, B05.FR.10, B05.FR.12."""
    async with office(tmp_path) as backend:
        done = await results(
            backend,
            item("OCPPCommCtrlr", "OfflineThreshold", "300"),
            item("TxCtrlr", "TxStartPoint", "evconnected", attribute_type="Actual"),
        )
        assert backend.place.settings.stored == {
            "OCPPCommCtrlr.OfflineThreshold": "300",
            "TxCtrlr.TxStartPoint": "EVConnected",
        }
    assert [result.attribute_status for result in done] == ["Accepted", "Accepted"]
    assert [result.attribute_type for result in done] == ["Actual", "Actual"]


@pytest.mark.parametrize(
    ("wanted", "status", "reason"),
    [
        (item("Nothing", "X", "1"), "UnknownComponent", None),  # B05.FR.04
        (item("TxCtrlr", "X", "1"), "UnknownVariable", None),  # B05.FR.05
        (item("TxCtrlr", "TxStartPoint", "x", attribute_type="Target"), "NotSupportedAttributeType", None),
        (item("TxCtrlr", "TxStartPoint", "DataSigned"), "Rejected", "InvalidValue"),
        (item("OCPPCommCtrlr", "OfflineThreshold", "soon"), "Rejected", "InvalidValue"),  # B05.FR.07
        (item("OCPPCommCtrlr", "OfflineThreshold", "99999999"), "Rejected", "InvalidValue"),  # B05.FR.08
        (item("ChargingStation", "Model", "Better"), "Rejected", "ReadOnly"),
        (item("SecurityCtrlr", "BasicAuthPassword", "short"), "Rejected", "InvalidValue"),
    ],
)
async def test_what_cannot_be_set_changes_nothing(
    tmp_path: Path, wanted: v201.SetVariableDataType, status: str, reason: str | None
) -> None:
    """B05.FR.06 for the attribute; TC_A_10_CS."""
    async with office(tmp_path) as backend:
        [result] = await results(backend, wanted)
        assert backend.place.settings.stored == {}
    assert result.attribute_status == status
    info = result.attribute_status_info
    assert (None if info is None else info.reason_code) == reason
    assert result.attribute_type == (wanted.attribute_type or "Actual"), "B05.FR.03"


async def test_one_refusal_does_not_stop_the_others(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        done = await results(
            backend, item("Nothing", "X", "1"), item("OCPPCommCtrlr", "OfflineThreshold", "30")
        )
    assert [result.attribute_status for result in done] == ["UnknownComponent", "Accepted"]


async def test_a_value_that_cannot_be_stored_is_rejected(tmp_path: Path) -> None:
    """B05.FR.09: a technical problem."""

    async def fail(_: str, __: str) -> None:
        raise StoreError("disk full")

    async with office(tmp_path) as backend:
        backend.place.settings._persist = fail
        [result] = await results(backend, item("OCPPCommCtrlr", "OfflineThreshold", "30"))
        assert backend.place.settings.integer("OCPPCommCtrlr.OfflineThreshold") == 60
    assert result.attribute_status == "Rejected"


async def test_a_new_password_is_used_on_a_new_connection(tmp_path: Path) -> None:
    """A01: after the answer."""
    async with office(tmp_path) as backend:
        reply = await reply_to(backend, item("SecurityCtrlr", "BasicAuthPassword", "sixteen-or-more-1"))
        assert backend.reconnects == 0
        await backend.carry_out(reply)
        assert backend.reconnects == 1
        again = await reply_to(backend, item("SecurityCtrlr", "BasicAuthPassword", "sixteen-or-more-1"))
        assert again.after is None


async def test_more_items_than_announced(tmp_path: Path) -> None:
    async with office(tmp_path) as backend:
        with pytest.raises(OcppError) as refused:
            await results(backend, *[item("TxCtrlr", "TxStartPoint", "Authorized")] * 65)
    assert refused.value.code is ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION
