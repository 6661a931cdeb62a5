"""MeterValues of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1


class MeterValuesRequest(Payload, frozen=True, kw_only=True):
    """Request of the MeterValues action."""

    evse_id: IntFrom0
    meter_value: Annotated[tuple[v21.MeterValueType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class MeterValuesResponse(Payload, frozen=True, kw_only=True):
    """Response of the MeterValues action."""

    custom_data: Maybe[CustomDataType] = None
