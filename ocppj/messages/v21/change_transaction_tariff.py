"""ChangeTransactionTariff of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str36

TariffChangeStatusEnumType = Literal[
    "Accepted", "Rejected", "TooManyElements", "ConditionNotSupported", "TxNotFound", "NoCurrencyChange"
]


class ChangeTransactionTariffRequest(Payload, frozen=True, kw_only=True):
    """Request of the ChangeTransactionTariff action."""

    tariff: v21.TariffType
    transaction_id: Str36
    custom_data: Maybe[CustomDataType] = None


class ChangeTransactionTariffResponse(Payload, frozen=True, kw_only=True):
    """Response of the ChangeTransactionTariff action."""

    status: TariffChangeStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
