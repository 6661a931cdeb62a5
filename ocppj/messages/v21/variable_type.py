"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str50


class VariableType(Payload, frozen=True, kw_only=True):
    """Part of GetMonitoringReportRequest, GetReportRequest and 9 more."""

    name: Str50
    instance: Maybe[Str50] = None
    custom_data: Maybe[CustomDataType] = None
