"""How a token is looked up where tokens are stored by type and identifier.

A row of a type answers for an untyped token of that identifier, and an untyped row for any type: OCPP 1.6
knows identifiers only.
"""

from __future__ import annotations

from typing import Final

from agent.transactions.records import UNTYPED, Token

IS_SAME: Final = f"id = :id AND (type = :type OR type = '{UNTYPED}' OR :type = '{UNTYPED}')"
"""The condition for SQL, with `named` as its parameters."""

EXACT_FIRST: Final = "ORDER BY type = :type DESC"


def named(token: Token) -> dict[str, str | float | bytes | None]:
    """Return the parameters that stand for a token; identifiers compare without case."""
    return {"type": token.type, "id": token.id.casefold()}
