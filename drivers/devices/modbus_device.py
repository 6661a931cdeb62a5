"""What every Modbus device shares: its unit on a bus, its profile, and whole blocks read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drivers.modbus.bus import Answer, Bus, Priority, Terms
from drivers.modbus.requests import Read, Write
from drivers.profiles.model import Block, Point, Profile, Value
from drivers.readings import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A point's value as it was read; None if the device gave none."""

    point: Point
    value: Value | None
    taken_at: Instant


class ModbusDevice:
    """One unit on a bus, described by a profile."""

    def __init__(self, bus: Bus, unit: int, profile: Profile, *, timeout_s: float = 0.5) -> None:
        self.bus = bus
        self.unit = unit
        self.profile = profile
        self._timeout_s = timeout_s

    def blocks_with(self, wanted: Callable[[Point], bool]) -> tuple[Block, ...]:
        """Return the blocks of the read plan that hold a wanted point."""
        return tuple(block for block in self.profile.blocks if any(map(wanted, block.points)))

    async def read_blocks(self, blocks: Iterable[Block], priority: Priority) -> list[Decoded]:
        """Read whole blocks and decode every point in them.

        Raises:
            ModbusError: If any of them failed.
        """
        decoded: list[Decoded] = []
        for block in blocks:
            answer = await self._read(block, priority)
            decoded += [
                Decoded(
                    point=point,
                    value=point.decode(block.slice(point, answer.values)),
                    taken_at=answer.arrived,
                )
                for point in block.points
            ]
        return decoded

    async def write_point(self, point: Point, value: Value) -> None:
        """Write one point, at the urgency of writes.

        Raises:
            ModbusError: If the device did not confirm.
            ValueError: If the profile does not let this value be written.
        """
        if point.write is None or not point.allows(value):
            allowed = "nothing" if point.write is None else point.write.bounds
            raise ValueError(f"{self.profile.id}: {point.name} cannot be set to {value}; allowed: {allowed}")
        request = Write(
            unit=self.unit, function=point.write.function, address=point.address, values=point.encode(value)
        )
        await self.bus.perform(request, self._terms(Priority.WRITE))

    async def _read(self, block: Block, priority: Priority) -> Answer:
        return await self.bus.perform(self._request(block), self._terms(priority))

    def _request(self, block: Block) -> Read:
        return Read(unit=self.unit, space=block.space, address=block.start, count=block.count)

    def _terms(self, priority: Priority) -> Terms:
        probe = self.profile.probe
        return Terms(
            priority=priority,
            timeout_s=self._timeout_s,
            probe=self._request(probe) if probe else None,
        )
