"""Our commands as real processes at the price of a fork: what they import is imported once, not by each.

Each is a session of its own, with its own environment, output and signals, and ends with its own exit code.
One that executes itself anew (an agent that restarts) is a fresh interpreter from then on.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_AGENT: Final = ("agent.app", "agent.technician.profile", "tests.stack.machine", "tests.hil.holder")

PRELOADED: Final[Mapping[str, tuple[str, ...]]] = {
    "agent.cli": _AGENT,
    "backend.cli": (
        "backend.app",
        "backend.cli",
        "backend.db.schema",
        "sqlalchemy.dialects.sqlite.aiosqlite",
    ),
    "drivers.emulated.cli": ("drivers.emulated.cli",),
    "tests.hil.holder": _AGENT,
    "tests.simulated.__main__": ("tests.simulated.__main__",),
    "tests.stack.machine": _AGENT,
}
"""The commands that can be forked, and what their zygote imports beforehand."""

_ROOT: Final = Path(__file__).parents[2]


class ZygoteDied(Exception):
    """What forks for us has ended; it said why on our standard error."""


class Forked:
    """One of our commands, running; it behaves as a child that asyncio started."""

    def __init__(self, connection: int, pid: int) -> None:
        self.pid = pid
        self._connection = connection
        self._code: int | None = None

    def __del__(self) -> None:
        os.close(self._connection)

    @property
    def returncode(self) -> int | None:
        """The exit code, negative for a signal; None while it lives."""
        if self._code is None:
            try:
                line = os.read(self._connection, 32)
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
            await _readable(self._connection)
        return code


async def fork(module: str, arguments: list[str], log: Path, environment: Mapping[str, str]) -> Forked:
    """Run `main` of one of our modules with these arguments, its output appended to `log`."""
    job = {
        "module": module,
        "arguments": arguments,
        "directory": str(Path.cwd()),
        "environment": {**environment, "PYTHONUNBUFFERED": "1"},
    }
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_zygote(PRELOADED[module]))
    with log.open("ab") as output:
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = [nothing, output.fileno(), output.fileno()]
        socket.send_fds(connection, [json.dumps(job).encode()], files)
        os.close(nothing)
    connection.setblocking(False)
    descriptor = connection.detach()
    return Forked(descriptor, await _pid(descriptor))


def command(module: str, *arguments: str) -> list[str]:
    """Return what starts `main` of one of our modules as `python -m` does, for whatever starts processes."""
    launcher = str(_ROOT / "tests" / "stack" / "launcher.py")
    return [sys.executable, "-S", "-E", launcher, _zygote(PRELOADED[module]), module, *arguments]


async def _pid(connection: int) -> int:
    """Return the first line: read to its end only, the exit code may follow at once."""
    line = b""
    while not line.endswith(b"\n"):
        await _readable(connection)
        byte = os.read(connection, 1)
        if not byte:
            raise ZygoteDied
        line += byte
    return int(line)


async def _readable(connection: int) -> None:
    readable = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(connection, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(connection)


@cache
def _zygote(modules: tuple[str, ...]) -> str:
    """Start a zygote that has imported these modules, and return its address; it ends with us."""
    folder = tempfile.mkdtemp(prefix="zygote-")
    address = f"{folder}/socket"
    ours, theirs = os.pipe()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.zygote", str(listener.fileno()), str(ours), *modules],
            pass_fds=[listener.fileno(), ours],
            stdin=subprocess.DEVNULL,
            cwd=_ROOT,
        )
    os.close(ours)

    def end() -> None:
        os.close(theirs)
        process.wait()
        shutil.rmtree(folder)

    atexit.register(end)
    return address
