"""GET tokens: who may charge."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import Row

from backend.admin import tokens
from backend.authorization.verdict import TokenType
from backend.web.paging import Next, Paged
from backend.web.service import Served

router = APIRouter(prefix="/tokens", tags=["tokens"])


class Token(BaseModel):
    """A token of the operator's list, in OCPI's terms."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uid": "04A2B3C4",
                    "type": "RFID",
                    "contract_id": "DE-CHH-C04A2B3C4",
                    "group_id": None,
                    "valid": True,
                    "blocked": False,
                    "whitelist": "ALLOWED",
                    "expires_at": None,
                    "last_updated": "2026-03-01T10:00:00Z",
                }
            ]
        }
    )

    uid: str
    type: TokenType
    contract_id: str
    group_id: str | None
    valid: bool
    blocked: bool
    whitelist: Literal["ALWAYS", "ALLOWED", "ALLOWED_OFFLINE", "NEVER"]
    expires_at: AwareDatetime | None
    last_updated: AwareDatetime


class TokenList(BaseModel):
    """A page of tokens."""

    items: list[Token]
    next: Next


@router.get("")
async def list_tokens(service: Served, page: Paged) -> TokenList:
    """Tokens, the newest first."""
    rows = await service.database.read(lambda db: tokens.list_tokens(db, page.fetch, page.offset))
    return TokenList(items=[_token(row) for row in page.cut(rows)], next=page.next(rows))


def _token(row: Row[Any]) -> Token:
    return Token.model_validate(row, from_attributes=True)
