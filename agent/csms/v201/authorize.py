"""Authorize: asks the backend about a token (C01)."""

from __future__ import annotations

from agent.authorization.verdicts import Verdict
from agent.costs.records import PersonalText
from agent.transactions.records import UNTYPED, Token
from ocppj.messages import v201


def message(token: Token) -> v201.AuthorizeRequest:
    """Return the question."""
    return v201.AuthorizeRequest(id_token=id_token(token))


def verdict(info: v201.IdTokenInfoType) -> Verdict:
    """Return the backend's verdict."""
    group = None if info.group_id_token is None else info.group_id_token.id_token
    return Verdict(
        status=info.status,
        group_id=group,
        evse_ids=info.evse_id or (),
        expires_at=info.cache_expiry_date_time,
        languages=tuple(language for language in (info.language1, info.language2) if language),
        text=personal_text(info.personal_message),
    )


def personal_text(message: v201.MessageContentType | None) -> PersonalText | None:
    """Return what a driver is to be told, if anything."""
    if message is None:
        return None
    return PersonalText(text=message.content, format=message.format, language=message.language)


def id_token(token: Token) -> v201.IdTokenType:
    """Return a token as this version writes it; what a backend once named without a type is its own."""
    return v201.IdTokenType(id_token=token.id, type="Central" if token.type == UNTYPED else token.type)


def token(id_token: v201.IdTokenType) -> Token:
    """Return a token from how this version writes it."""
    return Token(id=id_token.id_token, type=id_token.type)
