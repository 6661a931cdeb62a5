from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from agent.csms.kinds import KINDS
from agent.csms.notices import Notices
from agent.security.events import SecurityEvents
from agent.store import security_log
from agent.store.database import Database
from tests.unit.agent.security.vaults import safe


async def test_an_event_is_logged_and_told(tmp_path: Path) -> None:
    """A04.FR.01, A04.FR.04."""
    async with safe(tmp_path) as here:
        await here.security.events.record("TamperDetectionActivated", "lid\nopen")
        [line] = await here.security.events.read_log()
    at = here.clock[0].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert line == f"{at} TamperDetectionActivated lid open\n".encode()
    assert here.told.kinds == ["TamperDetectionActivated"]


async def test_the_log_is_read_by_time_and_outlives_the_power(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        begin = here.clock[0]
        for number in range(3):
            await here.security.events.record("InvalidMessages", str(number))
            here.pass_time(timedelta(hours=1))
    async with safe(tmp_path) as here:
        events = here.security.events
        assert len(await events.read_log()) == 3
        middle = await events.read_log(begin + timedelta(minutes=30), begin + timedelta(minutes=90))
    assert [line.split()[-1] for line in middle] == [b"1"]


async def test_the_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security_log, "MOST_KEPT", 5)
    async with safe(tmp_path) as here:
        for number in range(8):
            await here.security.events.record("InvalidMessages", str(number))
        lines = await here.security.events.read_log()
    assert [line.split()[-1] for line in lines] == [b"3", b"4", b"5", b"6", b"7"]


async def test_clearing_the_log_is_the_first_entry_of_the_next(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        await here.security.events.record("InvalidMessages")
        await here.security.events.clear_log()
        [line] = await here.security.events.read_log()
    assert b"SecurityLogWasCleared" in line


async def test_a_long_text_is_cut_to_what_the_message_takes(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        await here.security.events.record("InvalidMessages", "x" * 300)
    [event] = here.told.events
    assert len(event.info) == 255


async def test_without_a_backend_there_is_a_log_only(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        alone = SecurityEvents(here.database, None, lambda: here.clock[0])
        await alone.record("StartupOfTheDevice")
        assert len(await alone.read_log()) == 1


async def test_a_disk_that_is_full_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with safe(tmp_path) as here:
        (tmp_path / "agent.db").rename(tmp_path / "gone.db")
        await here.security.events.record("TamperDetectionActivated")
        (tmp_path / "gone.db").rename(tmp_path / "agent.db")
    assert "TamperDetectionActivated not stored" in caplog.text


async def test_what_was_not_told_waits_on_flash(tmp_path: Path) -> None:
    """A04.FR.02."""
    database = Database(tmp_path / "agent.db")
    await database.open()
    try:
        async with safe(tmp_path / "other") as here:
            notices = Notices(database, KINDS, lambda: here.clock[0])
            events = SecurityEvents(database, notices, lambda: here.clock[0])
            await events.record("StartupOfTheDevice")
            again = Notices(database, KINDS, lambda: here.clock[0])
            assert await again.waiting() == 1
    finally:
        await database.close()
