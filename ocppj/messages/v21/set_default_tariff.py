"""SetDefaultTariff of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0

TariffSetStatusEnumType = Literal[
    "Accepted", "Rejected", "TooManyElements", "ConditionNotSupported", "DuplicateTariffId"
]


class SetDefaultTariffRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetDefaultTariff action."""

    evse_id: IntFrom0
    tariff: v21.TariffType
    custom_data: Maybe[CustomDataType] = None


class SetDefaultTariffResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetDefaultTariff action."""

    status: TariffSetStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
