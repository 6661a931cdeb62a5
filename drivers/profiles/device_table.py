"""Writes docs/devices.md, the table of shipped profiles: run `python -m drivers.profiles.device_table`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from drivers.profiles.derived import Derived
from drivers.profiles.describe import interface, unverified
from drivers.profiles.find import list_profiles, shipped_directory
from drivers.profiles.links import (
    MEASURED_OVER,
    LemDcbmDefaults,
    ModbusDefaults,
    Pn532Defaults,
    RapiDefaults,
)
from drivers.profiles.load import load_profile
from drivers.profiles.model import Kind, Profile
from drivers.profiles.point import Point, Role
from drivers.readings import Measurand

PREAMBLE: Final = """\
# Supported devices

Made from `hardware-profiles/` by `python -m drivers.profiles.device_table`; do not edit. The profile's name
is what a station file says (`profile = "abb-b23"`); the file itself has the registers, notes and sources.
Another device needs one more file: see [hardware-profiles.md](hardware-profiles.md).

*Unverified* facts come from one weak source, or from sources that disagree: compare them with the manual, and
energy with the display, before you rely on them. `serial` and `unit` are the settings a device leaves the
factory with, which the station file can override; `max_hole` says that registers between the known ones are
read too, to save requests.

A device that can *fall back by itself* lowers or stops the energy when nobody talks to it any more.

*Verified by* emulation: the driver reads every value of the profile, to the register's last digit, from a
device that is emulated from the same profile (`tests/hil`). That proves the driver, not the facts. Whoever
has read a real one is named too; if you have, add yourself to the profile's `verified_by`.
"""

COLUMNS: Final = (
    "maker", "model", "profile", "role", "interface", "measures", "can", "unverified", "verified by"
)  # fmt: skip

WORDS: Final[dict[Measurand, str]] = {
    "Energy.Active.Import.Register": "energy in",
    "Energy.Active.Export.Register": "energy out",
    "Power.Active.Import": "power",
    "Power.Active.Export": "power out",
    "Voltage": "voltage",
    "Current.Import": "current",
    "Current.Export": "current out",
    "Power.Reactive.Import": "reactive power",
    "Power.Factor": "power factor",
    "Frequency": "frequency",
}
"""Measurands in the table's words and order; one that is not here is called by its own name."""

CAN: Final[dict[Role, str]] = {
    "max_current": "limit the current",
    "set_current": "limit the current",
    "set_power": "limit the power",
    "set_voltage": "set the voltage",
    "enable": "switch on and off",
    "output": "switch on and off",
    "phases": "switch phases",
    "lock": "lock the plug",
    "self_test": "test itself",
}
"""What can be done with a point of this role that is written, in the table's order."""
DETECTS: Final = "detect a vehicle in the bay"
SIGNED: Final[tuple[Role, ...]] = ("signed_begin", "signed_end", "signed_payload")
FALLS_BACK: Final = "fall back by itself"
SIGNS: Final = "sign readings"


def text() -> str:
    """Return the file's content."""
    kinds = get_args(Kind)
    profiles = sorted(map(load_profile, list_profiles()), key=lambda p: (kinds.index(p.kind), p.id))
    return PREAMBLE + "\n" + "\n".join(_table(profiles)) + "\n"


def _table(profiles: list[Profile]) -> Iterator[str]:
    yield _row(COLUMNS)
    yield _row(("---",) * len(COLUMNS))
    for profile in profiles:
        yield _row(
            (
                profile.maker,
                profile.model,
                f"[{profile.id}](../hardware-profiles/{profile.path.parent.name}/{profile.path.name})",
                profile.kind.replace("-", " "),
                interface(profile),
                _measured(profile),
                ", ".join(dict.fromkeys(_can(profile))),
                ", ".join(unverified(profile)),
                ", ".join(("emulation", *profile.verified_by)),
            )
        )


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _measured(profile: Profile) -> str:
    if not isinstance(profile.link, ModbusDefaults):
        return ", ".join(WORDS.get(one, one) for one in MEASURED_OVER.get(profile.protocol, ()))
    values: tuple[Point | Derived, ...] = (*profile.every_point, *_derived(profile))
    found = {value.measurand for value in values if value.measurand is not None}
    ordered = [*(m for m in WORDS if m in found), *sorted(found - set(WORDS))]
    return ", ".join(_which(values, measurand) for measurand in ordered)


def _which(values: tuple[Point | Derived, ...], measurand: Measurand) -> str:
    """Return the measurand's word, and of what it is measured unless that is the whole only."""
    phases = {value.phase for value in values if value.measurand == measurand}
    word = WORDS.get(measurand, measurand)
    if phases == {None}:
        return word
    return f"{word} ({'total and phases' if None in phases else 'phases'})"


def _derived(profile: Profile) -> Iterator[Derived]:
    for variant in profile.variants.values():
        yield from variant.derived


def _can(profile: Profile) -> Iterator[str]:
    match profile.link:
        case RapiDefaults(heartbeat=heartbeat):
            yield from (CAN["max_current"], CAN["enable"], CAN["lock"], "show text")
            yield from (FALLS_BACK,) if heartbeat else ()
        case Pn532Defaults():
            yield "read cards"
        case LemDcbmDefaults():
            yield SIGNS
    roles = {point.role for point in profile.every_point}
    written = {point.role for point in profile.every_point if point.write is not None}
    yield from (words for role, words in CAN.items() if role in written)
    if "occupied" in roles:
        yield DETECTS
    if roles.intersection(SIGNED):
        yield SIGNS
    if any(variant.watchdog for variant in profile.variants.values()):
        yield FALLS_BACK


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else shipped_directory().parent / "docs" / "devices.md"
    path.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{path}\n")
