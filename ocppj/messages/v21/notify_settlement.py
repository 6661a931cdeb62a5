"""NotifySettlement of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages import v21
from ocppj.messages.fields import Amount, CustomDataType, Maybe, Payload, Timestamp
from ocppj.messages.v21.bounds import Str20, Str36, Str50, Str255, Str500, Str2000

PaymentStatusEnumType = Literal["Settled", "Canceled", "Rejected", "Failed"]


class NotifySettlementRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifySettlement action."""

    transaction_id: Maybe[Str36] = None
    psp_ref: Str255
    status: PaymentStatusEnumType
    status_info: Maybe[Str500] = None
    settlement_amount: Amount
    settlement_time: Timestamp
    receipt_id: Maybe[Str50] = None
    receipt_url: Maybe[Str2000] = None
    vat_company: Maybe[v21.AddressType] = None
    vat_number: Maybe[Str20] = None
    custom_data: Maybe[CustomDataType] = None


class NotifySettlementResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifySettlement action."""

    receipt_url: Maybe[Str2000] = None
    receipt_id: Maybe[Str50] = None
    custom_data: Maybe[CustomDataType] = None
