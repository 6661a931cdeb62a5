"""What every Modbus device shares: its unit on a bus, its profile, and whole blocks read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from drivers.modbus.bus import Answer, Bus, Priority, Terms
from drivers.modbus.errors import ModbusError
from drivers.modbus.requests import Read, Write
from drivers.profiles.block import Block
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value
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
        self._once: dict[str, Decoded] = {}

    def blocks_with(self, wanted: Callable[[Point], bool]) -> tuple[Block, ...]:
        """Return the blocks of the read plan that hold a wanted point."""
        return tuple(block for block in self.profile.blocks if any(map(wanted, block.points)))

    async def read_blocks(self, blocks: Iterable[Block], priority: Priority) -> list[Decoded]:
        """Read whole blocks and decode every point in them.

        Raises:
            ModbusError: If any of them failed.
        """
        blocks = tuple(blocks)
        known = await self._scales(blocks, priority)
        return [item for block in blocks for item in await self._decoded(block, priority, known)]

    async def read_once(self, priority: Priority = Priority.SLOW) -> dict[str, Decoded]:
        """Return the points with `poll: once` by name, read since the device last failed to answer.

        Raises:
            ModbusError: If any of their blocks failed.
        """
        if not self._once:
            blocks = self.blocks_with(lambda point: point.poll == "once")
            once = [item for block in blocks for item in await self._decoded(block, priority, {})]
            self._once = {item.point.name: item for item in once}
        return self._once

    async def _scales(self, blocks: Iterable[Block], priority: Priority) -> dict[str, Value | None]:
        """Return the once-read points, if any of these blocks needs one to be decoded."""
        constant = {point.name for point in self.profile.points if point.poll == "once"}
        scales = {scale.point for block in blocks for point in block.points for scale in point.scaled_by}
        if not scales & constant:
            return {}
        return {name: item.value for name, item in (await self.read_once(priority)).items()}

    async def _decoded(
        self, block: Block, priority: Priority, known: Mapping[str, Value | None]
    ) -> list[Decoded]:
        answer = await self._read(block, priority)
        values = self.profile.decode(block, answer.values, known)
        return [
            Decoded(point=point, value=values[point.name], taken_at=answer.arrived) for point in block.points
        ]

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
        """Read a block; after a failure the device may be another one, so what was read once is forgotten."""
        try:
            return await self.bus.perform(self._request(block), self._terms(priority))
        except ModbusError:
            self._once = {}
            raise

    def _request(self, block: Block) -> Read:
        return Read(unit=self.unit, space=block.space, address=block.start, count=block.count)

    def _terms(self, priority: Priority) -> Terms:
        probe = self.profile.probe
        return Terms(
            priority=priority,
            timeout_s=self._timeout_s,
            request_gap_s=self.profile.modbus.request_gap_ms / 1000,
            unit_change_gap_s=self.profile.modbus.unit_change_gap_ms / 1000,
            probe=self._request(probe) if probe else None,
        )
