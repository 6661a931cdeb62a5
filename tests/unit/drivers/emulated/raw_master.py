"""A Modbus master that works on bytes and shares no code with the slaves: its CRC is the bit loop."""

from __future__ import annotations

import asyncio
import os
import tty
from typing import Self


def with_crc(body: bytes) -> bytes:
    crc = 0xFFFF
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc, carry = crc >> 1, crc & 1
            if carry:
                crc ^= 0xA001
    return body + bytes((crc & 0xFF, crc >> 8))


class RawSerialMaster:
    """The master's end of a serial line."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._fd)
        self._received = bytearray()
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._fd, self._read)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)

    def send(self, characters: bytes) -> None:
        os.write(self._fd, characters)

    async def receive(self, count: int) -> bytes:
        """Wait for `count` characters."""
        while len(self._received) < count:
            self._more.clear()
            await self._more.wait()
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    async def ask(self, body: str, reply_size: int) -> str:
        """Send a request (hex, without CRC), and return the reply without its CRC, which must be right."""
        self.send(with_crc(bytes.fromhex(body)))
        reply = await self.receive(reply_size + 2)
        assert with_crc(reply[:-2]) == reply
        return reply[:-2].hex(" ")

    async def silence(self, seconds: float) -> None:
        """Listen for a while and be sure that nothing comes, however busy the machine is."""
        for _ in range(5):
            await asyncio.sleep(seconds / 5)
        assert bytes(self._received) == b""

    def _read(self) -> None:
        self._received += os.read(self._fd, 4096)
        self._more.set()
