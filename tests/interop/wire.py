"""A cable between charger and vehicle: two network namespaces with a pair of virtual interfaces.

The test is in one of them already (see `conftest.py`), with all that it starts; the vehicle is in the other.
Whoever may make a namespace, of users if need be, needs no other rights.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

CHARGER_END: Final = "charger0"
VEHICLE_END: Final = "vehicle0"


class Cable:
    """Plugged in while it is entered as an async context manager."""

    def __init__(self) -> None:
        self._stack = AsyncExitStack()
        self._there = 0

    async def __aenter__(self) -> Self:
        """Raises CalledProcessError if the machine does not let us."""
        await _ip("link", "set", "lo", "up")
        holder = await asyncio.create_subprocess_exec(
            "unshare", "--net", "cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self._stack.push_async_callback(_end, holder)
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write(b"\n")
        await holder.stdout.readline()  # it is `cat` by now, and apart
        self._there = holder.pid
        pair = ("type", "veth", "peer", "name", VEHICLE_END, "netns", str(holder.pid))
        await _ip("link", "add", CHARGER_END, *pair)
        await _address(CHARGER_END, "fe80::c/64", ())
        await _ip("link", "set", "lo", "up", before=self.beyond())
        await _address(VEHICLE_END, "fe80::e/64", self.beyond())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def beyond(self) -> tuple[str, ...]:
        """Return what starts a command at the vehicle's end."""
        return ("nsenter", f"--net=/proc/{self._there}/ns/net", "--")


async def _address(interface: str, address: str, before: Sequence[str]) -> None:
    """Give the interface a link-local address that can be used at once."""
    await _ip("link", "set", interface, "addrgenmode", "none", before=before)
    await _ip("address", "add", address, "dev", interface, "nodad", before=before)
    await _ip("link", "set", interface, "up", before=before)


async def _ip(*arguments: str, before: Sequence[str] = ()) -> None:
    process = await asyncio.create_subprocess_exec(*before, "ip", *arguments)
    if (code := await process.wait()) != 0:
        raise subprocess.CalledProcessError(code, ["ip", *arguments])


async def _end(holder: asyncio.subprocess.Process) -> None:
    assert holder.stdin is not None
    holder.stdin.close()
    await holder.wait()
