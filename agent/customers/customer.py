"""Whom the backend asks about, and what is held about them."""

from __future__ import annotations

from dataclasses import dataclass

from agent.transactions.records import Token, TokenType


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody known by the number of a token, of one type or of any.

    None as the number is somebody of whom this station can hold nothing: it keeps no customer's certificate.
    """

    id: str | None
    type: TokenType | None = None

    def has(self, token: Token | None) -> bool:
        """Return whether a token is this customer's; identifiers compare without case."""
        if token is None or self.id is None or not token.id:
            return False
        return token.id.casefold() == self.id.casefold() and self.type in (None, token.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One thing that is held, in words. `why_kept` says why it stays if the customer is cleared."""

    text: str
    why_kept: str | None = None
