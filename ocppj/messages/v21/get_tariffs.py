"""GetTariffs of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1, Str60, Str255

TariffGetStatusEnumType = Literal["Accepted", "Rejected", "NoTariff"]
TariffKindEnumType = Literal["DefaultTariff", "DriverTariff"]


class TariffAssignmentType(Payload, frozen=True, kw_only=True):
    """Part of GetTariffsResponse."""

    tariff_id: Str60
    tariff_kind: TariffKindEnumType
    valid_from: Maybe[Timestamp] = None
    evse_ids: Maybe[Annotated[tuple[IntFrom0, ...], ItemsFrom1]] = None
    id_tokens: Maybe[Annotated[tuple[Str255, ...], ItemsFrom1]] = None
    custom_data: Maybe[CustomDataType] = None


class GetTariffsRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetTariffs action."""

    evse_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None


class GetTariffsResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetTariffs action."""

    status: TariffGetStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    tariff_assignments: Maybe[Annotated[tuple[TariffAssignmentType, ...], ItemsFrom1]] = None
    custom_data: Maybe[CustomDataType] = None
