"""Reads a profile file into the typed model, with errors that say what to change and where."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

from drivers.profiles.errors import ProfileError
from drivers.profiles.fields import Entry, read_document
from drivers.profiles.find import find_profile
from drivers.profiles.load_point import (
    MAX_READ_REGISTERS,
    NO_NUMBERS,
    Surroundings,
    read_meaning,
    read_point,
)
from drivers.profiles.model import (
    Block,
    Derived,
    Kind,
    ModbusDefaults,
    Order,
    Parity,
    Point,
    Profile,
    Role,
    SerialLine,
)
from drivers.profiles.plan import PlanError, choose_probe, compile_plan
from drivers.profiles.units import MEASURED_IN
from drivers.readings import Measurand, Phase

SCHEMA: Final = "chargehand-profile-1"
BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
LONGEST_GAP_MS: Final = 10_000
MAY_BE_UNVERIFIED: Final = ("serial", "tcp_port", "unit", "max_read", "max_hole", "word_order")
"""Fields of `modbus` that can be listed as unverified."""
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
    notes, sources, verified_by = (_texts(fields.get(n)) for n in ("notes", "sources", "verified_by"))
    modbus, word_order, byte_order = _modbus(fields.need("modbus"))
    points_entry, derived_entry = fields.need("points"), fields.get("derived")
    points = _points(points_entry, word_order, byte_order)
    derived = _all_derived(derived_entry, points) if derived_entry else ()
    fields.no_others()
    _check_measurands(points, derived, points_entry)
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
        derived=derived,
        notes=notes,
        sources=sources,
        verified_by=verified_by,
    )


def _texts(entry: Entry | None) -> tuple[str, ...]:
    return tuple(item.text() for item in entry.items()) if entry else ()


def _modbus(entry: Entry) -> tuple[ModbusDefaults, Order, Order]:
    """Return the defaults, and the order of words and of bytes."""
    fields = entry.fields()
    word_order = fields.need("word_order").choice(get_args(Order))
    byte_order, unverified = fields.get("byte_order"), fields.get("unverified")
    serial, tcp_port, barriers = fields.get("serial"), fields.get("tcp_port"), fields.get("barriers")
    defaults = ModbusDefaults(
        unit=fields.need("unit").integer(1, 255),
        max_read=_integer(fields.get("max_read"), 1, MAX_READ_REGISTERS, MAX_READ_REGISTERS),
        max_hole=_integer(fields.get("max_hole"), 0, MAX_READ_REGISTERS, 0),
        barriers=tuple(item.integer(1, 65535) for item in barriers.items()) if barriers else (),
        request_gap_ms=_integer(fields.get("request_gap_ms"), 0, LONGEST_GAP_MS, 0),
        unit_change_gap_ms=_integer(fields.get("unit_change_gap_ms"), 0, LONGEST_GAP_MS, 0),
        serial=_serial(serial) if serial else None,
        tcp_port=tcp_port.integer(1, 65535) if tcp_port else None,
        unverified=tuple(item.choice(MAY_BE_UNVERIFIED) for item in unverified.items()) if unverified else (),
    )
    fields.no_others()
    return defaults, word_order, byte_order.choice(get_args(Order)) if byte_order else "big"


def _integer(entry: Entry | None, low: int, high: int, default: int) -> int:
    return entry.integer(low, high) if entry else default


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


def _points(entry: Entry, word_order: Order, byte_order: Order) -> tuple[Point, ...]:
    entries = dict(entry.fields())
    device = Surroundings(word_order=word_order, byte_order=byte_order, names=entries.keys())
    points = {name: read_point(name, one, device) for name, one in entries.items()}
    for point in points.values():
        for scaled_by in point.scaled_by:
            _check_scale(points[scaled_by.point], entries[point.name])
    return tuple(points.values())


def _check_scale(scale: Point, entry: Entry) -> None:
    """Refuse a point that is scaled by something that is no plain number the device can be asked for."""
    plain = scale.type not in NO_NUMBERS and not (scale.states or scale.bits or scale.scaled_by)
    if not plain or not scale.readable:
        entry.fail(f"{scale.name!r} cannot scale a point: a readable number without states is needed")


def _all_derived(entry: Entry, points: tuple[Point, ...]) -> tuple[Derived, ...]:
    names = {point.name for point in points}
    derived: list[Derived] = []
    for name, one in entry.fields():
        if name in names:
            one.fail(f"{name!r} is also the name of a point")
        derived.append(_derived(name, one, points))
    return tuple(derived)


def _derived(name: str, entry: Entry, points: tuple[Point, ...]) -> Derived:
    fields = entry.fields()
    fields_plus, fields_minus = fields.need("plus"), fields.get("minus")
    measurand, phase = read_meaning(fields)
    if measurand is None:
        entry.fail("the field 'measurand' is missing")
    unit = MEASURED_IN[measurand]
    fit = [p.name for p in points if p.reading_unit == unit and p.readable and p.poll == "fast"]
    plus, minus = (
        tuple(item.choice(fit) for item in one.items()) if one else () for one in (fields_plus, fields_minus)
    )
    fields.no_others()
    if not plus:
        fields_plus.fail("at least one point is needed")
    return Derived(name=name, measurand=measurand, phase=phase, plus=plus, minus=minus)


def _check_measurands(points: tuple[Point, ...], derived: tuple[Derived, ...], entry: Entry) -> None:
    """Refuse two values for the same measurand and phase: nobody could tell which one counts."""
    seen: dict[tuple[Measurand, Phase | None], str] = {}
    everything: tuple[Point | Derived, ...] = (*points, *derived)
    for one in everything:
        if one.measurand is not None:
            other = seen.setdefault((one.measurand, one.phase), one.name)
            if other != one.name:
                entry.fail(
                    f"{other!r} and {one.name!r} both are {one.measurand} of {one.phase or 'the whole'}"
                )


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
        blocks = compile_plan(
            points, max_read=modbus.max_read, max_hole=modbus.max_hole, barriers=modbus.barriers
        )
    except PlanError as error:
        entry.fail(str(error))
    return blocks, choose_probe(blocks)


__all__ = ["ProfileError", "load_profile"]
