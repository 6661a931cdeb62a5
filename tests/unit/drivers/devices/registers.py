"""A slave with real registers, so that what was written can be read back."""

from __future__ import annotations

from collections.abc import Callable

from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from tests.unit.drivers.modbus.hostile import Answers, Asked, Burst, Slave, addresses

READS = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}


class Registers:
    """Answers reads and writes from memory; tests reach in to break it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.words: dict[tuple[str, int], int] = {}
        self.written: list[tuple[int, int, int]] = []
        """Function, address and value (of several registers, the last one's)."""
        self.ignored: set[int] = set()
        """Addresses whose writes are confirmed but not carried out."""
        self.refused: set[int] = set()
        """Addresses whose writes are refused."""
        self.on_write: Callable[[int], None] = lambda _: None
        """Called after a write to this address."""

    def set(self, name: str, value: Value) -> None:
        self.set_words(name, *self._point(name).encode(value))

    def set_words(self, name: str, *words: int) -> None:
        point = self._point(name)
        for offset, word in enumerate(words):
            self.words[point.space, point.address + offset] = word

    def get(self, name: str) -> Value | None:
        point = self._point(name)
        return point.decode([self.words.get((point.space, at), 0) for at in range(point.address, point.end)])

    def written_to(self, name: str) -> list[int]:
        """Return what was written to a point, in order."""
        address = self._point(name).address
        return [value for _, at, value in self.written if at == address]

    def __call__(self, slave: Slave, asked: Asked) -> Answers:
        return [Burst(slave.frame(asked, self._answer(asked)))]

    def _point(self, name: str) -> Point:
        return next(point for point in self.profile.every_point if point.name == name)

    def _answer(self, asked: Asked) -> bytes:
        if asked.function in {3, 4}:
            words = [self.words.get((READS[asked.function], address), 0) for address in addresses(asked)]
            return bytes([asked.function, 2 * len(words)]) + b"".join(w.to_bytes(2, "big") for w in words)
        if asked.function in {1, 2}:
            bits = [self.words.get((READS[asked.function], address), 0) for address in addresses(asked)]
            size = (asked.count + 7) // 8
            packed = sum(bit << place for place, bit in enumerate(bits))
            return bytes([asked.function, size]) + packed.to_bytes(size, "little")
        if asked.address in self.refused:
            return bytes([asked.function | 0x80, 4])
        return self._write(asked)

    def _write(self, asked: Asked) -> bytes:
        if asked.function == 16:
            data = asked.pdu[6:]
            values = [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]
        else:
            values = [int(asked.count == 0xFF00) if asked.function == 5 else asked.count]
        self.written.append((asked.function, asked.address, values[-1]))
        if asked.address not in self.ignored:
            for offset, value in enumerate(values):
                space = "coil" if asked.function == 5 else "holding"
                self.words[space, asked.address + offset] = value
        self.on_write(asked.address)
        return asked.pdu[:5]
