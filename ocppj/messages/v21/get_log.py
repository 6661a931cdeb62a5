"""GetLog of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, Str255, Str2000

LogEnumType = Literal["DiagnosticsLog", "SecurityLog", "DataCollectorLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]


class LogParametersType(Payload, frozen=True, kw_only=True):
    """Part of GetLogRequest."""

    remote_location: Str2000
    oldest_timestamp: Maybe[Timestamp] = None
    latest_timestamp: Maybe[Timestamp] = None
    custom_data: Maybe[CustomDataType] = None


class GetLogRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetLog action."""

    log: LogParametersType
    log_type: LogEnumType
    request_id: Integer
    retries: Maybe[IntFrom0] = None
    retry_interval: Maybe[Integer] = None
    custom_data: Maybe[CustomDataType] = None


class GetLogResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetLog action."""

    status: LogStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    filename: Maybe[Str255] = None
    custom_data: Maybe[CustomDataType] = None
