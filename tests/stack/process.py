"""One child process whose output is kept in a file."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol


class ProcessDied(Exception):
    """The process ended although nobody asked it to; the message shows its last words."""


class Child(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int:
        """The process id."""
        ...

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it lives."""
        ...

    def send_signal(self, number: int, /) -> None:
        """Send a signal."""

    async def wait(self) -> int:
        """Wait for its end and return the exit code."""
        ...


BYTECODE: Final = {
    "PYTHONPYCACHEPREFIX": str(Path(__file__).parents[2] / "build" / "bytecode"),
    "PYTHONDONTWRITEBYTECODE": "",
}
"""The environment of our commands, as pip leaves them on a charger: compiled once, not at every start."""

Launch = Callable[[str, list[str], Path, Mapping[str, str]], Awaitable[Child]]
"""Starts `main` of a module of ours with arguments, its output appended to a file, in an environment."""


async def execute(module: str, arguments: list[str], log: Path, environment: Mapping[str, str]) -> Child:
    """Start the command in a fresh interpreter, as a service manager would."""
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )


class Process:
    """A command of ours. Its output goes to `log`, appended over restarts."""

    def __init__(self, module: str, arguments: list[str], log: Path, launch: Launch = execute) -> None:
        self._module = module
        self._arguments = arguments
        self._log = log
        self._launch = launch
        self._child: Child | None = None
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
        """Start it; the working directory and the environment are ours, and its bytecode is kept."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._began_at = self._log.stat().st_size if self._log.exists() else 0
        self._log.touch()
        self._child = await self._launch(self._module, self._arguments, self._log, {**os.environ, **BYTECODE})

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
                self.check()
                await asyncio.sleep(0.02)

    def check(self) -> None:
        """Check that it runs.

        Raises:
            ProcessDied: If it has ended.
        """
        if not self.is_running:
            raise ProcessDied(f"{self._module} {' '.join(self._arguments)} ended:\n{self.last_words()}")

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

    def _running(self) -> Child:
        if self._child is None or self._child.returncode is not None:
            raise ProcessDied("the process does not run")
        return self._child
