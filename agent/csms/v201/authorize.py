"""Authorize: asks the backend about a token (C01)."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from agent.authorization.contract import Evidence, StatusQuestion
from agent.authorization.verdicts import Verdict
from agent.costs.records import PersonalText
from agent.transactions.records import UNTYPED, Token, TokenDetail, TokenType
from ocppj.messages import v201

NOTHING = Evidence()


def message(token: Token, evidence: Evidence = NOTHING) -> v201.AuthorizeRequest:
    """Return the question; a contract's certificates come along (C07.FR.02, C07.FR.06)."""
    return v201.AuthorizeRequest(
        id_token=id_token(token),
        certificate=evidence.chain or None,
        iso15118_certificate_hash_data=tuple(map(status_question, evidence.questions)) or None,
    )


def read(response: v201.AuthorizeResponse) -> Verdict:
    """Return the backend's verdict; certificates that it refuses leave nobody accepted."""
    found = verdict(response.id_token_info)
    if response.certificate_status in (None, "Accepted"):
        return found
    status = "Invalid" if found.is_accepted else found.status
    return replace(found, status=status, certificate=response.certificate_status)


def status_question(question: StatusQuestion) -> v201.OCSPRequestDataType:
    """Return a question about a certificate's status as this version writes it."""
    named = question.named
    return v201.OCSPRequestDataType(
        hash_algorithm=named.algorithm,
        issuer_name_hash=named.issuer_name_hash,
        issuer_key_hash=named.issuer_key_hash,
        serial_number=named.serial_number,
        responder_url=question.responder_url,
    )


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
    """Return a token as this version writes it."""
    details = tuple(
        v201.AdditionalInfoType(additional_id_token=one.text, type=one.kind) for one in token.details
    )
    return v201.IdTokenType(id_token=token.id, type=_type(token), additional_info=details or None)


def _type(token: Token) -> v201.IdTokenEnumType:
    """Return a token's type; what this version has no word for is the backend's own to know."""
    return "Central" if token.type == UNTYPED or token.type == "DirectPayment" else token.type  # noqa: PLR1714 - narrows


def token(id_token: v201.IdTokenType) -> Token:
    """Return a token from how 2.0.1 or 2.1 writes it; a type unknown to us is the backend's own to know."""
    known = get_args(TokenType)
    details = (
        TokenDetail(kind=one.type, text=one.additional_id_token) for one in id_token.additional_info or ()
    )
    kind = id_token.type if id_token.type in known else "Central"
    return Token(id=id_token.id_token, type=kind, details=tuple(details))
