"""NotifyReport: variables with their values and limits, in as many parts as it takes (B07, B08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from agent.csms.v201.device_model import component_of, variable_of
from agent.variables.model import DeviceModel, Entry
from ocppj.messages import v201

LIMIT = "DeviceDataCtrlr.ItemsPerMessage[GetReport]"
_LONGEST = "DeviceDataCtrlr.ReportingValueSize"
BUSY = v201.StatusInfoType(
    reason_code="Unspecified", additional_info="other reports are being sent: ask again when they have come"
)
_LISTS = ("OptionList", "MemberList", "SequenceList")


def parts(
    request_id: int, entries: Sequence[Entry], model: DeviceModel, at: datetime
) -> Iterator[v201.NotifyReportRequest]:
    """Yield the messages in order; all but the last say that more is to come."""
    size = model.integer(LIMIT)
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
    value = None if variable.mutability == "WriteOnly" else model.value(entry)[: model.integer(_LONGEST)]
    return v201.ReportDataType(
        component=component_of(entry),
        variable=variable_of(entry),
        variable_attribute=(
            v201.VariableAttributeType(
                type="Actual",
                value=value,
                mutability=variable.mutability,
                persistent=variable.default is not None,
            ),
        ),
        variable_characteristics=v201.VariableCharacteristicsType(
            unit=variable.unit,
            data_type=variable.type,
            min_limit=_limit(variable.minimum),
            max_limit=_limit(model.maximum(entry)),
            values_list=",".join(model.choice(variable)) if variable.type in _LISTS else None,
            supports_monitoring=True,
        ),
    )


def _limit(value: int | None) -> float | None:
    return None if value is None else float(value)
