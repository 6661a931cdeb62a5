from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Row

from backend.admin.errors import AdminError
from backend.admin.tokens import (
    MAX_CONTRACT_ID,
    NewToken,
    add_token,
    block_token,
    contract_id_of,
    list_tokens,
    token_type,
)
from backend.authorization.lookup import look_up
from backend.config import CpoSection
from backend.db.engine import Database
from tests.unit.backend.seed import NOW

CPO = CpoSection(country_code="DE", party_id="CHH", currency="EUR", time_zone="UTC")
UIDS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=36)


async def add(database: Database, **members: Any) -> None:
    await database.write(lambda db: add_token(db, NewToken(**members), CPO, NOW))


async def all_of(database: Database) -> list[Row[Any]]:
    return list(await database.read(lambda db: list_tokens(db, 100, 0)))


async def verdict(database: Database, uid: str, ocpp_type: str = "ISO14443") -> str:
    question = (1, uid, ocpp_type)
    answers = await database.read(lambda db: look_up(db, {question}, NOW, timedelta(hours=1)))
    return answers[question].status


async def test_an_added_card_may_charge_until_it_is_blocked(database: Database) -> None:
    """C01: the list is what chargers are answered by, upper and lower case alike."""
    await add(database, uid="04A2B3C4")
    assert await verdict(database, "04a2b3c4") == "Accepted"
    assert await verdict(database, "04A2B3C4", "Central") == "Invalid"
    blocked = await database.write(lambda db: block_token(db, "04a2B3C4", None, NOW, blocked=True))
    assert blocked == ["RFID"]
    assert await verdict(database, "04A2B3C4") == "Blocked"
    await database.write(lambda db: block_token(db, "04A2B3C4", "RFID", NOW, blocked=False))
    assert await verdict(database, "04A2B3C4") == "Accepted"


async def test_a_uid_may_stand_for_tokens_of_several_types(database: Database) -> None:
    await add(database, uid="X")
    await add(database, uid="X", type="APP_USER")
    with pytest.raises(AdminError, match="exists already"):
        await add(database, uid="x")
    await database.write(lambda db: block_token(db, "X", "APP_USER", NOW, blocked=True))
    assert {row.type: row.blocked for row in await all_of(database)} == {"RFID": False, "APP_USER": True}
    both = await database.write(lambda db: block_token(db, "X", None, NOW, blocked=True))
    assert both == ["APP_USER", "RFID"]


async def test_blocking_what_is_not_there(database: Database) -> None:
    await add(database, uid="X")
    with pytest.raises(AdminError, match="no token Y"):
        await database.write(lambda db: block_token(db, "Y", None, NOW, blocked=True))
    with pytest.raises(AdminError, match="no token X"):
        await database.write(lambda db: block_token(db, "X", "EMAID", NOW, blocked=True))


@pytest.mark.parametrize("uid", ["", "x" * 37, "a b", "ä", "a\n"])
async def test_uids_that_cannot_be(sqlite: Database, uid: str) -> None:
    with pytest.raises(AdminError, match="is no token"):
        await add(sqlite, uid=uid)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("RFID", "RFID"), ("OTHER", "OTHER"), ("ISO14443", "RFID"), ("ISO15693", "RFID"), ("eMAID", "EMAID"),
     ("Central", "APP_USER")],
)  # fmt: skip
def test_types_go_by_both_standards_names(name: str, wanted: str) -> None:
    assert token_type(name) == wanted


def test_another_type() -> None:
    with pytest.raises(AdminError, match="ISO14443"):
        token_type("rfid")


async def test_a_contract_may_be_stated(sqlite: Database) -> None:
    await add(sqlite, uid="own", contract_id="NL-ABC-C1")
    await add(sqlite, uid="made")
    assert {row.uid: row.contract_id for row in await all_of(sqlite)} == {
        "own": "NL-ABC-C1",
        "made": "DE-CHH-Cmade",
    }


@given(st.sets(UIDS, min_size=2))
def test_contract_ids_fit_and_differ(uids: set[str]) -> None:
    made = {contract_id_of(uid, CPO) for uid in uids}
    assert len(made) == len(uids)
    assert all(each.startswith("DE-CHH-C") and len(each) <= MAX_CONTRACT_ID for each in made)
