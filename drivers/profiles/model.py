"""The typed model of a hardware profile: what a device's registers mean, in frozen values.

Its parts are next door, a file each: points, conditions, writes, watchdog, scripts, links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

from drivers.profiles.block import Block
from drivers.profiles.codec import EXACT
from drivers.profiles.conditions import Condition
from drivers.profiles.derived import Derived
from drivers.profiles.errors import ProfileError
from drivers.profiles.links import PROTOCOL_OF, Link, ModbusDefaults, Protocol
from drivers.profiles.point import Point, Role
from drivers.profiles.scripts import Script
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Watchdog
from drivers.profiles.writes import Setting
from drivers.readings import Measurand, Phase

Kind = Literal[
    "meter", "charge-controller", "dc-charger", "power-supply", "isolation-monitor", "bay-sensor", "reader"
]

ADDRESSES: Final = 65536
"""How many addresses each space has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What one variant of the device has, and how it is read."""

    points: tuple[Point, ...]
    derived: tuple[Derived, ...] = ()
    blocks: tuple[Block, ...] = ()
    """The read plan: each block of a function code has a length of its own, so that a reply to an earlier
    request cannot pass for the reply to this one (see `plan` for devices that cannot have that)."""
    probe: Block | None = None
    """A read whose length no block has: its reply proves that no earlier reply is still on the way."""
    init: tuple[Setting, ...] = ()
    """What to set when the device is first met, and after it was silent: read, write if different, verify."""
    watchdog: Watchdog | None = None
    scripts: Mapping[str, Script] = field(default_factory=dict)

    def moved(self, points: Mapping[str, Point], by: int) -> Variant:
        """Return the variant with its points replaced by those of the same names, `by` addresses further."""
        blocks = tuple(_moved(block, points, by) for block in self.blocks)
        probe = None if self.probe is None else _moved(self.probe, points, by)
        own = tuple(points[point.name] for point in self.points)
        return replace(self, points=own, blocks=blocks, probe=probe)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instances:
    """Several of the same in one device: how far each one's addresses are from those in the file."""

    offsets: tuple[int, ...]
    counted_by: str | None = None
    """The point that says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One device model, and the variant of it that is known so far (see `variant`)."""

    id: str
    kind: Kind
    maker: str
    model: str
    path: Path
    link: Link
    known: Variant
    variants: Mapping[frozenset[str], Variant]
    """All variants by the names of their points."""
    every_point: tuple[Point, ...]
    """The points of all variants."""
    identify: tuple[Condition, ...] = ()
    """What proves that a device is this model."""
    instances: Instances | None = None
    instance: int = 1
    """Which of the instances the addresses are those of."""
    base: int | None = None
    """Where the SunSpec model was found that addresses count from; None if not (yet) looked for."""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()
    """Who has read a real device with this profile, and which."""

    @property
    def protocol(self) -> Protocol:
        """What the device speaks."""
        return PROTOCOL_OF[type(self.link)]

    @property
    def modbus(self) -> ModbusDefaults:
        """How the device speaks Modbus.

        Raises:
            ProfileError: If it speaks something else.
        """
        if not isinstance(self.link, ModbusDefaults):
            raise ProfileError(f"{self.id} speaks {self.protocol}, not Modbus", path=self.path)
        return self.link

    @property
    def points(self) -> tuple[Point, ...]:
        """The points of this variant; as loaded, those that every variant has."""
        return self.known.points

    @property
    def derived(self) -> tuple[Derived, ...]:
        """The derived values of this variant."""
        return self.known.derived

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The read plan of this variant."""
        return self.known.blocks

    @property
    def probe(self) -> Block | None:
        """A read that no block's reply can be taken for (see `Variant.probe`)."""
        return self.known.probe

    @property
    def init(self) -> tuple[Setting, ...]:
        """What to set when the device is first met (see `Variant.init`)."""
        return self.known.init

    @property
    def watchdog(self) -> Watchdog | None:
        """The device's own watchdog."""
        return self.known.watchdog

    @property
    def scripts(self) -> Mapping[str, Script]:
        """The command scripts by name."""
        return self.known.scripts

    def variant(self, values: Mapping[str, Value | None]) -> Profile:
        """Return the profile of the variant that a device with these values is; points by name.

        Every variant there can be was compiled when the file was loaded.
        """
        names = frozenset(
            point.name
            for point in self.every_point
            if all(condition.holds(values.get(condition.point)) for condition in point.when)
        )
        return replace(self, known=self.variants[names])

    def relocated(self, base: int) -> Profile:
        """Return the profile with its addresses counted from where the SunSpec model was found.

        Raises:
            ProfileError: If they do not fit there, or the file's addresses are where they are.
        """
        if not isinstance(self.link, ModbusDefaults) or self.link.sunspec is None:
            raise ProfileError(f"{self.id} has no SunSpec model to look for", path=self.path)
        by = base - (self.base or 0)
        points = {point.name: replace(point, address=point.address + by) for point in self.every_point}
        if base < 0 or max(point.end for point in points.values()) > ADDRESSES:
            raise ProfileError(f"{self.id} does not fit at address {base}", path=self.path)
        variants = {names: variant.moved(points, by) for names, variant in self.variants.items()}
        return replace(
            self,
            base=base,
            known=variants[frozenset(point.name for point in self.points)],
            variants=variants,
            every_point=tuple(points.values()),
        )

    def point(self, name: str) -> Point:
        """Return the point of this name.

        Raises:
            KeyError: If this variant has none.
        """
        for point in self.points:
            if point.name == name:
                return point
        raise KeyError(name)

    def role(self, role: Role) -> Point | None:
        """Return the point that plays this role, or None."""
        return next((point for point in self.points if point.role == role), None)

    def find(self, measurand: Measurand, phase: Phase | None = None) -> Point | None:
        """Return the point that measures this, or None."""
        wanted = (measurand, phase)
        return next((point for point in self.points if (point.measurand, point.phase) == wanted), None)

    def factor(self, point: Point, values: Mapping[str, Value | None]) -> Decimal | None:
        """Return what the device's other points, by name, multiply this one by; None if one has no value."""
        product = Decimal(1)
        for scaled_by in point.scaled_by:
            factor = scaled_by.factor(values.get(scaled_by.point))
            if factor is None:
                return None
            product = EXACT.multiply(product, factor)
        return product

    def decode(
        self, block: Block, registers: Sequence[int], known: Mapping[str, Value | None] | None = None
    ) -> dict[str, Value | None]:
        """Return the values of a block's points by name; `known` has what was read in other blocks."""
        values: dict[str, Value | None] = dict(known or {})
        plain = [point for point in block.points if not point.scaled_by]
        for point in plain:
            values[point.name] = point.decode(block.slice(point, registers))
        if len(plain) < len(block.points):
            self._decode_scaled(block, registers, values)
        return {point.name: values[point.name] for point in block.points}

    def _decode_scaled(self, block: Block, registers: Sequence[int], values: dict[str, Value | None]) -> None:
        """Add the values of the points that others scale, whose values must be there already."""
        for point in block.points:
            if point.scaled_by:
                factor = self.factor(point, values)
                words = block.slice(point, registers)
                values[point.name] = None if factor is None else point.decode(words, factor)


def _moved(block: Block, points: Mapping[str, Point], by: int) -> Block:
    own = tuple(points[point.name] for point in block.points)
    return replace(block, start=block.start + by, points=own)
