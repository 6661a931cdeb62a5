"""Two serial ports joined by a cable, for programs that both want to open a port by its path."""

from __future__ import annotations

import asyncio
import os
import tty
from contextlib import suppress
from typing import Self


class NullModem:
    """Two pseudo terminals; what is written to one can be read from the other, while it is entered."""

    async def __aenter__(self) -> Self:
        self._lines = [os.openpty(), os.openpty()]
        for master, port in self._lines:
            tty.setraw(port)
            os.set_blocking(master, False)
        (one, _), (other, _) = self._lines
        loop = asyncio.get_running_loop()
        loop.add_reader(one, _carry, one, other)
        loop.add_reader(other, _carry, other, one)
        return self

    async def __aexit__(self, *_: object) -> None:
        for master, port in self._lines:
            asyncio.get_running_loop().remove_reader(master)
            os.close(master)
            os.close(port)

    @property
    def near(self) -> str:
        """The path of one end."""
        return os.ttyname(self._lines[0][1])

    @property
    def far(self) -> str:
        """The path of the other end."""
        return os.ttyname(self._lines[1][1])


def _carry(source: int, target: int) -> None:
    with suppress(BlockingIOError):  # nobody reads: the characters are lost, as on a wire
        os.write(target, os.read(source, 4096))
