"""Our commands as real processes at the price of a fork: what they import is imported once, not by each.

Each is a session of its own, with its own environment, output and signals, and ends with its own exit code.
One that executes itself anew (an agent that restarts) is a fresh interpreter from then on.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

PRELOADED: Final[Mapping[str, tuple[str, ...]]] = {
    "agent.cli": ("agent.app", "tests.stack.machine"),
    "backend.cli": ("backend.app", "backend.cli"),
    "tests.stack.machine": ("agent.app", "tests.stack.machine"),
}
"""The commands that can be forked, and what their zygote imports beforehand."""


class ZygoteDied(Exception):
    """What forks for us has ended; it said why on our standard error."""


class Forked:
    """One of our commands, running; it behaves as a child that asyncio started."""

    def __init__(self, pipe: int, pid: int) -> None:
        self.pid = pid
        self._pipe = pipe
        self._code: int | None = None

    def __del__(self) -> None:
        os.close(self._pipe)

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it lives."""
        if self._code is None:
            try:
                line = os.read(self._pipe, 32)
            except BlockingIOError:
                return None
            if not line:
                raise ZygoteDied
            self._code = int(line)
        return self._code

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        """Wait for its end and return the exit code."""
        while (code := self.returncode) is None:
            await _readable(self._pipe)
        return code


async def fork(module: str, arguments: list[str], log: Path, environment: Mapping[str, str]) -> Forked:
    """Run `main` of one of our modules with these arguments in a process of its own."""
    job = {
        "module": module,
        "arguments": arguments,
        "log": str(log),
        "directory": str(Path.cwd()),
        "environment": dict(environment),
    }
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    try:
        socket.send_fds(_zygote(PRELOADED[module]), [json.dumps(job).encode()], [theirs])
    finally:
        os.close(theirs)
    return Forked(ours, await _pid(ours))


async def _pid(pipe: int) -> int:
    """Return the first line: read to its end only, the exit code may follow at once."""
    line = b""
    while not line.endswith(b"\n"):
        await _readable(pipe)
        byte = os.read(pipe, 1)
        if not byte:
            raise ZygoteDied
        line += byte
    return int(line)


async def _readable(descriptor: int) -> None:
    readable = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)


@cache
def _zygote(modules: tuple[str, ...]) -> socket.socket:
    """Start a zygote that has imported these modules; it ends with us."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.zygote", str(theirs.fileno()), *modules],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
