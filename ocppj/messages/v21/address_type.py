"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import Str20, Str50, Str100


class AddressType(Payload, frozen=True, kw_only=True):
    """Part of NotifySettlementRequest, VatNumberValidationResponse."""

    name: Str50
    address1: Str100
    address2: Maybe[Str100] = None
    city: Str100
    postal_code: Maybe[Str20] = None
    country: Str50
    custom_data: Maybe[CustomDataType] = None
