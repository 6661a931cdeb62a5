"""MeterValues of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages import v201
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v201.bounds import ItemsFrom1


class MeterValuesRequest(Payload, frozen=True, kw_only=True):
    """Request of the MeterValues action."""

    custom_data: Maybe[CustomDataType] = None
    evse_id: Integer
    meter_value: Annotated[tuple[v201.MeterValueType, ...], ItemsFrom1]


class MeterValuesResponse(Payload, frozen=True, kw_only=True):
    """Response of the MeterValues action."""

    custom_data: Maybe[CustomDataType] = None
