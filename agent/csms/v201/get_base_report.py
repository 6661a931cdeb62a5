"""GetBaseReport and the NotifyReport messages that follow it (B07)."""

from __future__ import annotations

from collections.abc import Iterator

from agent.csms.dialect import Context, Reply
from agent.csms.v201.device_model import component_of, variable_of
from agent.variables.declared import Variable
from agent.variables.model import DeviceModel, Entry
from ocppj.messages import v201

_LIMIT = "DeviceDataCtrlr.ItemsPerMessage[GetReport]"
_LISTS = ("OptionList", "MemberList", "SequenceList")


async def handle(request: v201.GetBaseReportRequest, context: Context) -> Reply:
    """Accept, then send the report in as many parts as its size takes (B07.FR.01, B07.FR.06)."""
    entries = [entry for entry in context.station.settings if _belongs(entry.variable, request.report_base)]

    async def send() -> None:
        for part in _parts(request.request_id, entries, context):
            await context.backend.call(part)

    return Reply(v201.GetBaseReportResponse(status="Accepted"), send)


def _belongs(variable: Variable, base: v201.ReportBaseEnumType) -> bool:
    """Return whether a variable is in the report (B07.FR.07, B07.FR.08, B07.FR.09)."""
    match base:
        case "ConfigurationInventory":
            return variable.mutability != "ReadOnly"
        case "FullInventory":
            return True
        case "SummaryInventory":
            return variable.in_summary


def _parts(request_id: int, entries: list[Entry], context: Context) -> Iterator[v201.NotifyReportRequest]:
    model, at = context.station.settings, context.now()
    size = model.integer(_LIMIT)
    for seq_no, first in enumerate(range(0, len(entries), size)):
        yield v201.NotifyReportRequest(
            request_id=request_id,
            generated_at=at,
            seq_no=seq_no,
            tbc=first + size < len(entries),
            report_data=tuple(_report_data(model, entry) for entry in entries[first : first + size]),
        )


def _report_data(model: DeviceModel, entry: Entry) -> v201.ReportDataType:
    variable = entry.variable
    return v201.ReportDataType(
        component=component_of(entry),
        variable=variable_of(entry),
        variable_attribute=(
            v201.VariableAttributeType(
                type="Actual",
                value=None if variable.mutability == "WriteOnly" else model.value(entry),
                mutability=variable.mutability,
                persistent=variable.default is not None,
            ),
        ),
        variable_characteristics=v201.VariableCharacteristicsType(
            unit=variable.unit,
            data_type=variable.type,
            min_limit=_limit(variable.minimum),
            max_limit=_limit(model.maximum(entry)),
            values_list=",".join(variable.members) if variable.type in _LISTS else None,
            supports_monitoring=False,
        ),
    )


def _limit(value: int | None) -> float | None:
    return None if value is None else float(value)
