"""Whom the backend asks about, and what is held about them."""

from __future__ import annotations

from dataclasses import dataclass

from agent.transactions.records import Token, TokenType
from certs.hash_data import HashData


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody known by the number of a token, of one type or of any, or by a certificate; else by nothing.

    No customer's certificate is kept, but how it stands may be; under its hashes of SHA-256, as the backend
    was asked about it.
    """

    id: str | None
    type: TokenType | None = None
    certificate: HashData | None = None

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
