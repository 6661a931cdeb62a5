from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.system.zone import next_transition, offset_text, system_zone

BERLIN = ZoneInfo("Europe/Berlin")
WINTER = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "text"),
    [
        (BERLIN, WINTER, "+01:00"),
        (BERLIN, SUMMER, "+02:00"),
        (ZoneInfo("Asia/Kolkata"), WINTER, "+05:30"),
        (ZoneInfo("America/St_Johns"), WINTER, "-03:30"),
        (None, WINTER, "+00:00"),
    ],
)
def test_the_offset_now(zone: ZoneInfo | None, at: datetime, text: str) -> None:
    assert offset_text(zone, at) == text


def test_when_the_offset_changes_next() -> None:
    assert next_transition(BERLIN, WINTER) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert next_transition(BERLIN, SUMMER) == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert next_transition(ZoneInfo("Asia/Kolkata"), WINTER) is None
    assert next_transition(None, WINTER) is None


def test_the_zone_is_what_the_system_points_to(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert system_zone(link) == BERLIN
    link.unlink()
    link.symlink_to("/usr/share/zoneinfo/Nowhere/AtAll")
    assert system_zone(link) is None
    assert system_zone(tmp_path / "nothing") is None
