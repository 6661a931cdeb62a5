"""Authorize (C01 to C10): whether an identifier may charge."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from backend.authorization.lookup import Question, look_up
from backend.authorization.verdict import Verdict
from backend.csms.incoming import Answer, Incoming, WithoutMemory
from backend.csms.settings import CsmsSettings
from backend.csms.v201.id_token_info import id_token_info
from ocppj.messages import v201

Asked = Incoming[v201.AuthorizeRequest]


class Authorize(WithoutMemory):
    """Looks identifiers up in the operator's list."""

    def __init__(self, settings: CsmsSettings) -> None:
        self._settings = settings

    def store(self, db: Connection, items: Sequence[Asked]) -> list[Answer]:
        """Judge; nothing is stored."""
        now = max(item.received_at for item in items)
        verdicts = look_up(db, {_question(item) for item in items}, now, self._settings.cache_for)
        return [_answer(item, verdicts[_question(item)]) for item in items]


def _question(item: Asked) -> Question:
    token = item.request.id_token
    return item.station_id, token.id_token, token.type


def _answer(item: Asked, verdict: Verdict) -> Answer:
    request = item.request
    if request.certificate is None and request.iso15118_certificate_hash_data is None:
        return v201.AuthorizeResponse(id_token_info=id_token_info(verdict))
    # Contract certificates cannot be checked here yet, and an unchecked one must not be accepted (C07).
    refusal = Verdict("Invalid" if verdict.status == "Accepted" else verdict.status, verdict.group_id)
    return v201.AuthorizeResponse(
        id_token_info=id_token_info(refusal), certificate_status="NoCertificateAvailable"
    )
