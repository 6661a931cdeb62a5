"""Payments as they are stored, asked about and told; free of any OCPP version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.transactions.records import Token, TokenDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A company, for a receipt (AddressType)."""

    name: str
    address1: str
    city: str
    country: str
    address2: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a payment, to be told (NotifySettlement)."""

    psp_ref: str
    status: Literal["Settled", "Canceled", "Rejected", "Failed"]
    amount: Decimal
    at: datetime
    transaction_id: str | None = None
    info: str | None = None
    receipt_id: str | None = None
    receipt_url: str | None = None
    vat_number: str | None = None
    company: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the backend answered to a report: the receipt that it made, if it makes them."""

    receipt_id: str | None = None
    receipt_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatQuestion:
    """Is this a company's VAT number?"""

    number: str
    evse_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatAnswer:
    """The backend's word on a VAT number."""

    is_valid: bool
    company: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment that is not over. Stored as JSON: add members with a default only.

    `held` is what the provider holds on the card. `report`: it is over but for telling the backend.
    """

    psp_ref: str
    evse_id: int
    held: Decimal
    details: tuple[TokenDetail, ...] = ()
    is_known: bool = False
    """Whether the backend was asked about it."""
    transaction_id: str | None = None
    vat_number: str | None = None
    company: Address | None = None
    report: Report | None = None

    @property
    def token(self) -> Token:
        """The payment as what authorizes its driver."""
        return Token(id=self.psp_ref, type="DirectPayment", details=self.details)
