"""Add, list and block tokens: what drivers identify themselves with."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.admin.errors import AdminError
from backend.authorization.verdict import TYPES, TokenType, key_of
from backend.config import CpoSection
from backend.db.tables import tokens

_UID = re.compile(r"[\x21-\x7e]{1,36}")
MAX_CONTRACT_ID = 36


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token to add. Without a contract id it gets one of the operator's."""

    uid: str
    type: TokenType = "RFID"
    contract_id: str | None = None
    group_id: str | None = None
    whitelist: str = "ALLOWED"
    expires_at: datetime | None = None


def token_type(name: str) -> TokenType:
    """Return OCPI's name of a token type; OCPP's, such as ISO14443, is understood as well.

    Raises:
        AdminError: If it is neither.
    """
    known: tuple[TokenType, ...] = ("RFID", "APP_USER", "AD_HOC_USER", "EMAID", "OTHER")
    for each in known:
        if name == each:
            return each
    if name in TYPES:
        return TYPES[name][0]
    raise AdminError(f"{name!r} is no token type; use {', '.join((*known, *TYPES))}")


def add_token(db: Connection, token: NewToken, cpo: CpoSection, now: datetime) -> None:
    """Add a token, so that it may charge.

    Raises:
        AdminError: If its uid cannot be one, or if it is there already.
    """
    if not _UID.fullmatch(token.uid):
        raise AdminError(f"{token.uid!r} is no token: use 1 to 36 printable characters without spaces")
    values = msgspec.structs.asdict(token) | {
        "uid_key": key_of(token.uid, token.type),
        "contract_id": token.contract_id or contract_id_of(token.uid, cpo),
        "last_updated": now,
    }
    try:
        db.execute(insert(tokens).values(values))
    except IntegrityError:
        raise AdminError(
            f"{token.uid} ({token.type}) exists already; to let a blocked one charge again: token unblock"
        ) from None


def block_token(
    db: Connection, uid: str, type_: TokenType | None, now: datetime, *, blocked: bool
) -> list[str]:
    """Block or unblock the tokens of that uid, of one type or of all, and return the types.

    Raises:
        AdminError: If there is none.
    """
    is_contract = (tokens.c.type == "EMAID") & (tokens.c.uid_key == key_of(uid, "EMAID"))
    which = (tokens.c.uid_key == key_of(uid)) | is_contract
    if type_ is not None:
        which &= tokens.c.type == type_
    changed = db.execute(
        update(tokens).where(which).values(blocked=blocked, last_updated=now).returning(tokens.c.type)
    )
    types = sorted(changed.scalars())
    if not types:
        raise AdminError(f"no token {uid}; list them with: chargehand-backend token list")
    return types


def list_tokens(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return tokens, the newest first."""
    return db.execute(select(tokens).order_by(tokens.c.id.desc()).limit(limit).offset(offset)).all()


def contract_id_of(uid: str, cpo: CpoSection) -> str:
    """Return a contract id of the operator: one for each uid, 36 characters at most (OCPI 2.2.1)."""
    prefix = f"{cpo.country_code}-{cpo.party_id}-C"
    room = MAX_CONTRACT_ID - len(prefix)
    return prefix + (uid if len(uid) <= room else hashlib.sha256(uid.encode()).hexdigest()[:room].upper())
