"""Modbus requests and replies as frozen values (Modbus application protocol V1.1b3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from drivers.readings import Instant

Space = Literal["coil", "discrete", "holding", "input"]

Mark = tuple[int, ...]
"""What can be recognised about a unit's serial reply."""

READ_FUNCTION: Final[dict[Space, int]] = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
BIT_READS: Final = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read `count` registers or bits from `address`."""

    unit: int
    space: Space
    address: int
    count: int

    @property
    def function(self) -> int:
        """The function code, 1 to 4."""
        return READ_FUNCTION[self.space]

    @property
    def data_bytes(self) -> int:
        """How many bytes of registers or bits the reply carries."""
        return (self.count + 7) // 8 if self.function in BIT_READS else self.count * 2

    @property
    def mark(self) -> Mark:
        """All that tells the serial reply to a read from another: function and length, not the address."""
        return (self.function, self.data_bytes)

    @property
    def wire_bytes(self) -> int:
        """Characters on an RTU line for the request and its reply."""
        return 8 + 5 + self.data_bytes

    def __str__(self) -> str:
        return f"unit {self.unit}: read {self.count} {self.space} from {self.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Write one coil (function 5), one register (6), several coils (15) or several registers (16)."""

    unit: int
    function: Literal[5, 6, 15, 16]
    address: int
    values: tuple[int, ...]

    @property
    def mark(self) -> Mark:
        """All that tells the serial reply to a write from another: it repeats the request."""
        return (self.function, self.address, *self.values)

    @property
    def wire_bytes(self) -> int:
        """Characters on an RTU line for the request and its reply."""
        if self.function == 15:
            return 17 + (len(self.values) + 7) // 8
        return 17 + 2 * len(self.values) if self.function == 16 else 16

    def __str__(self) -> str:
        shown = ", ".join(map(str, self.values))
        space = "coil" if self.function in {5, 15} else "holding"
        return f"unit {self.unit}: write {shown} to {space} {self.address}"


Request = Read | Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, before anybody compared it with the request.

    `values` are registers or bits; a write's reply repeats `address` and, in `values`, what was written
    (for functions 15 and 16 the count). `arrived` is when the last byte of the frame was received.
    """

    unit: int
    function: int
    values: tuple[int, ...]
    arrived: Instant
    address: int | None = None
    exception_code: int | None = None

    @property
    def read_mark(self) -> Mark:
        """The mark of the reads that this would be the reply to."""
        bits = self.function in BIT_READS
        return (self.function, len(self.values) // 8 if bits else len(self.values) * 2)
