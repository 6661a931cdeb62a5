"""The schema of a point and of how it is written."""

from __future__ import annotations

from typing import Final, get_args

from drivers.profiles.codec import INTEGERS, SIZED, TYPES, UNSIGNED
from drivers.profiles.load_point import (
    BIT_SPACES,
    EXACT_FORMATS,
    FOR_NUMBERS,
    LONGEST_REGISTERS,
    MAX_READ_REGISTERS,
)
from drivers.profiles.load_value import NO_NUMBERS
from drivers.profiles.load_write import LONGEST_S, LONGEST_SETTLE_MS, ONE_REGISTER, WRITE_FUNCTIONS
from drivers.profiles.point import Order, Poll, Role, Scaling, SizeUnit, Space
from drivers.profiles.roles import MAY_BE_A_BIT, ROLE_STATES
from drivers.profiles.schema_parts import (
    Schema,
    choice,
    integer,
    listed,
    number,
    record,
    reference,
    table,
    text,
    when,
)
from drivers.profiles.units import READING_UNIT, units_of
from drivers.readings import Measurand, Phase

SCALING_TELLS: Final[dict[Scaling, str]] = {
    "exponent": "Times 10 to the power of that point (SunSpec scale factors, counters with an exponent).",
    "decimals": "That point says how many of the digits are decimals.",
    "multiplier": "Times that point (transformer ratios).",
}


_NOT_NUMERIC: Final[tuple[Schema, ...]] = (
    {"type": {"enum": list(NO_NUMBERS)}, "write": True},
    {"states": True, "write": True},
    {"bits": True, "write": True},
)


def point() -> Schema:
    """Return the definition of a point."""
    return {
        **record({**_place(), **_meaning(), **_use()}, needed=("space", "address", "type")),
        "allOf": _dependencies(),
    }


def write() -> Schema:
    """Return the definition of how a point is written."""
    functions = sorted({function for codes in WRITE_FUNCTIONS.values() for function in codes})
    return record(
        {
            "function": {"enum": functions, "description": "The Modbus function."},
            "range": reference("range", "What may be written, in the unit."),
            "verify": reference("switch", "no if reading it back proves nothing."),
            "settle_ms": integer(
                0, LONGEST_SETTLE_MS, "How long it takes until it reads back what was written."
            ),
            "cool_down_s": integer(
                0, LONGEST_S, "Its memory wears out: it is not changed again before this."
            ),
            "needs": reference("conditions", "What other points must have, or the device ignores the write."),
            "expires_s": integer(
                1, LONGEST_S, "The device forgets it unless it is written again within this."
            ),
            "off": reference("value", "The value that means no energy; it may lie outside the range."),
            "keeps_others": reference(
                "switch", "yes to read the register and change only the bits of the mask."
            ),
        },
        needed=("function",),
    )


def _place() -> dict[str, Schema]:
    return {
        "space": choice(get_args(Space), "Which table; functions 1, 2, 3 and 4 read them, in this order."),
        "address": integer(0, 65535, "Counted from 0, as on the wire; 0x hexadecimal is fine."),
        "type": choice(TYPES, "The format of the registers."),
        "length": integer(1, LONGEST_REGISTERS, "Registers of a string or bytes, at most."),
        "length_from": {
            **record(
                {
                    "point": text("The name of a point."),
                    "unit": choice(get_args(SizeUnit), "What it counts."),
                },
                needed=("point", "unit"),
            ),
            "description": "The point that says how long it is now.",
        },
        "mask": {
            "type": "integer",
            "minimum": 1,
            "description": "Which bits are the value; points with masks may share registers.",
        },
        "word_order": choice(get_args(Order), "If it differs from the device's."),
        "byte_order": choice(get_args(Order), "If it differs from the device's."),
        "shared": reference("switch", "yes if all instances of the device have the same one."),
        "when": reference(
            "conditions", "Which variants of the device have it: what points read once must have."
        ),
    }


def _meaning() -> dict[str, Schema]:
    return {
        "scale": number("What one count is in the unit; not 0."),
        "offset": number("Added after scaling, in the unit."),
        "scaled_by": {
            **record({how: text(SCALING_TELLS[how]) for how in get_args(Scaling)}),
            "minProperties": 1,
            "description": "Names of points that also scale this one.",
        },
        "unit": choice(tuple(READING_UNIT), "The unit of the register after scaling."),
        "measurand": choice(get_args(Measurand), "What it measures, as OCPP calls it."),
        "phase": choice(get_args(Phase), "Which phase; none for the whole."),
        "role": choice(get_args(Role), "Its part in what is done with the device."),
        "states": table(text("A name."), "Raw value: what it means."),
        "bits": table(text("A name."), "Bit, 0 being the least significant: its name.", names="^[0-9]+$"),
        "valid": reference("range", "Values outside, in the unit, are no values."),
        "sentinels": listed(
            {"type": "integer", "minimum": 0},
            "Patterns, most significant register first and unsigned, that mean: no value.",
        ),
    }


def _use() -> dict[str, Schema]:
    return {
        "readable": reference("switch", "no for a point that can only be written."),
        "write": reference("write", "How it is written; a point without it is read-only."),
        "poll": choice(get_args(Poll), "How often it is read; fast (with every poll) unless said."),
        "example": reference("value", "What a real device shows here; the emulated one shows it too."),
        "unverified": reference("switch", "yes if the fact comes from one weak source."),
    }


def _dependencies() -> list[Schema]:
    """Return what one field of a point demands of the others."""
    is_sized: Schema = {"type": {"enum": list(SIZED)}}
    return [
        *_units(),
        when(is_sized, {}, ["length"]),
        when({"length": True}, is_sized, []),
        when({"length_from": True}, {**is_sized, "poll": {"const": "on_demand"}}, ["poll"]),
        when({"length": {"minimum": MAX_READ_REGISTERS + 1}}, {"poll": {"const": "on_demand"}}, ["poll"]),
        when({"type": {"const": "coil"}}, {"space": {"enum": list(BIT_SPACES)}}, []),
        when({"space": {"enum": list(BIT_SPACES)}}, {"type": {"const": "coil"}}, []),
        when({"type": {"enum": list(NO_NUMBERS)}}, dict.fromkeys(FOR_NUMBERS, False), []),
        when(
            {"states": True}, {"type": {"enum": list(EXACT_FORMATS)}, "measurand": False, "bits": False}, []
        ),
        when({"bits": True}, {"type": {"enum": list(INTEGERS)}, "measurand": False, "mask": False}, []),
        when({"mask": True}, {"type": {"enum": list(UNSIGNED)}}, []),
        when({"phase": True}, {}, ["measurand"]),
        *_roles(),
        when(
            {"measurand": True},
            {"poll": {"enum": ["fast", "slow"]}, "type": {"not": {"enum": list(NO_NUMBERS)}}},
            [],
        ),
        when(
            {"write": True},
            {"scaled_by": False, "space": {"enum": list(WRITE_FUNCTIONS)}},
            [],
        ),
        *(when(not_numeric, {"write": {"properties": {"range": False}}}, []) for not_numeric in _NOT_NUMERIC),
        *_functions(),
    ]


def _units() -> list[Schema]:
    """Return which units go with which measurands."""
    measured_in: dict[tuple[str, ...], list[str]] = {}
    for measurand in get_args(Measurand):
        measured_in.setdefault(units_of(measurand), []).append(measurand)
    return [
        when({"measurand": {"enum": measurands}}, {"unit": {"enum": list(units)}}, ["unit"])
        for units, measurands in measured_in.items()
    ]


def _roles() -> list[Schema]:
    """Return what the states of a point must be called for its role, and which roles need some."""
    called: dict[tuple[str, ...], list[Role]] = {}
    for role, states in ROLE_STATES.items():
        called.setdefault(states, []).append(role)
    need = [role for role in ROLE_STATES if role not in MAY_BE_A_BIT]
    return [
        *(
            when({"role": {"enum": roles}}, {"states": {"additionalProperties": _words(states)}}, [])
            for states, roles in called.items()
        ),
        when({"role": {"enum": need}}, {}, ["states"]),
        when({"role": {"enum": list(MAY_BE_A_BIT)}, "type": {"not": {"const": "coil"}}}, {}, ["states"]),
    ]


def _words(states: tuple[str, ...]) -> Schema:
    """Return one of some states, of which YAML takes some for numbers."""
    return {"enum": [*states, *map(int, filter(str.isdecimal, states))]}


def _functions() -> list[Schema]:
    """Return which functions write which space, and that one of them writes one register only."""
    by_space = [
        when({"write": True, "space": {"const": space}}, {"write": _function({"enum": list(codes)})}, [])
        for space, codes in WRITE_FUNCTIONS.items()
    ]
    one_register = ["uint16", "int16", "bcd16", "char_low", "sunssf", "coil", *SIZED]
    return [
        *by_space,
        when(
            {"write": _function({"const": ONE_REGISTER})},
            {"type": {"enum": one_register}, "length": {"const": 1}},
            [],
        ),
    ]


def _function(allowed: Schema) -> Schema:
    return {"properties": {"function": allowed}}
