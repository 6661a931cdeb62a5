"""What every Modbus device shares: its unit on a bus, its profile, and whole blocks read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from drivers.devices.sunspec import find_model
from drivers.modbus.errors import ExceptionReply, ModbusError
from drivers.modbus.line import Line
from drivers.modbus.requests import Read, Write
from drivers.modbus.terms import Answer, Priority, Terms
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
    """One unit on a bus, described by a profile.

    What the profile leaves open (where the registers begin, which variant of the device it is) is found out
    at the first read and again after the device was silent, when it may be another one.
    """

    def __init__(self, bus: Line, unit: int, profile: Profile, *, timeout_s: float = 0.5) -> None:
        self.bus = bus
        self.unit = unit
        self.profile = profile
        """The profile as it fits this very device, as far as that is known by now."""
        self._general = profile
        self._is_resolved = not (profile.modbus.sunspec or _asked_for_variant(profile))
        self._timeout_s = timeout_s
        self._once: dict[str, Decoded] = {}

    def blocks_with(self, wanted: Callable[[Point], bool]) -> tuple[Block, ...]:
        """Return the blocks of the read plan that hold a wanted point.

        A device that is the master has no plan: what it wrote is here, each point is as old as it is.
        """
        if self.profile.modbus.answers:
            return tuple(block_of(one) for one in self.profile.points if one.readable and wanted(one))
        return tuple(block for block in self.profile.blocks if any(map(wanted, block.points)))

    async def resolve(self, priority: Priority = Priority.FAST) -> Profile:
        """Return the profile as it fits this very device.

        Raises:
            DeviceError: If that could not be found out.
        """
        if self._is_resolved:
            return self.profile
        profile = self._general
        sunspec = profile.modbus.sunspec
        if sunspec is not None:
            base = await find_model(lambda at: self._pair(at, priority), sunspec.bases, sunspec.model)
            profile = profile.relocated(base)
        if names := _asked_for_variant(profile):
            known: dict[str, Value | None] = {}
            for block in profile.blocks:
                if any(point.name in names for point in block.points):
                    answer = await self.perform(self._request(block), priority)
                    known |= profile.decode(block, answer.values)
            profile = profile.variant({name: known.get(name) for name in names})
        self.profile, self._is_resolved = profile, True
        return profile

    async def read_blocks(self, blocks: Iterable[Block], priority: Priority) -> list[Decoded]:
        """Read whole blocks and decode every point in them.

        Raises:
            ModbusError: If any of them failed.
        """
        blocks = tuple(blocks)
        known = await self._scales(blocks, priority)
        return [item for block in blocks for item in await self._decoded(block, priority, known)]

    async def read_points(self, names: Iterable[str], priority: Priority) -> dict[str, Decoded]:
        """Return the points of these names, read now; those that are polled with the blocks they lie in.

        Raises:
            ModbusError: If any of them could not be read.
        """
        names = frozenset(names)
        polled = self.blocks_with(lambda point: point.name in names)
        planned = {point.name for block in polled for point in block.points}
        alone = tuple(block_of(self.profile.point(name)) for name in sorted(names - planned))
        decoded = await self.read_blocks((*polled, *alone), priority)
        return {item.point.name: item for item in decoded if item.point.name in names}

    async def read_once(self, priority: Priority = Priority.SLOW) -> dict[str, Decoded]:
        """Return the points with `poll: once` by name, read since the device last failed to answer.

        Raises:
            DeviceError: If any of their blocks failed.
        """
        await self.resolve(priority)
        if not self._once:
            blocks = self.blocks_with(lambda point: point.poll == "once")
            once = [item for block in blocks for item in await self._decoded(block, priority, {})]
            self._once = {item.point.name: item for item in once}
        return self._once

    async def write_point(self, point: Point, value: Value, priority: Priority = Priority.WRITE) -> None:
        """Write one point, at the urgency of writes, without looking whether it did anything.

        Raises:
            ModbusError: If the device did not confirm.
            ValueError: If the profile does not let this value be written.
        """
        if point.write is None or not point.allows(value):
            allowed = "nothing" if point.write is None else point.write.bounds
            raise ValueError(f"{self.profile.id}: {point.name} cannot be set to {value}; allowed: {allowed}")
        await self.write_registers(point, point.encode(value), priority)

    async def write_registers(
        self, point: Point, registers: Sequence[int], priority: Priority = Priority.WRITE
    ) -> None:
        """Write the registers (bits) of a point as they are.

        Raises:
            ModbusError: If the device did not confirm.
        """
        assert point.write is not None, "the caller has looked"
        await self.perform(
            Write(
                unit=self.unit,
                function=point.write.function,
                address=point.address,
                values=tuple(registers),
            ),
            priority,
        )

    async def read_registers(self, block: Block, priority: Priority) -> Answer:
        """Read a block as it is.

        Raises:
            ModbusError: If it failed.
        """
        return await self.perform(self._request(block), priority)

    def forget(self) -> None:
        """Take nothing that was found out about the device for granted any more: it may be another one."""
        self._once = {}
        self._is_resolved = not (self._general.modbus.sunspec or _asked_for_variant(self._general))

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
        answer = await self.read_registers(block, priority)
        values = self.profile.decode(block, answer.values, known)
        return [
            Decoded(point=point, value=values[point.name], taken_at=answer.arrived) for point in block.points
        ]

    async def _pair(self, address: int, priority: Priority) -> Sequence[int]:
        pair = Read(unit=self.unit, space="holding", address=address, count=2)
        return (await self.perform(pair, priority)).values

    async def perform(self, request: Read | Write, priority: Priority, *, guarded: bool = False) -> Answer:
        """Let the bus perform a request; after silence nothing is known of the device any more.

        A read that is not of the read plan must be `guarded`: others can have the length of its reply.
        """
        try:
            return await self.bus.perform(request, replace(self._terms(priority), guarded=guarded))
        except ExceptionReply:
            raise
        except ModbusError:
            self.forget()
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
            write_gap_s=self.profile.modbus.write_gap_ms / 1000,
            probe=self._request(probe) if probe else None,
        )


class Selection:
    """The blocks of a device's read plan that hold wanted points, whichever variant it turns out to be."""

    def __init__(self, device: ModbusDevice, wanted: Callable[[Point], bool]) -> None:
        self._device = device
        self._wanted = wanted
        self._chosen_from: Profile | None = None
        self._blocks: tuple[Block, ...] = ()

    async def read(self, priority: Priority) -> list[Decoded]:
        """Read the blocks and decode every point in them.

        Raises:
            DeviceError: If the device did not answer properly.
        """
        profile = await self._device.resolve(priority)
        if profile is not self._chosen_from:
            self._blocks = self._device.blocks_with(self._wanted)
            self._chosen_from = profile
        return await self._device.read_blocks(self._blocks, priority)

    async def by_role(self, priority: Priority) -> dict[str, Decoded]:
        """Return what `read` does, by the role of each point; points without one are left out.

        Raises:
            DeviceError: If the device did not answer properly.
        """
        return {item.point.role: item for item in await self.read(priority) if item.point.role is not None}


def block_of(point: Point) -> Block:
    """Return the read of one point alone, for a point that is in no plan because it is read on demand."""
    return Block(space=point.space, start=point.address, count=point.count, points=(point,))


def _asked_for_variant(profile: Profile) -> frozenset[str]:
    """Return the names of the points that decide which variant of the device this is."""
    return frozenset(condition.point for point in profile.every_point for condition in point.when)
