from __future__ import annotations

import asyncio
import io
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, update

from backend.admin.cdrs import cdr_document, list_cdrs
from backend.cdrs.build import Operator
from backend.cdrs.rater import Rater
from backend.cli import main
from backend.db.engine import Database
from backend.db.tables import cdrs
from tests.unit.backend import seed
from tests.unit.backend.sessions.events import SESSION, replaced
from tests.unit.backend.wording import ingest, store

OPERATOR = Operator(country_code="DE", party_id="CHH", currency="EUR")
CPO = '[cpo]\ncountry_code = "DE"\nparty_id = "CHH"\ncurrency = "EUR"\ntime_zone = "Europe/Berlin"\n'


async def bill(database: Database, *transaction_ids: str) -> None:
    def prepare(db: Connection) -> None:
        seed.station(db)
        seed.token(db)
        seed.tariff(db)

    await database.write(prepare)
    made = ingest()
    for each in transaction_ids:
        await store(database, made, *(replaced(event, transaction_id=each) for event in SESSION))
    await Rater(database, OPERATOR, lambda: datetime(2026, 3, 11, 12, tzinfo=UTC)).rate_pending()


async def test_the_newest_first_with_their_stations(database: Database) -> None:
    await bill(database, "T-1", "T-2", "T-3")
    rows = await database.read(lambda db: list_cdrs(db, 2, 0))
    assert [(row.identity, row.energy_wh) for row in rows] == [("CS-1", 4000)] * 2
    [last] = await database.read(lambda db: list_cdrs(db, 2, 2))
    assert last.id < rows[1].id < rows[0].id
    assert await database.read(lambda db: cdr_document(db, last.cdr_id)) == last.document
    assert await database.read(lambda db: cdr_document(db, "none")) is None


async def test_the_commands_show_what_is_stored(tmp_path: Path, sqlite: Database) -> None:
    """`cdr list` and `cdr show` on the file that a running backend has open; no digit is lost."""
    await bill(sqlite, "T-1")
    [row] = await sqlite.read(lambda db: list_cdrs(db, 1, 0))
    exact = row.document.replace('"excl_vat":3.10', '"excl_vat":3.1000000000000000001')
    assert exact != row.document
    await sqlite.write(lambda db: db.execute(update(cdrs).values(document=exact)))
    (tmp_path / "backend.toml").write_text(CPO)

    def printed(*arguments: str) -> str:
        with redirect_stdout(io.StringIO()) as output:
            assert main([*arguments, "--config", str(tmp_path / "backend.toml")]) == 0
        return output.getvalue()

    listed = await asyncio.to_thread(printed, "cdr", "list")
    assert listed.splitlines()[1].split() == (
        f"{row.cdr_id} CS-1 2026-03-11 10:00:00+01:00 2026-03-11 11:12:00+01:00 4.000 3.10 3.72 EUR".split()
    )
    shown = await asyncio.to_thread(printed, "cdr", "show", row.cdr_id)
    assert '"excl_vat": 3.1000000000000000001' in shown
