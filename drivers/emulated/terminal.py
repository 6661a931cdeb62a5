"""Lines from a file descriptor, without threads and without making a shared terminal non-blocking."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Self

READ_BYTES = 4096


class Lines:
    """The lines of a terminal, a pipe or a file, while entered as an async context manager."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._partial = b""
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        try:
            asyncio.get_running_loop().add_reader(self._fd, self._read)
        except PermissionError:  # a regular file is always ready, so that nobody can wait for it
            while self._read():
                pass
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)

    async def __aiter__(self) -> AsyncIterator[str]:
        while (line := await self._lines.get()) is not None:
            yield line

    def _read(self) -> bool:
        """Take what is there and tell whether there may be more."""
        try:
            data = os.read(self._fd, READ_BYTES)
        except OSError:  # the terminal is gone
            data = b""
        *whole, self._partial = (self._partial + (data or b"\n")).split(b"\n")
        for line in whole:
            self._lines.put_nowait(line.decode(errors="replace"))
        if not data:
            self._lines.put_nowait(None)
            asyncio.get_running_loop().remove_reader(self._fd)
        return bool(data)
