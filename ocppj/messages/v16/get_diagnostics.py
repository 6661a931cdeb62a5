"""GetDiagnostics of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Integer, Maybe, Payload, Timestamp
from ocppj.messages.v16.bounds import Str255


class GetDiagnosticsRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetDiagnostics action."""

    location: str
    retries: Maybe[Integer] = None
    retry_interval: Maybe[Integer] = None
    start_time: Maybe[Timestamp] = None
    stop_time: Maybe[Timestamp] = None


class GetDiagnosticsResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetDiagnostics action."""

    file_name: Maybe[Str255] = None
