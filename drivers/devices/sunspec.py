"""Finds a SunSpec model's place in a device's registers (SunSpec Information Model specification, 4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from drivers.modbus.errors import ExceptionReply
from drivers.ports import DeviceError

MARK: Final = (0x5375, 0x6E53)
"""The characters SunS, with which the map begins."""
LAST_MODEL: Final = 0xFFFF
MOST_MODELS: Final = 100
"""A chain that is longer is none."""

ReadPair = Callable[[int], Awaitable[Sequence[int]]]
"""Reads two holding registers from an address."""


class NotSunSpec(DeviceError):
    """The device answers, but has no SunSpec map with the wanted model where the profile says."""


async def find_model(read_pair: ReadPair, bases: Iterable[int], model: int) -> int:
    """Return the address of the model's id register, walking the chain of models from the first good base.

    Raises:
        NotSunSpec: If no base has a map, or the map has no such model.
        DeviceError: If the device did not answer properly.
    """
    bases = tuple(bases)
    for base in bases:
        if await _begins_at(read_pair, base):
            return await _walk(read_pair, base + len(MARK), model)
    raise NotSunSpec(f"no SunSpec map begins at {' or '.join(map(str, bases))}")


async def _begins_at(read_pair: ReadPair, base: int) -> bool:
    """Tell whether a map begins here; a device may refuse to read where there is none."""
    try:
        return tuple(await read_pair(base)) == MARK
    except ExceptionReply:
        return False


async def _walk(read_pair: ReadPair, address: int, model: int) -> int:
    seen: list[int] = []
    while len(seen) < MOST_MODELS and address < 2**16 - 1:
        number, length = await read_pair(address)
        if number == model:
            return address
        if number == LAST_MODEL:
            break
        seen.append(number)
        address += 2 + length
    raise NotSunSpec(f"the SunSpec map has no model {model}, only {', '.join(map(str, seen)) or 'none'}")
