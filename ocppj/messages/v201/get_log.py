"""GetLog of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v201.bounds import Str255, Str512

LogEnumType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]


class LogParametersType(Payload, frozen=True, kw_only=True):
    """Part of GetLogRequest."""

    custom_data: Maybe[CustomDataType] = None
    remote_location: Str512
    oldest_timestamp: Maybe[Timestamp] = None
    latest_timestamp: Maybe[Timestamp] = None


class GetLogRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetLog action."""

    custom_data: Maybe[CustomDataType] = None
    log: LogParametersType
    log_type: LogEnumType
    request_id: Integer
    retries: Maybe[Integer] = None
    retry_interval: Maybe[Integer] = None


class GetLogResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetLog action."""

    custom_data: Maybe[CustomDataType] = None
    status: LogStatusEnumType
    status_info: Maybe[v201.StatusInfoType] = None
    filename: Maybe[Str255] = None
