"""Decide about one identifier (OCPP 2.0.1 C01, C02, C05, C09, C10). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from certs.emaid import plain

Status = Literal["Accepted", "Blocked", "Expired", "Invalid", "Unknown"]
"""The part of AuthorizationStatusEnumType that the operator's own token list can tell."""

TokenType = Literal["RFID", "APP_USER", "AD_HOC_USER", "EMAID", "OTHER"]
"""OCPI TokenType, with 2.3.0's EMAID."""

TYPES: dict[str, tuple[TokenType, ...]] = {
    "ISO14443": ("RFID",),
    "ISO15693": ("RFID",),
    "eMAID": ("EMAID",),
    "Central": ("APP_USER", "AD_HOC_USER"),
}
"""Which tokens an OCPP IdTokenEnumType can stand for; every other one stands for OTHER."""

_EMAID = ("EMAID", "eMAID")
NOT_NEEDED = "NoAuthorization"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token of the operator's list."""

    type: TokenType
    contract_id: str
    group_id: str | None = None
    valid: bool = True
    blocked: bool = False
    whitelist: str = "ALLOWED"
    expires_at: datetime | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What the charger is told. `cache_until`: when it has to ask again (None: it may decide)."""

    status: Status
    group_id: str | None = None
    cache_until: datetime | None = None


def key_of(identifier: str, type_: str = "") -> str:
    """Return the form in which identifiers are compared: OCPP's are case insensitive.

    With a type, OCPP's or OCPI's: hyphens in a contract's eMAID are optional.
    """
    return (plain(identifier) if type_ in _EMAID else identifier).casefold()


def judge(
    id_token_type: str,
    candidates: tuple[Token, ...],
    now: datetime,
    cache_for: timedelta,
    *,
    remotely_started: bool = False,
) -> Verdict:
    """Judge an identifier by the tokens that carry it.

    `remotely_started`: the operator has just asked this station to charge for this identifier, which need not
    be in the list then (OCPI 2.2.1, StartSession; OCPP 2.0.1 C05).
    """
    if id_token_type == NOT_NEEDED:
        return Verdict("Accepted")
    token = next((each for each in candidates if each.type in TYPES.get(id_token_type, ("OTHER",))), None)
    if token is None:
        if remotely_started:
            return Verdict("Accepted", cache_until=now)
        return Verdict("Invalid" if candidates else "Unknown")
    status = _status(token, now)
    if status != "Accepted":
        return Verdict(status, token.group_id)
    return Verdict(status, token.group_id, _cache_until(token, now, cache_for))


def _status(token: Token, now: datetime) -> Status:
    if token.blocked:
        return "Blocked"
    if token.expires_at is not None and token.expires_at <= now:
        return "Expired"
    return "Accepted" if token.valid else "Invalid"


def _cache_until(token: Token, now: datetime, cache_for: timedelta) -> datetime:
    if token.whitelist == "NEVER":
        return now
    until = now + cache_for
    return until if token.expires_at is None else min(until, token.expires_at)
