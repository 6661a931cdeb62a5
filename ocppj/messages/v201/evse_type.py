"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload


class EVSEType(Payload, frozen=True, kw_only=True):
    """Part of ChangeAvailabilityRequest, GetMonitoringReportRequest and 14 more."""

    custom_data: Maybe[CustomDataType] = None
    id: Integer
    connector_id: Maybe[Integer] = None
