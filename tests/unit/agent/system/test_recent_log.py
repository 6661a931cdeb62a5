from __future__ import annotations

import logging

import pytest

from agent.system.control import ControlError
from agent.system.recent_log import AT_ONCE, KEPT, LONGEST, RecentLog

log = logging.getLogger("agent.somewhere")


async def test_the_latest_lines_and_those_after() -> None:
    recent = RecentLog()
    tell = recent.commands()["log"]
    with recent.recording():
        log.warning("one")
        first = await tell({})
        log.warning("two %s", "words")
        second = await tell({"after": first["last"]})
    log.warning("not recorded")
    third = await tell({"after": second["last"]})
    assert first["lines"][-1].endswith("WARNING agent.somewhere: one")
    assert [line.partition("somewhere: ")[2] for line in second["lines"]] == ["two words"]
    assert third == {"lines": [], "last": second["last"]}


async def test_memory_is_bounded_and_who_is_late_goes_on_where_lines_are_left() -> None:
    recent = RecentLog()
    tell = recent.commands()["log"]
    with recent.recording():
        for number in range(KEPT + 10):
            log.warning("%d %s", number, "x" * 2 * LONGEST)
    late = await tell({"after": 3})
    assert "somewhere: 10 x" in late["lines"][0]
    assert (len(late["lines"]), late["last"]) == (AT_ONCE, 10 + AT_ONCE)
    assert max(map(len, late["lines"])) == LONGEST
    latest = await tell({})
    assert f"somewhere: {KEPT + 9} x" in latest["lines"][-1]
    assert await tell({"after": 10**9}) == {"lines": [], "last": KEPT + 10}


async def test_a_line_has_a_number() -> None:
    with pytest.raises(ControlError):
        await RecentLog().commands()["log"]({"after": "yesterday"})


def test_a_record_that_cannot_be_written_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    record = logging.LogRecord("test", logging.WARNING, __file__, 1, "%d", ("no number",), None)
    RecentLog().emit(record)
    assert "no number" in capsys.readouterr().err
