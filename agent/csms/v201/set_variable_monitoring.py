"""SetVariableMonitoring: the backend has variables watched (N04)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Final, get_args

from agent.csms.dialect import Context, Reply
from agent.csms.v201.device_model import find
from agent.monitoring.records import Kind, Monitor, StreamRate
from agent.monitoring.rules import Proposal
from agent.store.database import StoreError
from agent.variables.model import UnknownComponent, UnknownVariable
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201

log = logging.getLogger(__name__)

_LIMIT: Final = "MonitoringCtrlr.ItemsPerMessage[SetVariableMonitoring]"


StreamOf = Callable[[v201.SetMonitoringDataType], StreamRate | None]
"""How the values of a monitor are to be told as a stream, in versions that know streams."""


async def handle(request: v201.SetVariableMonitoringRequest, context: Context) -> Reply:
    """Set every monitor, in order; each is durable before the answer says Accepted (N04.FR.01).

    Raises:
        OcppError: OccurrenceConstraintViolation for more than announced (N04.FR.09).
    """
    return await answer(request, context, lambda _: None)


async def answer(request: v201.SetVariableMonitoringRequest, context: Context, stream_of: StreamOf) -> Reply:
    """Set every monitor; `stream_of` is the version's.

    Raises:
        OcppError: As `handle` does.
    """
    most = context.station.settings.integer(_LIMIT)
    if len(request.set_monitoring_data) > most:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {most} monitors per message")
    results = tuple([await _set(item, context, stream_of) for item in request.set_monitoring_data])
    return Reply(v201.SetVariableMonitoringResponse(set_monitoring_result=results))


async def _set(
    item: v201.SetMonitoringDataType, context: Context, stream_of: StreamOf
) -> v201.SetMonitoringResultType:
    if item.type not in get_args(Kind):  # TargetDelta of 2.1
        return _refused(item, "UnsupportedMonitorType", "UnsupportedParam", "no variable here has a target")
    replaced = None if item.id is None else context.monitoring.find(item.id)
    try:
        entry = find(context.station.settings, item.component, item.variable)
    except (UnknownComponent, UnknownVariable) as unknown:
        if replaced is not None:  # N04.FR.16: of that monitor, whatever there is besides
            return _refused(item, "Rejected", "InvalidValue", f"monitor {item.id} watches another variable")
        if isinstance(unknown, UnknownVariable):
            return _refused(item, "UnknownVariable", "NotFound", f"no variable {item.variable.name}")
        return _refused(item, "UnknownComponent", "NotFound", f"no component {item.component.name} there")
    proposal = Proposal(
        entry=entry,
        kind=item.type,
        value=Decimal(str(item.value)),
        severity=item.severity,
        needs_transaction=bool(item.transaction),
        id=item.id,
        stream=stream_of(item),
    )
    try:
        result = await context.monitoring.set(proposal)
    except StoreError as error:
        log.error("monitor of %s not set: %s", entry.variable.name, error)
        return _refused(item, "Rejected", "InternalError", "it cannot be stored")
    if isinstance(result, Monitor):
        return _result(item, "Accepted", number=result.id)
    return _refused(item, result.status, result.reason, result.why)


def _refused(
    item: v201.SetMonitoringDataType, status: v201.SetMonitoringStatusEnumType, reason: str, why: str
) -> v201.SetMonitoringResultType:
    info = v201.StatusInfoType(reason_code=reason, additional_info=why[:512])
    return _result(item, status, info=info)


def _result(
    item: v201.SetMonitoringDataType,
    status: v201.SetMonitoringStatusEnumType,
    *,
    number: int | None = None,
    info: v201.StatusInfoType | None = None,
) -> v201.SetMonitoringResultType:
    return v201.SetMonitoringResultType(
        id=number,
        status=status,
        status_info=info,
        type=item.type,
        severity=item.severity,
        component=item.component,
        variable=item.variable,
    )
