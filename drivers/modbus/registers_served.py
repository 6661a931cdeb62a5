"""Registers that we serve to a device which is the master: what it wrote, when, and what it may read. No IO.

Modbus application protocol V1.1b3, sections 6.3, 6.4, 6.6, 6.12 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import pack, unpack, unpack_from
from typing import Final

from drivers.readings import Instant

ADDRESSES: Final = 0x10000
MOST_READ: Final = 125
MOST_WRITTEN: Final = 123
READS: Final = (3, 4)
ILLEGAL_FUNCTION: Final = 1
ILLEGAL_ADDRESS: Final = 2
ILLEGAL_VALUE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Neighbouring registers as they were last written; `written_at` is the oldest one's time."""

    values: tuple[int, ...]
    written_at: Instant


class _Refused(Exception):
    """The request gets an exception reply."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class ServedRegisters:
    """One set of registers, for holding and input registers alike."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[int, Instant]] = {}

    def put(self, address: int, values: tuple[int, ...], at: Instant) -> None:
        """Write neighbouring registers.

        Raises:
            ValueError: If they reach beyond the last address.
        """
        if not 0 <= address <= ADDRESSES - len(values):
            raise ValueError(f"{len(values)} registers from {address} reach beyond {ADDRESSES - 1}")
        for place, value in enumerate(values, start=address):
            self._held[place] = (value, at)

    def get(self, address: int, count: int) -> Held | None:
        """Return neighbouring registers, or None if one of them was never written."""
        held = [self._held.get(place) for place in range(address, address + count)]
        known = [each for each in held if each is not None]
        if not known or len(known) < count:
            return None
        oldest = min((at for _, at in known), key=lambda at: at.monotonic_s)
        return Held(values=tuple(value for value, _ in known), written_at=oldest)

    def forget(self) -> None:
        """Forget everything: the device may be another one."""
        self._held.clear()

    def answer(self, request: bytes, now: Instant) -> bytes:
        """Carry out a request and return the reply, an exception reply if it makes no sense."""
        function = request[0]
        try:
            if function in READS:
                return self._read(request)
            if function == 6:
                return self._write_one(request, now)
            if function == 16:
                return self._write_several(request, now)
            raise _Refused(ILLEGAL_FUNCTION)
        except _Refused as refused:
            return bytes((function | 0x80, refused.code))

    def _read(self, request: bytes) -> bytes:
        if len(request) != 5:
            raise _Refused(ILLEGAL_VALUE)
        address, count = unpack(">HH", request[1:])
        if not 1 <= count <= MOST_READ:
            raise _Refused(ILLEGAL_VALUE)
        held = self.get(address, count)
        if held is None:
            raise _Refused(ILLEGAL_ADDRESS)
        return pack(f">BB{count}H", request[0], 2 * count, *held.values)

    def _write_one(self, request: bytes, now: Instant) -> bytes:
        if len(request) != 5:
            raise _Refused(ILLEGAL_VALUE)
        address, value = unpack(">HH", request[1:])
        self.put(address, (value,), now)
        return request

    def _write_several(self, request: bytes, now: Instant) -> bytes:
        if len(request) < 6:
            raise _Refused(ILLEGAL_VALUE)
        address, count, size = unpack_from(">HHB", request, 1)
        if not 1 <= count <= MOST_WRITTEN or size != 2 * count or len(request) != 6 + size:
            raise _Refused(ILLEGAL_VALUE)
        if address + count > ADDRESSES:
            raise _Refused(ILLEGAL_ADDRESS)
        self.put(address, unpack_from(f">{count}H", request, 6), now)
        return request[:5]
