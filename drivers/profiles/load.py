"""Reads a profile file into the typed model, with errors that say what to change and where."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final, get_args

from drivers.profiles.codec import CODECS
from drivers.profiles.errors import ProfileError
from drivers.profiles.fields import Entry, Fields, read_document
from drivers.profiles.find import find_profile
from drivers.profiles.model import (
    Block,
    Kind,
    ModbusDefaults,
    Parity,
    Point,
    Profile,
    Range,
    Role,
    SerialLine,
    Space,
    WordOrder,
    WriteRule,
)
from drivers.profiles.plan import PlanError, choose_probe, compile_plan
from drivers.profiles.units import READING_UNIT, units_of
from drivers.readings import Measurand, Phase, Pilot

SCHEMA: Final = "chargehand-profile-1"
MAX_READ_REGISTERS: Final = 125
"""The most registers one Modbus request may read (Modbus application protocol V1.1b3, 6.3)."""
BIT_SPACES: Final = ("coil", "discrete")
BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
WRITE_FUNCTIONS: Final[dict[str, tuple[int, ...]]] = {"coil": (5,), "holding": (6, 16)}
NEEDED_ROLES: Final[tuple[Role, ...]] = ("pilot", "max_current", "enable")


def load_profile(name: str | Path, directory: Path | None = None) -> Profile:
    """Return the profile of this id (looked up in `directory`, then among the shipped ones) or file.

    Raises:
        ProfileError: If there is no such profile or something in it is wrong.
    """
    path = find_profile(name, directory)
    root = read_document(path)
    fields = root.fields()
    fields.need("schema").choice((SCHEMA,))
    identity = fields.need("id")
    if identity.text() != path.stem:
        identity.fail(f"{identity.text()!r} is not the file's name, {path.stem!r}")
    kind = fields.need("kind").choice(get_args(Kind))
    maker, model = fields.need("maker").text(), fields.need("model").text()
    for name_only in ("notes", "sources"):
        fields.get(name_only)
    modbus, word_order = _modbus(fields.need("modbus"))
    points_entry = fields.need("points")
    points = tuple(_point(name, entry, word_order) for name, entry in points_entry.fields())
    fields.no_others()
    _check_kind(kind, points, points_entry)
    blocks, probe = _plan(points, modbus, points_entry)
    return Profile(
        id=path.stem,
        kind=kind,
        maker=maker,
        model=model,
        path=path,
        modbus=modbus,
        points=points,
        blocks=blocks,
        probe=probe,
    )


def _modbus(entry: Entry) -> tuple[ModbusDefaults, WordOrder]:
    fields = entry.fields()
    word_order = fields.need("word_order").choice(get_args(WordOrder))
    serial, tcp_port = fields.get("serial"), fields.get("tcp_port")
    max_read, max_hole = fields.get("max_read"), fields.get("max_hole")
    defaults = ModbusDefaults(
        unit=fields.need("unit").integer(1, 255),
        max_read=max_read.integer(1, MAX_READ_REGISTERS) if max_read else MAX_READ_REGISTERS,
        max_hole=max_hole.integer(0, MAX_READ_REGISTERS) if max_hole else 0,
        serial=_serial(serial) if serial else None,
        tcp_port=tcp_port.integer(1, 65535) if tcp_port else None,
    )
    fields.get("unverified")
    fields.no_others()
    return defaults, word_order


def _serial(entry: Entry) -> SerialLine:
    fields = entry.fields()
    baud = fields.need("baud")
    if (rate := baud.integer(BAUDS[0], BAUDS[-1])) not in BAUDS:
        baud.fail(f"{rate} is not one of {', '.join(map(str, BAUDS))}")
    line = SerialLine(
        baud=rate,
        parity=fields.need("parity").choice(get_args(Parity)),
        stop_bits=1 if fields.need("stop_bits").integer(1, 2) == 1 else 2,
    )
    fields.no_others()
    return line


def _point(name: str, entry: Entry, word_order: WordOrder) -> Point:
    fields = entry.fields()
    space = fields.need("space").choice(get_args(Space))
    type_entry = fields.need("type")
    type_name = type_entry.choice(tuple(CODECS))
    if (type_name == "coil") != (space in BIT_SPACES):
        type_entry.fail(
            f"{type_name!r} cannot lie in space {space!r}: type coil goes with space coil or discrete"
        )
    measurand, phase, unit = _meaning(fields)
    states, readable = fields.get("states"), fields.get("readable")
    unverified, sentinels = fields.get("unverified"), fields.get("sentinels")
    order, role = fields.get("word_order"), fields.get("role")
    point = Point(
        name=name,
        space=space,
        address=fields.need("address").integer(0, 65536 - CODECS[type_name].count),
        type=type_name,
        word_order=order.choice(get_args(WordOrder)) if order else word_order,
        scale=_scale(fields.get("scale")),
        unit=unit,
        measurand=measurand,
        phase=phase,
        role=role.choice(get_args(Role)) if role else None,
        states=_states(states) if states else {},
        valid=_range(fields.get("valid")),
        sentinels=tuple(item.integer(0, 2**64 - 1) for item in sentinels.items()) if sentinels else (),
        readable=readable.switch() if readable else True,
        write=_write(fields.get("write"), space),
        verified=not (unverified and unverified.switch()),
    )
    fields.no_others()
    if point.role == "pilot":
        _check_pilot(point, states or entry)
    return point


def _meaning(fields: Fields) -> tuple[Measurand | None, Phase | None, str | None]:
    """Return measurand, phase and the register's unit, which must fit each other."""
    measurand_entry, phase_entry, unit_entry = (
        fields.get("measurand"),
        fields.get("phase"),
        fields.get("unit"),
    )
    measurand = measurand_entry.choice(get_args(Measurand)) if measurand_entry else None
    phase = phase_entry.choice(get_args(Phase)) if phase_entry else None
    if measurand is None:
        if phase_entry:
            phase_entry.fail("a phase needs a measurand")
        return None, None, unit_entry.choice(tuple(READING_UNIT)) if unit_entry else None
    if unit_entry is None:
        fields.owner.fail(f"the field 'unit' is missing: {' or '.join(units_of(measurand))} for {measurand}")
    return measurand, phase, unit_entry.choice(units_of(measurand))


def _scale(entry: Entry | None) -> Decimal:
    if entry is None:
        return Decimal(1)
    if (scale := entry.decimal()) == 0:
        entry.fail("a scale of 0 would make every value 0")
    return scale


def _range(entry: Entry | None) -> Range:
    if entry is None:
        return Range()
    items = entry.items()
    if len(items) != 2:
        entry.fail("[lowest, highest] is needed")
    low, high = (item.decimal() for item in items)
    if low > high:
        entry.fail(f"the lowest value {low} is above the highest {high}")
    return Range(low=low, high=high)


def _states(entry: Entry) -> dict[str, str]:
    states = {raw: state.text() for raw, state in entry.fields()}
    if not states:
        entry.fail("at least one state is needed")
    return states


def _write(entry: Entry | None, space: Space) -> WriteRule | None:
    if entry is None:
        return None
    fields = entry.fields()
    function = fields.need("function")
    allowed = WRITE_FUNCTIONS.get(space, ())
    code = function.integer(1, 127)
    if code not in allowed:
        names = " or ".join(map(str, allowed)) or "none: it is read-only"
        function.fail(f"function {code} does not write space {space!r}; allowed: {names}")
    rule = WriteRule(function=5 if code == 5 else 6 if code == 6 else 16, bounds=_range(fields.get("range")))
    fields.no_others()
    return rule


def _check_pilot(point: Point, entry: Entry) -> None:
    letters = tuple(pilot.value for pilot in Pilot)
    if not point.states:
        entry.fail(f"role pilot needs 'states' that lead to {', '.join(letters)}")
    for raw, state in point.states.items():
        if state not in letters:
            entry.fail(f"state {raw}: {state!r} is not one of {', '.join(letters)}")


def _check_kind(kind: Kind, points: tuple[Point, ...], entry: Entry) -> None:
    roles = [point.role for point in points if point.role]
    for role in roles:
        if roles.count(role) > 1:
            entry.fail(f"two points have role {role!r}")
    if kind == "meter" and not any(
        p.measurand == "Energy.Active.Import.Register" and p.phase is None for p in points
    ):
        entry.fail("a meter needs a point with measurand Energy.Active.Import.Register and no phase")
    if kind == "charge-controller":
        for needed in NEEDED_ROLES:
            if needed not in roles:
                entry.fail(f"a charge controller needs a point with role {needed!r}")


def _plan(
    points: tuple[Point, ...], modbus: ModbusDefaults, entry: Entry
) -> tuple[tuple[Block, ...], Block | None]:
    try:
        blocks = compile_plan(points, max_read=modbus.max_read, max_hole=modbus.max_hole)
    except PlanError as error:
        entry.fail(str(error))
    return blocks, choose_probe(blocks)


__all__ = ["ProfileError", "load_profile"]
