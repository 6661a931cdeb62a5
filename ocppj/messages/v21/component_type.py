"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str50


class ComponentType(Payload, frozen=True, kw_only=True):
    """Part of GetMonitoringReportRequest, GetReportRequest and 11 more."""

    evse: Maybe[v21.EVSEType] = None
    name: Str50
    instance: Maybe[Str50] = None
    custom_data: Maybe[CustomDataType] = None
