"""Bits into bytes and out of them, the first bit of a byte being its highest (EXI 1.0, section 7.1)."""

from __future__ import annotations

from certs.exi.errors import CannotDecode

_GROUP_BITS = 7
_MORE = 0x80
_FLUSH_BITS = 512
_WINDOW_BYTES = 64
LONGEST_UNSIGNED_GROUPS = 23
"""Seven bits each: 160 bits and some, a certificate's serial number at its longest (RFC 5280, 4.1.2.2)."""


class BitWriter:
    """Collects bits; `bytes` pads the last byte with zeroes."""

    __slots__ = ("_bits", "_done", "_value")

    def __init__(self) -> None:
        self._done = bytearray()
        self._value = 0
        self._bits = 0

    def write(self, value: int, bits: int) -> None:
        """Write the lowest `bits` of a value that has no more."""
        self._value = self._value << bits | value
        self._bits += bits
        if self._bits >= _FLUSH_BITS:
            self._flush()

    def write_unsigned(self, value: int) -> None:
        """Write groups of seven bits, the lowest first (EXI 1.0, section 7.1.6)."""
        while value >= _MORE:
            self.write(value & 0x7F | _MORE, 8)
            value >>= _GROUP_BITS
        self.write(value, 8)

    def bytes(self) -> bytes:
        """Return what was written."""
        padding = -self._bits % 8
        return bytes(self._done) + (self._value << padding).to_bytes((self._bits + padding) // 8, "big")

    def _flush(self) -> None:
        rest = self._bits % 8
        self._done += (self._value >> rest).to_bytes(self._bits // 8, "big")
        self._value &= (1 << rest) - 1
        self._bits = rest


class BitReader:
    """Reads bits; past the end it raises.

    Bits are taken from a window of some bytes, a number: shifting a whole message for each would take long.
    """

    __slots__ = ("_data", "_end", "_position", "_window", "_window_end")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._end = 8 * len(data)
        self._window = 0
        self._window_end = 0

    @property
    def left_bits(self) -> int:
        """How many bits have not been read."""
        return self._end - self._position

    def read(self, bits: int) -> int:
        """Return the next bits as a number.

        Raises:
            CannotDecode: If there are fewer.
        """
        end = self._position + bits
        if end > self._window_end:
            self._move(end)
        self._position = end
        return self._window >> (self._window_end - end) & ((1 << bits) - 1)

    def _move(self, end: int) -> None:
        """Put the window where the bits up to `end` are in it."""
        if end > self._end:
            raise CannotDecode("the message ends too early")
        first, last = self._position >> 3, max((end + 7) >> 3, (self._position >> 3) + _WINDOW_BYTES)
        self._window = int.from_bytes(self._data[first:last], "big")
        self._window_end = 8 * min(last, len(self._data))

    def read_unsigned(self) -> int:
        """Return a number of seven-bit groups; raises as `read` does, and if it has too many."""
        value = shift = 0
        for _ in range(LONGEST_UNSIGNED_GROUPS):
            octet = self.read(8)
            value |= (octet & 0x7F) << shift
            if octet < _MORE:
                return value
            shift += _GROUP_BITS
        raise CannotDecode(f"a number of more than {LONGEST_UNSIGNED_GROUPS} groups")
