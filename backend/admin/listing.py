"""Rows as a table for people, or as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

Value = str | int | bool | Decimal | datetime | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list. `more` tells whether rows follow after it."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Value]]
    more: bool

    def json(self) -> str:
        """Return the rows as a JSON array; decimals are strings, times UTC."""
        return msgspec.json.format(msgspec.json.encode(self.rows), indent=2).decode()

    def table(self, time_zone: str, next_offset: int) -> str:
        """Return the rows in columns, times in the zone."""
        if not self.rows:
            return "none"
        zone = ZoneInfo(time_zone)
        cells = [list(self.columns)]
        cells += [[_shown(row[column], zone) for column in self.columns] for row in self.rows]
        widths = [max(len(line[column]) for line in cells) for column in range(len(self.columns))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in cells
        ]
        if self.more:
            lines.append(f"more: --offset {next_offset}")
        return "\n".join(lines)


def listing(rows: Sequence[Mapping[str, Value]], limit: int) -> Listing:
    """Return a page of rows, of which there may be one more than it shows."""
    return Listing(tuple(rows[0]) if rows else (), rows[:limit], more=len(rows) > limit)


def _shown(value: Value, zone: ZoneInfo) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(" ", "seconds")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
