"""GetLog of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str255, Str512

LogEnumType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]


class LogParametersType(Payload, frozen=True, kw_only=True):
    """Part of GetLogRequest."""

    remote_location: Str512
    oldest_timestamp: Maybe[Timestamp] = None
    latest_timestamp: Maybe[Timestamp] = None


class GetLogRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetLog action."""

    log: LogParametersType
    log_type: LogEnumType
    request_id: Integer
    retries: Maybe[Integer] = None
    retry_interval: Maybe[Integer] = None


class GetLogResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetLog action."""

    status: LogStatusEnumType
    filename: Maybe[Str255] = None
