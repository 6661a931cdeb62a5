"""ClearTariffs of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str60

TariffClearStatusEnumType = Literal["Accepted", "Rejected", "NoTariff"]


class ClearTariffsResultType(Payload, frozen=True, kw_only=True):
    """Part of ClearTariffsResponse."""

    status_info: Maybe[v21.StatusInfoType] = None
    tariff_id: Maybe[Str60] = None
    status: TariffClearStatusEnumType
    custom_data: Maybe[CustomDataType] = None


class ClearTariffsRequest(Payload, frozen=True, kw_only=True):
    """Request of the ClearTariffs action."""

    tariff_ids: Maybe[Annotated[tuple[Str60, ...], ItemsFrom1]] = None
    evse_id: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None


class ClearTariffsResponse(Payload, frozen=True, kw_only=True):
    """Response of the ClearTariffs action."""

    clear_tariffs_result: Annotated[tuple[ClearTariffsResultType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None
