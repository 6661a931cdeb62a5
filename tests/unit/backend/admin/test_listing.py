from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from backend.admin.listing import Listing, Value

ROWS: list[dict[str, Value]] = [
    {"id": "A", "at": datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "cost": Decimal("1.10"), "on": True},
    {"id": "LONGER", "at": None, "cost": None, "on": False},
]
COLUMNS = ("id", "at", "cost", "on")


def test_columns_stand_below_each_other_and_times_are_local() -> None:
    assert Listing(COLUMNS, ROWS, more=True).table("Europe/Berlin", 2).splitlines() == [
        "id      at                         cost  on",
        "A       2026-07-01 14:00:00+02:00  1.10  yes",
        "LONGER  -                          -     no",
        "more: --offset 2",
    ]


def test_nothing_is_said_so() -> None:
    assert Listing((), [], more=False).table("UTC", 0) == "none"
    assert Listing((), [], more=False).json() == "[]"


def test_json_keeps_decimals_exact_and_times_in_utc() -> None:
    text = Listing(COLUMNS, ROWS, more=False).json()
    assert '"cost": "1.10"' in text
    assert '"at": "2026-07-01T12:00:00Z"' in text
