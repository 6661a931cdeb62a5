"""Where `probe` looks, in which order: what profiles say first, then a bounded search. No IO."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from drivers.modbus.requests import Read
from drivers.modbus.transport import SerialSettings
from drivers.profiles.model import Profile

USUAL: Final = (
    SerialSettings(baud=9600, parity="N", stop_bits=1),
    SerialSettings(baud=9600, parity="E", stop_bits=1),
    SerialSettings(baud=19200, parity="E", stop_bits=1),
    SerialSettings(baud=19200, parity="N", stop_bits=1),
    SerialSettings(baud=115200, parity="N", stop_bits=1),
)
"""Tried after what the profiles say."""


def settings_to_try(
    profiles: Iterable[Profile],
    *,
    baud: int | None = None,
    parity: str | None = None,
    stop_bits: int | None = None,
) -> list[SerialSettings]:
    """Return line settings, the likeliest first; what is given leaves only those that have it."""
    lines = [profile.modbus.serial for profile in profiles]
    counted = Counter(
        SerialSettings(baud=line.baud, parity=line.parity, stop_bits=line.stop_bits) for line in lines if line
    )
    every = list(dict.fromkeys([*(settings for settings, _ in counted.most_common()), *USUAL]))
    if baud is not None and all(settings.baud != baud for settings in every):
        every += [SerialSettings(baud=baud, parity=p, stop_bits=1) for p in ("N", "E")]
    return [
        settings
        for settings in every
        if baud in {None, settings.baud}
        and parity in {None, settings.parity}
        and stop_bits in {None, settings.stop_bits}
    ]


def known_requests(profiles: Iterable[Profile], settings: SerialSettings | None) -> Iterator[Read]:
    """Yield, for each profile with these settings, the first read of its device at its own unit."""
    seen = set()
    for profile in profiles:
        line = profile.modbus.serial
        mine = line and SerialSettings(baud=line.baud, parity=line.parity, stop_bits=line.stop_bits)
        if settings is not None and mine != settings:
            continue
        block = profile.probe or next(iter(profile.blocks), None)
        if block is None:
            continue
        read = Read(unit=profile.modbus.unit, space=block.space, address=block.start, count=block.count)
        if (read.unit, read.space) not in seen:
            seen.add((read.unit, read.space))
            yield read


def search_requests(units: Sequence[int]) -> Iterator[Read]:
    """Yield harmless reads of every unit: a device that has no such register says so, which is an answer."""
    for unit in units:
        yield Read(unit=unit, space="holding", address=0, count=1)
        yield Read(unit=unit, space="input", address=0, count=1)


def parse_units(text: str) -> list[int]:
    """Return the units of a text such as 1-16,247.

    Raises:
        ValueError: If it is none, or they are not between 1 and 255.
    """
    units: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        units += range(int(first), int(last or first) + 1)
    if not units or min(units) < 1 or max(units) > 255:
        raise ValueError(text)
    return list(dict.fromkeys(units))
