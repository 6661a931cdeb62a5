from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.logs.collecting import has_lines
from agent.logs.ring import ring
from agent.logs.sources import Entries, Journal, LogSource, Ring

AT = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
SECOND = timedelta(seconds=1)

_JOURNALCTL = """\
import sys
print(*sys.argv[1:])
print("x" * 200_000)
sys.stdout.flush()
sys.stdout.buffer.write(b"caf\\xe9 end\\n")
"""


async def lines_of(
    source: LogSource, oldest: datetime | None = None, latest: datetime | None = None
) -> list[str]:
    return [line async for line in source.lines(oldest, latest)]


async def test_journalctl_is_asked_for_the_window() -> None:
    """A line that is too long is cut; bytes that are no text do no harm."""
    lines = await lines_of(Journal((sys.executable, "-c", _JOURNALCTL)), AT, AT + SECOND)
    assert (
        lines[0] == f"--lines=100000 --since=@{AT.timestamp():.6f} --until=@{(AT + SECOND).timestamp():.6f}\n"
    )
    assert "".join(lines[1:-1]).count("x") == 200_000
    assert len(lines) > 3
    assert lines[-1] == "caf\ufffd end\n"


async def test_the_real_journalctl_takes_our_options() -> None:
    """What there is depends on the machine; a usage error would be no line and an exit code."""
    await lines_of(Journal(("journalctl", "--version")))
    await lines_of(Journal(), AT, AT + SECOND)


async def test_a_system_without_journalctl() -> None:
    with pytest.raises(FileNotFoundError):
        await lines_of(Journal(("/no/such/journalctl",)))


async def test_the_agents_own_file(tmp_path: Path) -> None:
    path = tmp_path / "agent.log"
    with ring(path):
        logging.getLogger("one").warning("first")
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("two").exception("second")
    source = Ring(path)
    lines = await lines_of(source)
    assert "one: first" in lines[0]
    assert lines[-1] == "ValueError: broken\n", "a traceback belongs to its line"
    at = datetime.fromisoformat(lines[0].partition(" ")[0])
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert await lines_of(source, oldest=at) == lines
    assert await lines_of(source, latest=at - SECOND) == []
    assert await lines_of(source, oldest=at + timedelta(minutes=2)) == []
    assert await has_lines(source, (None, None))
    assert not await has_lines(source, (None, at - SECOND))


async def test_entries_within_a_window() -> None:
    async def load(oldest: datetime | None, latest: datetime | None) -> list[bytes]:
        return [f"{oldest} to {latest}\n".encode()]

    assert await lines_of(Entries(load), AT, AT + SECOND) == [f"{AT} to {AT + SECOND}\n"]
