"""What a payment terminal is to the station: the port that a terminal's driver implements.

The terminal reads the card and has its payment service provider hold an amount; then it calls
`Payments.authorized`. The station decides the rest and tells the terminal. Everything that it is told names
the provider's reference of the payment, and may be told again after a power cut: the answer is then the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol


class TerminalError(Exception):
    """The terminal or its provider could not be reached; nothing is known to have changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which terminal it is (PaymentCtrlr)."""

    vendor: str
    model: str
    serial: str = ""
    firmware: str = ""
    terminal_id: str = ""
    provider: str = ""
    imsi: str = ""
    iccid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Where the driver finds the receipt that the provider made."""

    id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of settling; `info` are the provider's words for why not."""

    status: Literal["Settled", "Rejected"]
    receipt: Receipt = Receipt()
    info: str | None = None


class PaymentTerminal(Protocol):
    """A terminal that is connected to this station."""

    @property
    def about(self) -> About:
        """Which one it is."""

    @property
    def problem(self) -> str | None:
        """What is wrong with it, None while it can reach its provider."""

    async def settle(self, psp_ref: str, amount: Decimal, currency: str) -> Settled:
        """Take so much of what is held, and give the rest back.

        Raises:
            TerminalError: If that was not possible.
        """

    async def release(self, psp_ref: str) -> None:
        """Give back all that is held.

        Raises:
            TerminalError: If that was not possible.
        """

    async def hold(self, psp_ref: str, amount: Decimal, currency: str) -> bool:
        """Hold so much in all from now on; False if the provider refuses.

        Raises:
            TerminalError: If that was not possible.
        """
