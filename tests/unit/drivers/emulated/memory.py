"""Registers in memory: the simplest device that `drivers.emulated.pdu` can serve."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from drivers.emulated.pdu import ExceptionCode, Refused, Space

SIZE = 100


class MemoryRegisters:
    def __init__(self, functions: Collection[int] = (1, 2, 3, 4, 5, 6, 15, 16)) -> None:
        self.functions = functions
        self.spaces: dict[Space, list[int]] = {
            "coil": [0] * SIZE,
            "discrete": [1, 0] * (SIZE // 2),
            "holding": [0] * SIZE,
            "input": list(range(SIZE)),
        }
        self.broken = False
        self.was_read = asyncio.Event()

    def read(self, space: Space, address: int, count: int) -> Sequence[int]:
        self._check(address, count)
        self.was_read.set()
        return self.spaces[space][address : address + count]

    def write(self, space: Space, address: int, values: Sequence[int]) -> None:
        self._check(address, len(values))
        self.spaces[space][address : address + len(values)] = values

    def _check(self, address: int, count: int) -> None:
        if self.broken:
            raise Refused(ExceptionCode.SERVER_DEVICE_FAILURE)
        if address + count > SIZE:
            raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
