"""Reads one point of a profile file into the typed model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, get_args

from drivers.profiles.codec import CODECS, INTEGERS, SIZED, TYPES, UNSIGNED, codec_of
from drivers.profiles.fields import LONGEST_NUMBER, Entry, Fields
from drivers.profiles.load_value import NO_NUMBERS, read_conditions, read_value
from drivers.profiles.load_write import Deferred, check_write, finish_write, read_range, read_write
from drivers.profiles.model import ADDRESSES
from drivers.profiles.point import (
    LengthFrom,
    Order,
    Point,
    Poll,
    Role,
    ScaledBy,
    Scaling,
    SizeUnit,
    Space,
)
from drivers.profiles.roles import MAY_BE_A_BIT, ROLE_STATES
from drivers.profiles.units import READING_UNIT, units_of
from drivers.readings import Measurand, Phase

MAX_READ_REGISTERS: Final = 125
"""The most registers one Modbus request may read (Modbus application protocol V1.1b3, 6.3)."""
LONGEST_REGISTERS: Final = 4096
"""The longest text or bytes, read in several requests."""
BIT_SPACES: Final = ("coil", "discrete")
EXACT_FORMATS: Final = ("coil", "char_low", "string", "bcd16", "bcd32", "bcd64", *INTEGERS)
"""The formats whose values are exact: they can be an enumeration, or tell a variant."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A point, and what of it can only be read when all points are known."""

    point: Point
    entry: Entry
    when: Entry | None
    write: Deferred


def read_point(name: str, entry: Entry, device: Surroundings) -> Draft:
    """Return one point, without what refers to the values of others (see `finish_point`).

    Raises:
        ProfileError: If something in it is wrong.
    """
    fields = entry.fields()
    form = _format(fields)
    measurand, phase, unit = _meaning(fields)
    count = codec_of(form.type, form.length).count
    states, example, when = (fields.get(n) for n in ("states", "example", "when"))
    write, deferred = read_write(fields.get("write"), form.space, count)
    others = [other for other in device.names if other != name]
    point = Point(
        name=name,
        space=form.space,
        address=fields.need("address").integer(0, ADDRESSES - count),
        type=form.type,
        length=form.length,
        length_from=_length_from(fields.get("length_from"), form, others),
        mask=_mask(fields.get("mask"), form, 16 * count),
        word_order=_order(fields.get("word_order"), device.word_order),
        byte_order=_order(fields.get("byte_order"), device.byte_order),
        scale=_scale(fields.get("scale")),
        offset=offset.decimal() if (offset := fields.get("offset")) else Decimal(0),
        scaled_by=_scaled_by(fields.get("scaled_by"), others),
        unit=unit,
        measurand=measurand,
        phase=phase,
        role=role.choice(get_args(Role)) if (role := fields.get("role")) else None,
        states=read_states(states, form.type) if states else {},
        bits=_bits(fields.get("bits"), form, 16 * count),
        valid=read_range(fields.get("valid")),
        sentinels=_sentinels(fields.get("sentinels"), 16 * count),
        readable=_switch(fields.get("readable"), default=True),
        write=write,
        poll=poll.choice(get_args(Poll)) if (poll := fields.get("poll")) else "fast",
        shared=_switch(fields.get("shared"), default=False),
        verified=not _switch(fields.get("unverified"), default=False),
    )
    fields.no_others()
    _check(point, entry, states)
    point = replace(point, write=check_write(point, entry))
    if example is not None:
        point = replace(point, example=read_value(point, example))
    return Draft(point=point, entry=entry, when=when, write=deferred)


def finish_point(draft: Draft, points: Mapping[str, Point]) -> Point:
    """Return the point with the conditions and values that need all points to be understood."""
    when = read_conditions(draft.when, points)
    for condition in when:
        _check_known_by(points[condition.point], draft)
    return replace(finish_write(draft.point, draft.write, points), when=when)


def _check_known_by(point: Point, draft: Draft) -> None:
    """Refuse a variant that is known by something which is not read once, from every variant, and exactly."""
    problem = ""
    if point.poll != "once" or point.scaled_by:
        problem = f"a variant is known by a point with 'poll: once', and {point.name!r} is none"
    elif point.type not in EXACT_FORMATS:
        problem = f"a variant is known by a text, a bit or a whole number, and {point.name!r} is none"
    if problem:
        draft.entry.fail(problem)


def read_meaning(fields: Fields) -> tuple[Measurand | None, Phase | None]:
    """Return measurand and phase, where given."""
    measurand_entry, phase_entry = fields.get("measurand"), fields.get("phase")
    measurand = measurand_entry.choice(get_args(Measurand)) if measurand_entry else None
    phase = phase_entry.choice(get_args(Phase)) if phase_entry else None
    if phase_entry and measurand is None:
        phase_entry.fail("a phase needs a measurand")
    return measurand, phase


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
    if type_name in SIZED and length is None:
        type_entry.fail(f"type {type_name} needs a 'length' in registers")
    if type_name not in SIZED and length is not None:
        length.fail(f"only a {' or '.join(SIZED)} has a length")
    return _Format(
        space=space,
        type=type_name,
        length=length.integer(1, LONGEST_REGISTERS) if length else None,
    )


def _length_from(entry: Entry | None, form: _Format, others: Collection[str]) -> LengthFrom | None:
    if entry is None:
        return None
    if form.type not in SIZED:
        entry.fail(f"only a {' or '.join(SIZED)} has a length")
    fields = entry.fields()
    point, unit = fields.need("point").choice(others), fields.need("unit").choice(get_args(SizeUnit))
    fields.no_others()
    return LengthFrom(point, unit)


def _mask(entry: Entry | None, form: _Format, width: int) -> int | None:
    if entry is None:
        return None
    if form.type not in UNSIGNED:
        entry.fail(f"only some types have bits to pick: {', '.join(UNSIGNED)}")
    mask = entry.integer(1, 2**width - 1)
    lowest = mask & -mask
    if (mask + lowest) & mask:
        entry.fail(f"{mask:#x} has a gap: the bits of a mask are neighbours")
    return mask


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


def read_states(entry: Entry, type_name: str) -> dict[str, str]:
    """Return raw value -> state, the raw value as a decoded one prints."""
    states: dict[str, str] = {}
    for key, state in entry.fields():
        raw = _raw(key, state, type_name)
        if raw in states:
            state.fail(f"the raw value {raw} is given twice")
        states[raw] = state.text()
    if not states:
        entry.fail("at least one state is needed")
    return states


def _raw(key: str, state: Entry, type_name: str) -> str:
    if type_name in {"char_low", "string"}:
        return key
    try:
        number = int(key, 0) if len(key) <= LONGEST_NUMBER and type_name in EXACT_FORMATS else None
        if number is not None:
            CODECS[type_name].encode(bool(number) if type_name == "coil" else Decimal(number))
    except ValueError:
        number = None
    if number is None or (type_name == "coil" and number not in {0, 1}):
        state.fail(f"{key!r} is not what a {type_name} can hold as a state: a whole number that fits is")
    return str(number)


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


def _check(point: Point, entry: Entry, states: Entry | None) -> None:
    """Refuse combinations that contradict themselves."""
    if point.bits and (point.states or point.measurand):
        entry.fail("a bit field has neither states nor a measurand")
    if point.states and point.measurand:
        entry.fail("a point with states measures nothing")
    if point.measurand and (point.poll in {"once", "on_demand"} or point.type in NO_NUMBERS):
        entry.fail("what is measured is a number and is read again and again")
    if point.mask is not None and point.bits:
        entry.fail("a bit field has no mask: name the bits, or make a point of each")
    if point.poll != "on_demand" and (point.length or 0) > MAX_READ_REGISTERS:
        entry.fail(f"only a point with 'poll: on_demand' can be longer than {MAX_READ_REGISTERS} registers")
    if point.length_from and point.poll != "on_demand":
        entry.fail("only a point with 'poll: on_demand' can take its length from another")
    if point.role in ROLE_STATES:
        _check_role(point, point.role, states or entry)


def _check_role(point: Point, role: Role, entry: Entry) -> None:
    """Refuse states that no driver understands."""
    known = ROLE_STATES[role]
    if not point.states and not (role in MAY_BE_A_BIT and point.type == "coil"):
        entry.fail(f"role {role} needs 'states' that lead to {', '.join(known)}")
    for raw, state in point.states.items():
        if state not in known:
            entry.fail(f"state {raw}: {state!r} is not one of {', '.join(known)}")
