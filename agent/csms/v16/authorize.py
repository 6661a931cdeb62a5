"""Authorize: asks the backend about an idTag (OCPP 1.6, 4.1), and how idTags are read and written.

An idTag has no type: what was read with a card reader and what an app sends look the same here.
"""

from __future__ import annotations

from agent.authorization.verdicts import Verdict
from agent.csms.dialect import CannotBeTold
from agent.transactions.records import Token
from ocppj.messages import v16

LONGEST_ID_TAG = 20


def message(token: Token) -> v16.AuthorizeRequest:
    """Return the question.

    Raises:
        CannotBeTold: If the token is longer than an idTag can be.
    """
    return v16.AuthorizeRequest(id_tag=id_tag(token))


def id_tag(token: Token) -> str:
    """Return the token as an idTag (CiString20Type).

    Raises:
        CannotBeTold: If it is longer; cut short it could be another driver's.
    """
    if len(token.id) > LONGEST_ID_TAG:
        raise CannotBeTold(f"an idTag has at most {LONGEST_ID_TAG} characters")
    return token.id


def token(id_tag: str) -> Token:
    """Return an idTag as a token of whatever type it may be."""
    return Token(id=id_tag, type="Untyped")


def verdict(info: v16.IdTagInfo) -> Verdict:
    """Return the backend's verdict; ConcurrentTx is 2.0.1's ConcurrentTx."""
    return Verdict(status=info.status, group_id=info.parent_id_tag, expires_at=info.expiry_date)
