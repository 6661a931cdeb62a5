"""A payment terminal in memory: its cards are presented over the control socket."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from agent.payments.terminal import About, Receipt, Settled, TerminalError

Mood = Literal["settles", "rejects", "fails"]
RECEIPTS: Final = "https://receipts.example/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something that the terminal was told."""

    what: Literal["settle", "release", "hold"]
    psp_ref: str
    amount: Decimal | None = None


class EmulatedTerminal:
    """Does as it is told, or as its `mood` is; keeps what it was told in `orders`."""

    def __init__(self) -> None:
        self.mood: Mood = "settles"
        self.orders: list[Order] = []

    @property
    def about(self) -> About:
        """Which one it is."""
        return About(
            vendor="chargehand", model="Emulated terminal", serial="0001", terminal_id="T-1", provider="none"
        )

    @property
    def problem(self) -> str | None:
        """What is wrong with it."""
        return "its provider does not answer" if self.mood == "fails" else None

    async def settle(self, psp_ref: str, amount: Decimal, currency: str) -> Settled:
        """Take so much; the same payment is settled once, however often that is asked."""
        self._obey(Order(what="settle", psp_ref=psp_ref, amount=amount))
        if self.mood == "rejects":
            return Settled(status="Rejected", info="the provider says no")
        return Settled(status="Settled", receipt=Receipt(id=psp_ref, url=f"{RECEIPTS}{psp_ref}"))

    async def release(self, psp_ref: str) -> None:
        """Give all back."""
        self._obey(Order(what="release", psp_ref=psp_ref))

    async def hold(self, psp_ref: str, amount: Decimal, currency: str) -> bool:
        """Hold so much from now on."""
        self._obey(Order(what="hold", psp_ref=psp_ref, amount=amount))
        return self.mood == "settles"

    def _obey(self, order: Order) -> None:
        if order not in self.orders:
            self.orders.append(order)
        if self.mood == "fails":
            raise TerminalError("the provider does not answer")
