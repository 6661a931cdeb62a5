"""Modbus protocol data units as a master sees them: requests to bytes, bytes to replies. No IO.

Modbus application protocol V1.1b3, section 6.
"""

from __future__ import annotations

from struct import pack, unpack_from
from typing import Final

from drivers.modbus.requests import BIT_READS, Read, Reply, Request
from drivers.readings import Instant

READS: Final = (1, 2, 3, 4)
WRITES: Final = (5, 6, 15, 16)
EXCEPTION: Final = 0x80
"""Added to the function code by a device that refuses."""
COIL_ON: Final = 0xFF00


def encode(request: Request) -> bytes:
    """Return the bytes of a request: function, then its data."""
    if isinstance(request, Read):
        return pack(">BHH", request.function, request.address, request.count)
    function, address, values = request.function, request.address, request.values
    if function == 5:
        return pack(">BHH", function, address, COIL_ON if values[0] else 0)
    if function == 6:
        return pack(">BHH", function, address, values[0])
    if function == 15:
        data = sum(1 << place for place, bit in enumerate(values) if bit).to_bytes(
            (len(values) + 7) // 8, "little"
        )
    else:
        data = pack(f">{len(values)}H", *values)
    return pack(">BHHB", function, address, len(values), len(data)) + data


def reply_size(start: bytes) -> int | None:
    """Return how long a reply must be, from its first two bytes; None if that cannot be told."""
    if len(start) < 2:
        return None
    function = start[0]
    if function & EXCEPTION:
        return 2
    if function in READS:
        registers = function not in BIT_READS
        return None if registers and start[1] % 2 else 2 + start[1]
    return 5 if function in WRITES else None


def decode(unit: int, pdu: bytes, arrived: Instant) -> Reply:
    """Return what a reply of the size that `reply_size` demands says, whatever it answers."""
    function = pdu[0]
    if function & EXCEPTION:
        return Reply(unit=unit, function=function, values=(), arrived=arrived, exception_code=pdu[1])
    if function in BIT_READS:
        bits = tuple(byte >> place & 1 for byte in pdu[2:] for place in range(8))
        return Reply(unit=unit, function=function, values=bits, arrived=arrived)
    if function in READS:
        registers = unpack_from(f">{pdu[1] // 2}H", pdu, 2)
        return Reply(unit=unit, function=function, values=registers, arrived=arrived)
    address, value = unpack_from(">HH", pdu, 1)
    if function == 5 and value in {0, COIL_ON}:
        value = int(value == COIL_ON)
    return Reply(unit=unit, function=function, values=(value,), arrived=arrived, address=address)
