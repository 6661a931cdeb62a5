from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from backend.db.engine import Database
from backend.db.tables import cdrs, charging_stations, tokens, transactions
from backend.db.types import UtcDateTime
from tests.unit.backend import seed


async def test_times_come_back_aware_in_utc_to_the_microsecond(database: Database) -> None:
    east = datetime(2026, 3, 11, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    def write(db: Connection) -> datetime | None:
        seed.station(db, last_seen_at=east)
        found: datetime | None = db.execute(select(charging_stations.c.last_seen_at)).scalar_one()
        return found

    found = await database.write(write)
    assert found == east
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), datetime.max.replace(tzinfo=UTC)),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime.min.replace(tzinfo=UTC)),
    ],
)
async def test_a_time_that_utc_cannot_name_is_kept_as_the_nearest(
    database: Database, moment: datetime, kept: datetime
) -> None:
    """A charger sends what its broken clock shows; its message is stored all the same."""

    def write(db: Connection) -> datetime | None:
        seed.station(db, last_seen_at=moment)
        found: datetime | None = db.execute(select(charging_stations.c.last_seen_at)).scalar_one()
        return found

    assert await database.write(write) == kept


async def test_naive_times_are_refused(database: Database) -> None:
    def write(db: Connection) -> None:
        seed.token(db, expires_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point

    with pytest.raises((ValueError, StatementError), match=r"time zone|naive"):
        await database.write(write)


async def test_no_time_stays_no_time(database: Database) -> None:
    def write(db: Connection) -> datetime | None:
        seed.token(db)
        found: datetime | None = db.execute(select(tokens.c.expires_at)).scalar_one()
        return found

    assert await database.write(write) is None


@given(st.datetimes(datetime(1, 1, 2), timezones=st.sampled_from([UTC, timezone(timedelta(hours=14))])))  # noqa: DTZ001 - hypothesis adds the zone
def test_the_text_is_iso_8601_of_one_width(moment: datetime) -> None:
    write = UtcDateTime().bind_processor(sqlite.dialect())
    assert write(moment) == moment.astimezone(UTC).isoformat(" ", "microseconds")


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2))
def test_sqlite_text_sorts_by_time(moments: list[datetime]) -> None:
    write = UtcDateTime().bind_processor(sqlite.dialect())
    assert sorted(moments, key=lambda moment: str(write(moment))) == sorted(moments)


@pytest.mark.parametrize("amount", ["0.10", "12345678901234.560000", "-3.14"])
async def test_money_keeps_its_digits(database: Database, amount: str) -> None:
    def write(db: Connection) -> Decimal:
        station = seed.station(db)
        ref = db.execute(
            insert(transactions)
            .values(
                session_id="s",
                station_id=station,
                transaction_id="t",
                time_zone="UTC",
                rounding="-",
                next_seq=0,
                event_count=0,
            )
            .returning(transactions.c.id)
        ).scalar_one()
        values = dict.fromkeys(("cdr_id", "session_id", "time_zone", "rounding", "lines", "document"), "-")
        db.execute(
            insert(cdrs).values(
                **values,
                transaction_ref=ref,
                started_at=seed.NOW,
                ended_at=seed.NOW,
                created_at=seed.NOW,
                energy_wh=1,
                currency="EUR",
                total_excl_vat=Decimal(amount),
                total_incl_vat=Decimal(amount),
            )
        )
        found: Decimal = db.execute(select(cdrs.c.total_excl_vat)).scalar_one()
        return found

    found = await database.write(write)
    assert isinstance(found, Decimal)
    assert found == Decimal(amount)
