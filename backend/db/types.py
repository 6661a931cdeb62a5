"""Column types that SQLite and PostgreSQL keep exactly alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import MINYEAR, UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import DateTime, Dialect, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC when read. SQLite keeps ISO 8601 text of one width, which sorts by time.

    At the ends of the calendar some times of other zones have no name in UTC; the next one that has is kept.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose text for SQLite, which would drop the time zone."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], datetime | str | None]:
        """Return what writes a time; it refuses naive ones: nobody could say later when they were."""
        return _write_text if dialect.name == "sqlite" else _write_time

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if moment.tzinfo is None:  # asyncpg's reading of PostgreSQL's infinities, the calendar's ends
            moment = moment.replace(tzinfo=UTC)
        return _in_utc(moment)


_rfc3339 = msgspec.json.Encoder().encode
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return FIRST if moment.year == MINYEAR else LAST


def _write_time(moment: datetime | None) -> datetime | None:
    return None if moment is None else _in_utc(moment)


def _write_text(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    utc = moment if moment.tzinfo is UTC else _in_utc(moment)
    text = _rfc3339(utc).decode()  # in quotes; a tenth of what isoformat(" ", "microseconds") takes
    fraction = text[20:27] if utc.microsecond else ".000000"
    return f"{text[1:11]} {text[12:20]}{fraction}+00:00"


class Money(TypeDecorator[Decimal]):
    """A Decimal with every digit it came with. SQLite has no decimals, so it keeps text."""

    impl = Numeric(24, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose text for SQLite, whose numbers are binary."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(Numeric(24, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        """Write text where there are no decimals."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return a Decimal."""
        return None if value is None else Decimal(value)
