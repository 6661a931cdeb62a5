"""One child process whose output is kept in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path


class ProcessDied(Exception):
    """The process ended although nobody asked it to; the message shows its last words."""


class Process:
    """A command of ours, started with this interpreter. Its output goes to `log`, appended over restarts."""

    def __init__(self, module: str, arguments: list[str], log: Path) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._log = log
        self._child: asyncio.subprocess.Process | None = None
        self._began_at = 0

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        return self._running().pid

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._child is not None and self._child.returncode is None

    async def start(self) -> None:
        """Start it; the working directory and the environment are ours."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as output:
            self._began_at = output.tell()
            self._child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )

    async def kill(self) -> None:
        """Take its power: SIGKILL."""
        await self._end(signal.SIGKILL)

    def suspend(self) -> None:
        """Let it hang: SIGSTOP."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on: SIGCONT."""
        self._running().send_signal(signal.SIGCONT)

    async def stop(self, timeout_s: float = 15.0) -> int:
        """Ask it to stop (SIGTERM) and return its exit code; one that does not obey is killed."""
        try:
            async with asyncio.timeout(timeout_s):
                return await self._end(signal.SIGTERM)
        except TimeoutError:
            return await self._end(signal.SIGKILL)

    async def wait_for_line(self, text: str, timeout_s: float = 20.0) -> str:
        """Return the first line since the last start that contains `text`.

        Raises:
            ProcessDied: If the process ends first.
            TimeoutError: If the line does not come.
        """
        async with asyncio.timeout(timeout_s):
            while True:
                for line in self.lines():
                    if text in line:
                        return line
                if not self.is_running:
                    raise ProcessDied(f"{' '.join(self._command[1:])} ended:\n{self.last_words()}")
                await asyncio.sleep(0.02)

    def lines(self) -> Iterator[str]:
        """Yield what it said since the last start."""
        with self._log.open("r", encoding="utf-8", errors="replace") as output:
            output.seek(self._began_at)
            yield from (line.rstrip("\n") for line in output)

    def last_words(self, count: int = 30) -> str:
        """Return the end of its output."""
        return "\n".join(list(self.lines())[-count:])

    async def _end(self, number: signal.Signals) -> int:
        child = self._child
        if child is None:
            return 0
        if child.returncode is None:
            child.send_signal(number)
        return await child.wait()

    def _running(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            raise ProcessDied("the process does not run")
        return self._child
