"""Where logs come from: systemd's journal, the agent's own ring file, the security log."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from agent.logs.ring import files

MOST_LINES = 100_000
"""Of a log; the newest count."""
_JOURNAL = ("journalctl", "--quiet", "--no-pager", "--utc", "--output=short-iso-precise")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")
_LINE_BYTES = 65_536


class LogSource(Protocol):
    """One log."""

    def lines(self, oldest: datetime | None, latest: datetime | None) -> AsyncGenerator[str, None]:
        """Yield the lines between two times, both included, the oldest first.

        Raises:
            OSError: If the log cannot be read.
        """


class Journal:
    """systemd's journal: everything that this user may see."""

    def __init__(self, command: Iterable[str] = _JOURNAL) -> None:
        self._command = tuple(command)

    async def lines(self, oldest: datetime | None, latest: datetime | None) -> AsyncGenerator[str, None]:
        """Yield what journalctl prints."""
        window = [f"--lines={MOST_LINES}"]
        if oldest is not None:
            window.append(f"--since=@{oldest.timestamp():.6f}")
        if latest is not None:
            window.append(f"--until=@{latest.timestamp():.6f}")
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *window,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE_BYTES,
        )
        assert process.stdout is not None
        try:
            while line := await _read_line(process.stdout):
                yield line
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _read_line(stream: asyncio.StreamReader) -> str:
    """Return a line with its end, "" at the end of the stream; of one that is too long the beginning."""
    try:
        line = await stream.readuntil()
    except asyncio.IncompleteReadError as error:
        line = error.partial
    except asyncio.LimitOverrunError as error:
        line = await stream.read(error.consumed) + b"\n"
    return line.decode("utf-8", "replace")


class Ring:
    """The agent's own file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def lines(self, oldest: datetime | None, latest: datetime | None) -> AsyncGenerator[str, None]:
        """Yield the lines of all files; one without a time belongs to the one before."""
        is_wanted = False
        for file in files(self._path):
            for line in (await asyncio.to_thread(file.read_text, "utf-8", "replace")).splitlines(
                keepends=True
            ):
                if _STAMP.match(line):
                    at = datetime.fromisoformat(line[:24])
                    is_wanted = not (oldest and at < oldest) and not (latest and at > latest)
                if is_wanted:
                    yield line


Load = Callable[[datetime | None, datetime | None], Awaitable[Iterable[bytes]]]
"""Returns the lines between two times, both included."""


class Entries:
    """A log that somebody here keeps as entries."""

    def __init__(self, load: Load) -> None:
        self._load = load

    async def lines(self, oldest: datetime | None, latest: datetime | None) -> AsyncGenerator[str, None]:
        """Yield an entry a line."""
        for line in await self._load(oldest, latest):
            yield line.decode()
