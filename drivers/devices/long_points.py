"""Points that are longer than one request: texts and bytes, read and written in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from drivers.devices.modbus_device import Decoded, ModbusDevice
from drivers.modbus.errors import ExceptionReply, ModbusError, UnitResting
from drivers.modbus.requests import Read, Write
from drivers.modbus.terms import Answer, Priority
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.profiles.writes import WriteFunction

TRIES: Final = 3
"""How often a read is tried: a file of twenty requests would else seldom get through a noisy line."""


async def read_point(device: ModbusDevice, point: Point) -> Decoded:
    """Read a point now, whatever its length; if another point says how long it is, that one first.

    Raises:
        ModbusError: If a part of it could not be read.
        ValueError: If the device announces a length that the point cannot have.
    """
    if point.length_from is not None:
        size = await read_point(device, device.profile.point(point.length_from.point))
        point = point.sized(size.value)
    registers: list[int] = []
    for start, count in unlike_parts(point.address, point.count, device.profile.modbus.max_read):
        request = Read(unit=device.unit, space=point.space, address=start, count=count)
        answer = await _read(device, request)
        registers += answer.values
    return Decoded(point=point, value=point.decode(registers), taken_at=answer.arrived)


async def write_points(device: ModbusDevice, values: Sequence[tuple[Point, Value]]) -> None:
    """Write points, neighbours together in one request and long ones in several.

    A write is never repeated here: its confirmation may be what was lost.

    Raises:
        ModbusError: If the device did not confirm a write; those before it are done.
        ValueError: If the profile does not let a value be written. Nothing is written then.
    """
    ordered = sorted(values, key=lambda item: (item[0].space, item[0].address))
    requests = [request for run in _runs(ordered) for request in _requests(device, *run)]
    for request in requests:
        await device.perform(request, Priority.WRITE)


def parts(start: int, count: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield start and length of the parts, in order, none longer than `most`."""
    for offset in range(0, count, most):
        yield start + offset, min(most, count - offset)


def unlike_parts(start: int, count: int, most: int) -> Iterator[tuple[int, int]]:
    """Yield start and length of the parts, each of another length as far as that goes.

    So a reply that comes twice is not taken for that to the next part.
    """
    offset, length = 0, most
    while offset < count:
        yield start + offset, min(length, count - offset)
        offset += min(length, count - offset)
        length = length - 1 if length > 1 else most


async def _read(device: ModbusDevice, request: Read) -> Answer:
    for _ in range(TRIES - 1):
        try:
            return await device.perform(request, Priority.SLOW, guarded=True)
        except (ExceptionReply, UnitResting):
            raise
        except ModbusError:
            continue
    return await device.perform(request, Priority.SLOW, guarded=True)


_Run = tuple[WriteFunction, int, tuple[int, ...]]
"""A function code, an address and the registers (bits) from there."""


def _runs(values: Sequence[tuple[Point, Value]]) -> Iterator[_Run]:
    """Yield what can be written together, in order of address."""
    open_run: _Run | None = None
    last: Point | None = None
    for point, value in values:
        function, registers = _encoded(point, value)
        joins = last is not None and (last.space, last.end) == (point.space, point.address)
        if open_run is not None and joins and function == open_run[0] and function in {15, 16}:
            open_run = (function, open_run[1], open_run[2] + registers)
        else:
            if open_run is not None:
                yield open_run
            open_run = (function, point.address, registers)
        last = point
    if open_run is not None:
        yield open_run


def _encoded(point: Point, value: Value) -> tuple[WriteFunction, tuple[int, ...]]:
    """Return function code and registers; of a point whose length another says, no more than it needs."""
    if point.write is None or not point.allows(value):
        allowed = "nothing" if point.write is None else point.write.bounds
        raise ValueError(f"{point.name} cannot be set to {value!r}; allowed: {allowed}")
    if point.length_from is not None and isinstance(value, str):
        shorter = replace(point, length=max(1, (_size(point, value) + 1) // 2))
        return point.write.function, shorter.encode(value)
    return point.write.function, point.encode(value)


def _size(point: Point, value: str) -> int:
    return len(value) // 2 if point.type == "bytes" else len(value.encode())


def _requests(
    device: ModbusDevice, function: WriteFunction, address: int, values: tuple[int, ...]
) -> Iterator[Write]:
    most = device.profile.modbus.max_write if function in {15, 16} else len(values)
    for start, count in parts(address, len(values), most):
        part = values[start - address : start - address + count]
        yield Write(unit=device.unit, function=function, address=start, values=part)
