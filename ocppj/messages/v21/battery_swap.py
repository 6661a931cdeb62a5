"""BatterySwap of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import FloatFrom0To100, IntFrom0, ItemsFrom1, Str50, Str500

BatterySwapEventEnumType = Literal["BatteryIn", "BatteryOut", "BatteryOutTimeout"]


class BatteryDataType(Payload, frozen=True, kw_only=True):
    """Part of BatterySwapRequest."""

    evse_id: IntFrom0
    serial_number: Str50
    soc: FloatFrom0To100 = field(name="soC")
    soh: FloatFrom0To100 = field(name="soH")
    production_date: Maybe[Timestamp] = None
    vendor_info: Maybe[Str500] = None
    custom_data: Maybe[CustomDataType] = None


class BatterySwapRequest(Payload, frozen=True, kw_only=True):
    """Request of the BatterySwap action."""

    battery_data: Annotated[tuple[BatteryDataType, ...], ItemsFrom1]
    event_type: BatterySwapEventEnumType
    id_token: v21.IdTokenType
    request_id: Integer
    custom_data: Maybe[CustomDataType] = None


class BatterySwapResponse(Payload, frozen=True, kw_only=True):
    """Response of the BatterySwap action."""

    custom_data: Maybe[CustomDataType] = None
