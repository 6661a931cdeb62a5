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
    """Looks identifiers up in the operator's list.

    With contracts of vehicles only the identifier is judged here: see `authorize_contract`.
    """

    def __init__(self, settings: CsmsSettings) -> None:
        self._settings = settings

    def store(self, db: Connection, items: Sequence[Asked]) -> list[Answer]:
        """Judge; nothing is stored."""
        now = max(item.received_at for item in items)
        verdicts = look_up(db, {_question(item) for item in items}, now, self._settings.cache_for)
        return [self._answer(item, verdicts[_question(item)]) for item in items]

    def _answer(self, item: Asked, verdict: Verdict) -> Answer:
        del item
        return v201.AuthorizeResponse(id_token_info=id_token_info(verdict))


class AuthorizeWithoutContracts(Authorize):
    """The same where certificates cannot be checked: an unchecked contract must not be accepted (C07)."""

    def _answer(self, item: Asked, verdict: Verdict) -> Answer:
        if not is_about_contract(item.request):
            return super()._answer(item, verdict)
        refusal = Verdict("Invalid" if verdict.status == "Accepted" else verdict.status, verdict.group_id)
        return v201.AuthorizeResponse(
            id_token_info=id_token_info(refusal), certificate_status="NoCertificateAvailable"
        )


def is_about_contract(request: v201.AuthorizeRequest) -> bool:
    """Return whether a request carries certificates of a contract."""
    return request.certificate is not None or request.iso15118_certificate_hash_data is not None


def _question(item: Asked) -> Question:
    token = item.request.id_token
    return item.station_id, token.id_token, token.type
