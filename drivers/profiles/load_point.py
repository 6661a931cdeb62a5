"""Reads one point of a profile file into the typed model."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal, get_args

from drivers.profiles.codec import CODECS, INTEGERS, TYPES, codec_of
from drivers.profiles.fields import Entry, Fields
from drivers.profiles.model import (
    Order,
    Point,
    Poll,
    Range,
    Role,
    ScaledBy,
    Scaling,
    Space,
    Value,
    WriteRule,
)
from drivers.profiles.units import READING_UNIT, units_of
from drivers.readings import Measurand, Phase, Pilot

MAX_READ_REGISTERS: Final = 125
"""The most registers one Modbus request may read (Modbus application protocol V1.1b3, 6.3)."""
BIT_SPACES: Final = ("coil", "discrete")
WRITE_FUNCTIONS: Final[dict[str, tuple[Literal[5, 6, 16], ...]]] = {"coil": (5,), "holding": (6, 16)}
NO_NUMBERS: Final = ("coil", "char_low", "string")
FOR_NUMBERS: Final = ("scale", "offset", "scaled_by", "valid")
"""Fields that only a number can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a point takes from its device: the orders unless it has its own, and the names of all points."""

    word_order: Order
    byte_order: Order
    names: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    space: Space
    type: str
    length: int | None


def read_point(name: str, entry: Entry, device: Surroundings) -> Point:
    """Return one point.

    Raises:
        ProfileError: If something in it is wrong.
    """
    fields = entry.fields()
    form = _format(fields)
    measurand, phase, unit = _meaning(fields)
    count = codec_of(form.type, form.length).count
    states = fields.get("states")
    point = Point(
        name=name,
        space=form.space,
        address=fields.need("address").integer(0, 65536 - count),
        type=form.type,
        length=form.length,
        word_order=_order(fields.get("word_order"), device.word_order),
        byte_order=_order(fields.get("byte_order"), device.byte_order),
        scale=_scale(fields.get("scale")),
        offset=offset.decimal() if (offset := fields.get("offset")) else Decimal(0),
        scaled_by=_scaled_by(fields.get("scaled_by"), [other for other in device.names if other != name]),
        unit=unit,
        measurand=measurand,
        phase=phase,
        role=role.choice(get_args(Role)) if (role := fields.get("role")) else None,
        states=_states(states) if states else {},
        bits=_bits(fields.get("bits"), form, 16 * count),
        valid=read_range(fields.get("valid")),
        sentinels=_sentinels(fields.get("sentinels"), 16 * count),
        readable=_switch(fields.get("readable"), default=True),
        write=_write(fields.get("write"), form.space),
        poll=poll.choice(get_args(Poll)) if (poll := fields.get("poll")) else "fast",
        verified=not _switch(fields.get("unverified"), default=False),
    )
    example = fields.get("example")
    fields.no_others()
    _check(point, entry, states)
    return point if example is None else _with_example(point, example)


def read_meaning(fields: Fields) -> tuple[Measurand | None, Phase | None]:
    """Return measurand and phase, where given."""
    measurand_entry, phase_entry = fields.get("measurand"), fields.get("phase")
    measurand = measurand_entry.choice(get_args(Measurand)) if measurand_entry else None
    phase = phase_entry.choice(get_args(Phase)) if phase_entry else None
    if phase_entry and measurand is None:
        phase_entry.fail("a phase needs a measurand")
    return measurand, phase


def read_range(entry: Entry | None) -> Range:
    """Return [lowest, highest]; open if there is none."""
    if entry is None:
        return Range()
    items = entry.items()
    if len(items) != 2:
        entry.fail("[lowest, highest] is needed")
    low, high = (item.decimal() for item in items)
    if low > high:
        entry.fail(f"the lowest value {low} is above the highest {high}")
    return Range(low=low, high=high)


def _format(fields: Fields) -> _Format:
    space = fields.need("space").choice(get_args(Space))
    type_entry = fields.need("type")
    type_name = type_entry.choice(TYPES)
    if (type_name == "coil") != (space in BIT_SPACES):
        type_entry.fail(
            f"{type_name!r} cannot lie in space {space!r}: type coil goes with space coil or discrete"
        )
    number = type_name not in NO_NUMBERS
    for name, entry in fields:
        if name in FOR_NUMBERS and not number:
            entry.fail(f"type {type_name} is no number, so it has no {name!r}")
    length = fields.get("length")
    if (type_name == "string") != (length is not None):
        (length or type_entry).fail("type string needs a 'length' in registers, and only a string has one")
    return _Format(
        space=space,
        type=type_name,
        length=length.integer(1, MAX_READ_REGISTERS) if length else None,
    )


def _meaning(fields: Fields) -> tuple[Measurand | None, Phase | None, str | None]:
    """Return measurand, phase and the register's unit, which must fit each other."""
    measurand, phase = read_meaning(fields)
    unit_entry = fields.get("unit")
    if measurand is None:
        return None, None, unit_entry.choice(tuple(READING_UNIT)) if unit_entry else None
    if unit_entry is None:
        fields.owner.fail(f"the field 'unit' is missing: {' or '.join(units_of(measurand))} for {measurand}")
    return measurand, phase, unit_entry.choice(units_of(measurand))


def _order(entry: Entry | None, default: Order) -> Order:
    return entry.choice(get_args(Order)) if entry else default


def _switch(entry: Entry | None, *, default: bool) -> bool:
    return entry.switch() if entry else default


def _scale(entry: Entry | None) -> Decimal:
    if entry is None:
        return Decimal(1)
    if (scale := entry.decimal()) == 0:
        entry.fail("a scale of 0 would make every value 0")
    return scale


def _scaled_by(entry: Entry | None, others: Collection[str]) -> tuple[ScaledBy, ...]:
    if entry is None:
        return ()
    fields = entry.fields()
    scaled_by = tuple(
        ScaledBy(point.choice(others), how) for how in get_args(Scaling) if (point := fields.get(how))
    )
    fields.no_others()
    if not scaled_by:
        entry.fail(f"one of {', '.join(get_args(Scaling))} is needed, with the name of a point")
    return scaled_by


def _states(entry: Entry) -> dict[str, str]:
    states = {raw: state.text() for raw, state in entry.fields()}
    if not states:
        entry.fail("at least one state is needed")
    return states


def _bits(entry: Entry | None, form: _Format, width: int) -> dict[int, str]:
    if entry is None:
        return {}
    if form.type not in INTEGERS:
        entry.fail(f"only a whole number has bits: one of {', '.join(INTEGERS)}")
    bits: dict[int, str] = {}
    for text, name in entry.fields():
        if not text.isdecimal() or int(text) >= width:
            name.fail(f"{text!r} is not a bit from 0 to {width - 1}")
        bits[int(text)] = name.text()
    if not bits or len(set(bits.values())) < len(bits):
        entry.fail("at least one bit is needed, and each a name of its own")
    return bits


def _sentinels(entry: Entry | None, width: int) -> tuple[int, ...]:
    return tuple(item.integer(0, 2**width - 1) for item in entry.items()) if entry else ()


def _write(entry: Entry | None, space: Space) -> WriteRule | None:
    if entry is None:
        return None
    fields = entry.fields()
    function = fields.need("function")
    allowed = WRITE_FUNCTIONS.get(space, ())
    number = function.integer(1, 127)
    code = next((code for code in allowed if code == number), None)
    if code is None:
        names = " or ".join(map(str, allowed)) or "none: it is read-only"
        function.fail(f"function {number} does not write space {space!r}; allowed: {names}")
    rule = WriteRule(function=code, bounds=read_range(fields.get("range")))
    fields.no_others()
    return rule


def _check(point: Point, entry: Entry, states: Entry | None) -> None:
    """Refuse combinations that contradict themselves."""
    if point.bits and (point.states or point.measurand):
        entry.fail("a bit field has neither states nor a measurand")
    if point.states and point.measurand:
        entry.fail("a point with states measures nothing")
    if point.measurand and (point.poll == "once" or point.type in NO_NUMBERS):
        entry.fail("what is measured is a number and is read again and again")
    if point.scaled_by and point.write:
        entry.fail("a point that is scaled by another cannot be written")
    if point.role == "pilot":
        _check_pilot(point, states or entry)


def _check_pilot(point: Point, entry: Entry) -> None:
    letters = tuple(pilot.value for pilot in Pilot)
    if not point.states:
        entry.fail(f"role pilot needs 'states' that lead to {', '.join(letters)}")
    for raw, state in point.states.items():
        if state not in letters:
            entry.fail(f"state {raw}: {state!r} is not one of {', '.join(letters)}")


def _with_example(point: Point, entry: Entry) -> Point:
    """Return the point with the example, which its register must be able to hold."""
    number = point.type in CODECS and point.type not in NO_NUMBERS and not point.states and not point.bits
    value: Value = entry.decimal() if number else entry.text()
    try:
        point.encode(value)
    except ValueError as error:
        entry.fail(str(error))
    return replace(point, example=value)
