"""Tariff texts and costs, free of any OCPP version. Stored as JSON: add members with a default only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalText:
    """What the backend has this driver told, such as the tariff (MessageContentType).

    `others` are the same in other languages; they have no others of their own.
    """

    text: str
    format: Literal["ASCII", "HTML", "URI", "UTF8"] = "UTF8"
    language: str | None = None
    others: tuple[PersonalText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a transaction costs, taxes included, in the currency of the station; `is_final` if it is over."""

    transaction_id: str
    evse_id: int
    total: Decimal
    currency: str
    at: datetime
    is_final: bool = False

    @property
    def shown(self) -> str:
        """The amount as a driver reads it: every digit that the backend sent."""
        return f"{self.total:f} {self.currency}".rstrip()
