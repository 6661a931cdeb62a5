"""Reads the faults of a scenario."""

from __future__ import annotations

from collections.abc import Collection

from drivers.emulated.fault_text import ALL, addresses_of
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.faults.names import FAULTS, make_fault
from drivers.profiles.fields import Entry, Fields


def read_fault(entry: Entry, devices: Collection[str]) -> Injection:
    """Return one fault: which, whom it hits and when."""
    fields = entry.fields()
    fault = _fault(fields)
    where, when = _where(fields, devices), _when(entry, fields)
    fields.no_others()
    return Injection(fault=fault, where=where, when=when)


def _fault(fields: Fields) -> Fault:
    name, strength = fields.need("fault"), fields.get("with")
    name.choice(tuple(FAULTS))
    try:
        return make_fault(name.text(), strength.text() if strength else None)
    except ValueError as error:
        (strength or name).fail(str(error))


def _where(fields: Fields, devices: Collection[str]) -> Where:
    device, point = fields.get("device"), fields.get("point")
    function, address = fields.get("function"), fields.get("address")
    named = device.choice((*devices, ALL)) if device else ALL
    return Where(
        devices=frozenset() if named == ALL else frozenset({named}),
        functions=frozenset({function.integer(1, 127)}) if function else frozenset(),
        points=frozenset({point.text()}) if point else frozenset(),
        addresses=_addresses(address) if address else None,
    )


def _addresses(entry: Entry) -> range:
    try:
        return addresses_of(entry.text())
    except ValueError:
        entry.fail(f"{entry.text()!r} is no address, and no range like 72-75")


def _when(entry: Entry, fields: Fields) -> Schedule:
    every, lasts = fields.get("every"), fields.get("for")
    at, times, chance = fields.get("at"), fields.get("times"), fields.get("chance")
    try:
        return Schedule(
            at_s=_number(at, 0.0),
            every_s=_number(every, 0.0) if every else None,
            for_s=_number(lasts, 0.0) if lasts else None,
            times=times.integer(1, 1_000_000_000) if times else None,
            probability=_number(chance, 1.0),
        )
    except ValueError as error:
        entry.fail(str(error))


def _number(entry: Entry | None, default: float) -> float:
    return default if entry is None else float(entry.decimal())
