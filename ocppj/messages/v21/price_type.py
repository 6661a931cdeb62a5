"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from ocppj.messages.fields import Amount, CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0, ItemsFrom1To5, Str20


class PriceType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 2 more."""

    excl_tax: Maybe[Amount] = None
    incl_tax: Maybe[Amount] = None
    tax_rates: Maybe[Annotated[tuple[TaxRateType, ...], ItemsFrom1To5]] = None
    custom_data: Maybe[CustomDataType] = None


class TaxRateType(Payload, frozen=True, kw_only=True):
    """Part of AuthorizeResponse, ChangeTransactionTariffRequest and 2 more."""

    type: Str20
    tax: Amount
    stack: Maybe[IntFrom0] = None
    custom_data: Maybe[CustomDataType] = None
