from __future__ import annotations

from agent.authorization.verdicts import Verdict
from agent.csms.v201.authorize import id_token, message, token, verdict
from agent.transactions.records import Token
from ocppj.messages import v201

CARD = Token(id="04A2", type="ISO14443")


def test_the_question() -> None:
    """C01.FR.02."""
    assert message(CARD) == v201.AuthorizeRequest(id_token=v201.IdTokenType(id_token="04A2", type="ISO14443"))


def test_tokens_there_and_back() -> None:
    assert token(id_token(CARD)) == CARD


def test_verdicts() -> None:
    assert verdict(v201.IdTokenInfoType(status="Blocked")) == Verdict(status="Blocked")
    info = v201.IdTokenInfoType(
        status="Accepted", evse_id=(2,), group_id_token=v201.IdTokenType(id_token="G", type="Central")
    )
    assert verdict(info) == Verdict(status="Accepted", group_id="G", evse_ids=(2,))
