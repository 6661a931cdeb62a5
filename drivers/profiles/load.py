"""Reads a profile file into the typed model, with errors that say what to change and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, get_args

from drivers.profiles.conditions import Condition
from drivers.profiles.derived import Derived
from drivers.profiles.errors import ProfileError
from drivers.profiles.fields import Entry, Fields, read_document
from drivers.profiles.find import find_profile
from drivers.profiles.kinds import KINDS_OVER, KindError, check_complete
from drivers.profiles.links import PROTOCOL_OF, ModbusDefaults
from drivers.profiles.load_behaviour import read_init, read_instances, read_scripts, read_watchdog
from drivers.profiles.load_link import Section, read_section
from drivers.profiles.load_point import Surroundings, finish_point, read_meaning, read_point
from drivers.profiles.load_value import is_number, read_conditions, read_names
from drivers.profiles.model import ADDRESSES, Instances, Kind, Profile, Variant
from drivers.profiles.plan import PlanError
from drivers.profiles.point import Point
from drivers.profiles.units import MEASURED_IN
from drivers.profiles.variants import Everything, TooManyVariants, compile_variants, unconditional

SCHEMA: Final = "chargehand-profile-1"
NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
"""What points are called."""


@dataclass(frozen=True, slots=True)
class _Points:
    """The points by name, with their places in the file."""

    by_name: Mapping[str, Point]
    owner: Entry
    entries: Mapping[str, Entry]

    def entry(self, name: str | None) -> Entry:
        """Return the place of a point, or of all of them."""
        return self.owner if name is None else self.entries[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What a profile says about the device's points."""

    everything: Everything
    points: _Points | None = None
    identify: tuple[Condition, ...] = ()
    instances: Instances | None = None


def load_profile(name: str | Path, directory: Path | None = None, instance: int = 1) -> Profile:
    """Return the profile of this id (looked up in `directory`, then among the shipped ones) or file.

    Its addresses are those of the given instance, where the device has several of the same.

    Raises:
        ProfileError: If there is no such profile, or no such instance, or something in it is wrong.
    """
    path = find_profile(name, directory)
    root = read_document(path)
    fields = root.fields()
    fields.need("schema").choice((SCHEMA,))
    identity = fields.need("id")
    if identity.text() != path.stem:
        identity.fail(f"{identity.text()!r} is not the file's name, {path.stem!r}")
    kind_entry = fields.need("kind")
    kind = kind_entry.choice(get_args(Kind))
    maker, model = fields.need("maker").text(), fields.need("model").text()
    notes, sources, verified_by = (_texts(fields.get(n)) for n in ("notes", "sources", "verified_by"))
    section = read_section(fields)
    protocol = PROTOCOL_OF[type(section.link)]
    if kind not in KINDS_OVER[protocol]:
        kind_entry.fail(f"what speaks {protocol} can be a {' or '.join(KINDS_OVER[protocol])}, not a {kind}")
    body = _body(fields, section)
    fields.no_others()
    variants, everything = _compiled(kind, body, instance, root)
    return Profile(
        id=path.stem,
        kind=kind,
        maker=maker,
        model=model,
        path=path,
        link=section.link,
        known=variants[unconditional(everything.points)],
        variants=variants,
        every_point=everything.points,
        identify=body.identify,
        instances=body.instances,
        instance=instance,
        notes=notes,
        sources=sources,
        verified_by=verified_by,
    )


def _texts(entry: Entry | None) -> tuple[str, ...]:
    return tuple(item.text() for item in entry.items()) if entry else ()


def _body(fields: Fields, section: Section) -> _Body:
    """Take what is about points; a device that speaks a protocol of its own has none."""
    if not isinstance(section.link, ModbusDefaults):
        return _Body(everything=Everything(link=section.link))
    points = _points(fields.need("points"), section)
    known, derived = points.by_name, fields.get("derived")
    everything = Everything(
        link=section.link,
        points=tuple(known.values()),
        derived=_all_derived(derived, known) if derived else (),
        init=read_init(fields.get("init"), known),
        watchdog=read_watchdog(fields.get("watchdog"), known),
        scripts=read_scripts(fields.get("scripts"), known),
    )
    instances = fields.get("instances")
    body = _Body(
        everything=everything,
        points=points,
        identify=_identify(fields.get("identify"), known),
        instances=read_instances(instances, known),
    )
    _check_moves(body, section.link, instances)
    return body


def _points(owner: Entry, section: Section) -> _Points:
    entries = dict(owner.fields())
    for name, entry in entries.items():
        if not NAME.fullmatch(name):
            entry.fail("the name of a point is made of a-z, 0-9 and _, and begins with a letter")
    if not entries:
        owner.fail("at least one point is needed")
    device = Surroundings(word_order=section.word_order, byte_order=section.byte_order, names=entries.keys())
    drafts = {name: read_point(name, one, device) for name, one in entries.items()}
    plain = {name: draft.point for name, draft in drafts.items()}
    for name, point in plain.items():
        for scaled_by in point.scaled_by:
            _check_number(plain[scaled_by.point], "cannot scale a point", entries[name])
        if point.length_from is not None:
            _check_number(plain[point.length_from.point], "cannot say a length", entries[name])
    points = {name: finish_point(draft, plain) for name, draft in drafts.items()}
    for name, point in points.items():
        for condition in point.when:
            if points[condition.point].when:
                entries[name].fail(
                    f"a variant is known by a point that all have, and not all {condition.point!r}"
                )
        _check_neighbours(point, points, entries[name])
    return _Points(points, owner, entries)


def _check_neighbours(point: Point, points: Mapping[str, Point], entry: Entry) -> None:
    """Refuse a write that would set the bits of another point to 0."""
    if point.write is None or point.mask is None or point.write.keeps_others:
        return
    for other in points.values():
        if other is not point and other.place == point.place:
            entry.fail(
                f"writing it would clear {other.name!r}, in the same register: it needs 'keeps_others: yes'"
            )


def _check_number(point: Point, problem: str, entry: Entry) -> None:
    """Refuse a reference to something that is no plain number the device can be asked for."""
    if not is_number(point):
        entry.fail(f"{point.name!r} {problem}: a readable number without states is needed")


def _identify(entry: Entry | None, points: Mapping[str, Point]) -> tuple[Condition, ...]:
    conditions = read_conditions(entry, points, patterns=True)
    for condition in conditions:
        if entry is not None and points[condition.point].when:
            entry.fail(f"a model is known by a point that all variants have, and not all {condition.point!r}")
    return conditions


def _all_derived(entry: Entry, points: Mapping[str, Point]) -> tuple[Derived, ...]:
    derived: list[Derived] = []
    for name, one in entry.fields():
        if name in points:
            one.fail(f"{name!r} is also the name of a point")
        derived.append(_derived(name, one, tuple(points.values())))
    return tuple(derived)


def _derived(name: str, entry: Entry, points: tuple[Point, ...]) -> Derived:
    fields = entry.fields()
    fields_plus, fields_minus = fields.need("plus"), fields.get("minus")
    measurand, phase = read_meaning(fields)
    if measurand is None:
        entry.fail("the field 'measurand' is missing")
    unit = MEASURED_IN[measurand]
    fit = [p.name for p in points if p.reading_unit == unit and p.readable and p.poll == "fast"]
    plus, minus = (read_names(one, fit) if one else () for one in (fields_plus, fields_minus))
    fields.no_others()
    return Derived(name=name, measurand=measurand, phase=phase, plus=plus, minus=minus)


def _check_moves(body: _Body, link: ModbusDefaults, entry: Entry | None) -> None:
    """Refuse instances that do not fit into the address space, and what cannot move in two ways."""
    shared = [point for point in body.everything.points if point.shared]
    if entry is None:
        if shared and body.points is not None:
            body.points.entry(shared[0].name).fail("'shared' is for a device with 'instances'")
        return
    if link.sunspec is not None:
        entry.fail("a device that is found by its SunSpec model has no instances")
    if body.instances is not None:
        own_ends = [point.end for point in body.everything.points if not point.shared]
        if max(own_ends, default=0) + max(body.instances.offsets) > ADDRESSES:
            entry.fail(f"the addresses of the last instance are beyond {ADDRESSES - 1}")


def _compiled(
    kind: Kind, body: _Body, instance: int, root: Entry
) -> tuple[dict[frozenset[str], Variant], Everything]:
    """Return the variants of one instance, and everything they are made of; all instances are checked."""
    offsets = body.instances.offsets if body.instances else (0,)
    if not 1 <= instance <= len(offsets):
        raise ProfileError(f"there is no instance {instance}, only 1 to {len(offsets)}", path=root.path)
    compiled = [_checked(kind, _moved(body, offset), len(offsets)) for offset in offsets]
    return compiled[instance - 1]


def _moved(body: _Body, offset: int) -> _Body:
    """Return the body of the instance that lies `offset` further."""
    if not offset:
        return body
    points = tuple(
        point if point.shared else replace(point, address=point.address + offset)
        for point in body.everything.points
    )
    return replace(body, everything=replace(body.everything, points=points))


def _checked(kind: Kind, body: _Body, instances: int) -> tuple[dict[frozenset[str], Variant], Everything]:
    """Return the variants, of which each can be read and is safe, and one at least is what the kind needs."""
    points = body.points
    if points is None:
        return compile_variants(body.everything), body.everything
    try:
        variants = compile_variants(body.everything, instances)
        check_complete(kind, variants.values())
    except (PlanError, KindError) as error:
        points.entry(error.point).fail(str(error))
    except TooManyVariants as error:
        points.owner.fail(str(error))
    return variants, body.everything
