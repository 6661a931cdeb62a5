"""Execute a statement for many rows.

SQLAlchemy compiles the statement once per database; its work for every row, which costs as much as SQLite's,
is left out. Types are still converted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Connection, Dialect
from sqlalchemy.sql.dml import Insert, Update

Values = tuple[Any, ...]


class _Prepared(NamedTuple):
    sql: str
    order: Callable[[Values], Values]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]


class Bulk:
    """An INSERT or UPDATE whose rows are tuples of the values of `names`: columns, and other parameters."""

    def __init__(self, statement: Insert | Update, names: Sequence[str]) -> None:
        self._statement = statement
        self._names = tuple(names)
        self._prepared: dict[str, _Prepared] = {}

    def run(self, db: Connection, rows: Sequence[Values]) -> None:
        """Execute the statement for every row, if there are any."""
        if not rows:
            return
        prepared = self._prepared.get(db.dialect.name)
        if prepared is None:
            prepared = self._prepared[db.dialect.name] = self._prepare(db.dialect)
        db.exec_driver_sql(prepared.sql, [_convert(prepared, row) for row in rows])

    def _prepare(self, dialect: Dialect) -> _Prepared:
        compiled = self._statement.compile(
            dialect=dialect, column_keys=[name for name in self._names if name in self._statement.table.c]
        )
        wanted = [str(name) for name in compiled.positiontup or ()]
        if sorted(wanted) != sorted(self._names):
            raise ValueError(f"the statement takes {wanted}, not {self._names}")
        converters = []
        for position, name in enumerate(wanted):
            kind = compiled.binds[name].type
            convert = kind.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None and not isinstance(kind, Boolean):  # drivers take a bool as it is
                converters.append((position, convert))
        order = itemgetter(*(self._names.index(name) for name in wanted))
        return _Prepared(str(compiled), order, tuple(converters))


def _convert(prepared: _Prepared, row: Values) -> Values:
    values = list(prepared.order(row))
    for position, convert in prepared.converters:
        values[position] = convert(values[position])
    return tuple(values)
