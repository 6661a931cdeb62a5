"""A pseudo terminal with a peer at its other end that does what a test says."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drivers.modbus.transport import SerialSettings

SETTINGS = SerialSettings(baud=115200, parity="N", stop_bits=1)


class Peer:
    """The device's end: keeps what it hears, and says what `answer` makes of it."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.answer = answer
        self.heard = bytearray()
        self.fd, self._port_fd = os.openpty()
        tty.setraw(self._port_fd)
        os.set_blocking(self.fd, False)
        self.port = os.ttyname(self._port_fd)
        asyncio.get_running_loop().add_reader(self.fd, self._read)

    def say(self, data: bytes) -> None:
        os.write(self.fd, data)

    def close(self) -> None:
        if self.fd >= 0:
            asyncio.get_running_loop().remove_reader(self.fd)
            os.close(self._port_fd)
            os.close(self.fd)
            self.fd = -1

    def _read(self) -> None:
        data = os.read(self.fd, 4096)
        self.heard += data
        if reply := self.answer(data):
            self.say(reply)


@contextmanager
def peer(answer: Callable[[bytes], bytes] = lambda _: b"") -> Iterator[Peer]:
    one = Peer(answer)
    try:
        yield one
    finally:
        one.close()
