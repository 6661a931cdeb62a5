"""A slave with real registers, so that what was written can be read back."""

from __future__ import annotations

from drivers.profiles.model import Profile
from drivers.profiles.values import Value
from tests.unit.drivers.modbus.hostile import Answers, Asked, Burst, Slave, addresses


class Registers:
    """Answers reads and writes from memory; tests reach in to break it."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.words: dict[tuple[str, int], int] = {}
        self.written: list[tuple[int, int, int]] = []
        self.ignored: set[int] = set()
        """Addresses whose writes are confirmed but not carried out."""

    def set(self, name: str, value: Value) -> None:
        point = self.profile.point(name)
        for offset, word in enumerate(point.encode(value)):
            self.words[point.space, point.address + offset] = word

    def set_words(self, name: str, *words: int) -> None:
        point = self.profile.point(name)
        for offset, word in enumerate(words):
            self.words[point.space, point.address + offset] = word

    def __call__(self, slave: Slave, asked: Asked) -> Answers:
        return [Burst(slave.frame(asked, self._answer(asked)))]

    def _answer(self, asked: Asked) -> bytes:
        if asked.function in {3, 4}:
            space = "holding" if asked.function == 3 else "input"
            words = [self.words.get((space, address), 0) for address in addresses(asked)]
            return bytes([asked.function, 2 * len(words)]) + b"".join(w.to_bytes(2, "big") for w in words)
        if asked.function == 1:
            return bytes([1, 1, self.words.get(("coil", asked.address), 0)])
        value = int(asked.count == 0xFF00) if asked.function == 5 else asked.count
        self.written.append((asked.function, asked.address, value))
        if asked.address not in self.ignored:
            self.words["coil" if asked.function == 5 else "holding", asked.address] = value
        return asked.pdu
