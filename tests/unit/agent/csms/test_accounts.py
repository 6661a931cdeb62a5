from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agent.csms.accounts import Accounts
from agent.store.database import Database
from agent.transactions.account import Account, noted
from agent.transactions.records import Token
from tests.unit.agent.store.test_outbox import EVENT

KNOWN = Account(transaction_id="tx-1", number=77, token=Token(id="04A2", type="ISO14443"), opened_wh=1000)


async def test_what_was_told_survives_a_restart_until_the_end_was_told(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    before = Accounts(database)
    await database.write(lambda opened: before.save(opened, KNOWN))
    after = Accounts(database)
    await after.restore()
    assert after.of("tx-1") == KNOWN
    assert after.transaction_of(77) == "tx-1"
    await database.write(lambda opened: after.close(opened, "tx-1"))
    assert after.transaction_of(77) is None
    again = Accounts(database)
    await again.restore()
    await database.close()
    assert again.of("tx-1") == Account(transaction_id="tx-1")


async def test_counts_alone_are_no_reason_to_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    accounts = Accounts(database)

    async def writes(account: Account) -> bool:
        def save(opened: object) -> bool:
            before = database_changes(opened)
            accounts.save(opened, account)  # type: ignore[arg-type]  # the database's own connection
            return database_changes(opened) != before

        return await database.write(save)

    assert await writes(KNOWN)
    assert not await writes(replace(KNOWN, last_wh=2000, told_seq_no=4))
    assert await writes(replace(KNOWN, number=78))
    await database.close()


def database_changes(opened: object) -> int:
    changes: int = opened.total_changes  # type: ignore[attr-defined]  # sqlite3.Connection
    return changes


async def test_an_account_that_cannot_be_read_is_told_anew(tmp_path: Path) -> None:
    database = Database(tmp_path / "agent.db")
    await database.open()
    await database.write(lambda opened: opened.execute("INSERT INTO account VALUES ('tx-1', '{]')"))
    accounts = Accounts(database)
    await accounts.restore()
    await database.close()
    assert accounts.of("tx-1") == Account(transaction_id="tx-1")


def test_an_account_opens_with_its_driver() -> None:
    account = noted(Account(transaction_id="tx-1"), replace(EVENT, token=None))
    assert account.opened_at is None
    driver = Token(id="04A2", type="ISO14443")
    account = noted(account, replace(EVENT, token=driver))
    assert (account.token, account.opened_at) == (driver, EVENT.at)
    assert noted(account, replace(EVENT, token=Token(id="other", type="Local"))).token == driver
