"""The server's side of the Modbus application protocol (V1.1b3): request PDU in, reply PDU out.

RTU and TCP carry the same PDUs; the framing of each is in `rtu` and `mbap`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import IntEnum
from typing import Literal, Protocol

Space = Literal["holding", "input", "coil", "discrete"]
"""The four address spaces of the Modbus data model."""

ADDRESSES = 0x10000
MAX_READ_BITS = 2000
MAX_READ_REGISTERS = 125
MAX_WRITE_BITS = 1968
MAX_WRITE_REGISTERS = 123
COIL_ON = 0xFF00
COIL_OFF = 0x0000


class ExceptionCode(IntEnum):
    """Modbus exception codes (V1.1b3 clause 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_DATA_ADDRESS = 2
    ILLEGAL_DATA_VALUE = 3
    SERVER_DEVICE_FAILURE = 4


class Refused(Exception):
    """A request that is answered with an exception reply."""

    def __init__(self, code: ExceptionCode) -> None:
        super().__init__(code.name)
        self.code = code


class Registers(Protocol):
    """The data of one Modbus server; bits are the integers 0 and 1, registers are 0..65535."""

    @property
    def functions(self) -> Collection[int]:
        """The function codes this device implements; the others are answered with exception 1."""

    def read(self, space: Space, address: int, count: int) -> Sequence[int]:
        """Return `count` values.

        Raises:
            Refused: With the code the device answers.
        """

    def write(self, space: Space, address: int, values: Sequence[int]) -> None:
        """Write all of the values or none.

        Raises:
            Refused: With the code the device answers.
        """


def answer(request: bytes, registers: Registers) -> bytes:
    """Return the reply PDU to a request PDU of at least one byte."""
    function = request[0]
    try:
        if function not in _FUNCTIONS or function not in registers.functions:
            raise Refused(ExceptionCode.ILLEGAL_FUNCTION)
        return request[:1] + _FUNCTIONS[function](request[1:], registers)
    except Refused as refusal:
        return bytes((function | 0x80, refusal.code))


def _read_bits(space: Space, data: bytes, registers: Registers) -> bytes:
    start, count = _start_and_count(data, MAX_READ_BITS)
    packed = _pack_bits(registers.read(space, start, count))
    return bytes((len(packed),)) + packed


def _read_registers(space: Space, data: bytes, registers: Registers) -> bytes:
    start, count = _start_and_count(data, MAX_READ_REGISTERS)
    values = registers.read(space, start, count)
    return bytes((2 * count,)) + b"".join(value.to_bytes(2, "big") for value in values)


def _write_coil(data: bytes, registers: Registers) -> bytes:
    address, value = _two_words(data)
    if value not in {COIL_ON, COIL_OFF}:
        raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
    registers.write("coil", address, (int(value == COIL_ON),))
    return data


def _write_register(data: bytes, registers: Registers) -> bytes:
    address, value = _two_words(data)
    registers.write("holding", address, (value,))
    return data


def _write_coils(data: bytes, registers: Registers) -> bytes:
    start, count = _start_and_count(data[:4], MAX_WRITE_BITS)
    packed = _counted(data, (count + 7) // 8)
    registers.write("coil", start, [packed[bit // 8] >> bit % 8 & 1 for bit in range(count)])
    return data[:4]


def _write_registers(data: bytes, registers: Registers) -> bytes:
    start, count = _start_and_count(data[:4], MAX_WRITE_REGISTERS)
    packed = _counted(data, 2 * count)
    registers.write("holding", start, [_word(packed, 2 * index) for index in range(count)])
    return data[:4]


def _two_words(data: bytes) -> tuple[int, int]:
    if len(data) != 4:
        raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
    return _word(data, 0), _word(data, 2)


def _start_and_count(data: bytes, most: int) -> tuple[int, int]:
    """Check in the standard's order: the quantity first (exception 3), then the addresses (exception 2)."""
    start, count = _two_words(data)
    if not 1 <= count <= most:
        raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
    if start + count > ADDRESSES:
        raise Refused(ExceptionCode.ILLEGAL_DATA_ADDRESS)
    return start, count


def _counted(data: bytes, size: int) -> bytes:
    """Return the values of a multiple write, whose byte count must agree with both quantity and length."""
    if len(data) != 5 + size or data[4] != size:
        raise Refused(ExceptionCode.ILLEGAL_DATA_VALUE)
    return data[5:]


def _word(data: bytes, at: int) -> int:
    return data[at] << 8 | data[at + 1]


def _pack_bits(bits: Sequence[int]) -> bytes:
    packed = bytearray((len(bits) + 7) // 8)
    for index, bit in enumerate(bits):
        packed[index // 8] |= bit << index % 8
    return bytes(packed)


_FUNCTIONS: dict[int, Callable[[bytes, Registers], bytes]] = {
    1: lambda data, registers: _read_bits("coil", data, registers),
    2: lambda data, registers: _read_bits("discrete", data, registers),
    3: lambda data, registers: _read_registers("holding", data, registers),
    4: lambda data, registers: _read_registers("input", data, registers),
    5: _write_coil,
    6: _write_register,
    15: _write_coils,
    16: _write_registers,
}
