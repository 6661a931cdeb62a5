"""Reads the bays of a scenario: the vehicle and the mains."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import Any, TypeVar

from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import GridSpec
from drivers.emulated.rig_spec import BaySpec
from drivers.profiles.fields import Entry

Spec = TypeVar("Spec")

CHARGE = "charge_percent"
STORED = "stored_kwh"
WHOLE = frozenset({"phases", "cable_limit_a"})


def read_bay(entry: Entry) -> BaySpec:
    """Return one bay."""
    fields = entry.fields()
    ev, grid, plugged = fields.get("ev"), fields.get("grid"), fields.get("plugged")
    fields.no_others()
    return BaySpec(
        ev=_read_ev(ev) if ev else EvSpec(),
        grid=_made(GridSpec, grid, _numbers(grid, GridSpec)) if grid else GridSpec(),
        plugged=plugged.switch() if plugged else False,
    )


def _read_ev(entry: Entry) -> EvSpec:
    """Return the vehicle; its charge may be said in percent or in kWh."""
    numbers = _numbers(entry, EvSpec, CHARGE)
    percent = numbers.pop(CHARGE, None)
    if percent is not None:
        if STORED in numbers:
            entry.fail(f"{CHARGE} and {STORED} say the same: leave one out")
        if not 0 <= percent <= 100:
            entry.fail(f"{CHARGE}: {percent:g} is not between 0 and 100")
        numbers[STORED] = percent / 100 * numbers.get("battery_kwh", EvSpec().battery_kwh)
    return _made(EvSpec, entry, numbers)


def _numbers(entry: Entry, kind: type, *others: str) -> dict[str, float]:
    fields = entry.fields()
    numbers: dict[str, float] = {}
    for name in (*(field.name for field in fields_of(kind)), *others):
        one = fields.get(name)
        if one is not None:
            numbers[name] = one.integer(0, 100) if name in WHOLE else float(one.decimal())
    fields.no_others()
    return numbers


def _made(kind: type[Spec], entry: Entry, numbers: dict[str, Any]) -> Spec:
    try:
        return kind(**numbers)
    except ValueError as error:
        entry.fail(str(error))
