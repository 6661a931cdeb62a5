"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v201.bounds import Str50


class ComponentType(Payload, frozen=True, kw_only=True):
    """Part of GetMonitoringReportRequest, GetReportRequest and 11 more."""

    custom_data: Maybe[CustomDataType] = None
    evse: Maybe[v201.EVSEType] = None
    name: Str50
    instance: Maybe[Str50] = None
