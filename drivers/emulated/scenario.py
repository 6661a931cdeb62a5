"""Reads a scenario file (YAML) into a `RigSpec`, with errors that name file, line and field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from drivers.emulated.commands import CommandError, parse
from drivers.emulated.rig_spec import (
    START_MWH,
    BaySpec,
    DeviceSpec,
    LineSpec,
    RigError,
    RigSpec,
    TimedCommand,
)
from drivers.emulated.scenario_bay import read_bay
from drivers.emulated.scenario_fault import read_fault
from drivers.emulated.scenario_line import read_line
from drivers.profiles.errors import ProfileError
from drivers.profiles.fields import Entry, Fields, read_document
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.profiles.values import Value

SCHEMA: Final = "chargehand-scenario-1"
MWH_PER_KWH: Final = 1_000_000
LONGEST_S: Final = 10_000_000


def load_scenario(path: Path) -> RigSpec:
    """Return the rig that a file describes; paths in it count from its own directory.

    Raises:
        ProfileError: If the file, or a profile that it names, is wrong; it says where.
    """
    root = read_document(path)
    fields = root.fields()
    fields.need("scenario").choice((SCHEMA,))
    seed, speed = fields.get("seed"), fields.get("speed")
    profiles, state = fields.get("profiles"), fields.get("state")
    bays, lines = fields.get("bays"), fields.need("lines")
    devices, script, faults = fields.need("devices"), fields.get("script"), fields.get("faults")
    fields.no_others()
    directory = path.parent
    profile_directory = None if profiles is None else directory / profiles.text()
    all_lines: dict[str, LineSpec] = {name: read_line(one, directory) for name, one in lines.fields()}
    all_bays = {name: read_bay(one) for name, one in bays.fields()} if bays else {"bay": BaySpec()}
    reader = _DeviceReader(directory, profile_directory, all_lines, all_bays)
    all_devices = {name: reader.read(one) for name, one in devices.fields()}
    try:
        spec = RigSpec(
            lines=all_lines,
            devices=all_devices,
            bays=all_bays,
            seed=seed.integer(0, 2**63) if seed else 1,
            speed=float(speed.decimal()) if speed else 1.0,
            faults=tuple(read_fault(one, all_devices) for one in faults.items()) if faults else (),
            profiles=profile_directory,
            directory=None if state is None else directory / state.text(),
        )
        return _with_script(spec, script)
    except RigError as error:
        root.fail(str(error))


class _DeviceReader:
    """Reads devices, knowing which lines and bays there are."""

    def __init__(
        self,
        directory: Path,
        profiles: Path | None,
        lines: dict[str, LineSpec],
        bays: dict[str, BaySpec],
    ) -> None:
        self._directory = directory
        self._profiles = profiles
        self._lines = lines
        self._bays = bays

    def read(self, entry: Entry) -> DeviceSpec:
        """Return one device."""
        fields = entry.fields()
        profile_entry = fields.need("profile")
        instance_entry = fields.get("instance")
        instance = instance_entry.integer(1, 1000) if instance_entry else 1
        name, profile = self._profile(profile_entry, instance)
        bay, unit, base = fields.get("bay"), fields.get("unit"), fields.get("base")
        start, shows = fields.get("start_kwh"), fields.get("shows")
        spec = DeviceSpec(
            profile=name,
            line=fields.need("line").choice(self._lines),
            bay=self._bay(bay, entry),
            unit=unit.integer(0, 255) if unit else None,
            instance=instance,
            base=base.integer(0, 65000) if base else None,
            start_mwh=int(start.decimal() * MWH_PER_KWH) if start else START_MWH,
            shows=_shown(shows.fields(), profile) if shows else {},
        )
        fields.no_others()
        return spec

    def _bay(self, entry: Entry | None, device: Entry) -> str:
        if entry is not None:
            return entry.choice(self._bays)
        if len(self._bays) > 1:
            device.fail(f"the field 'bay' is missing: there are {', '.join(self._bays)}")
        return next(iter(self._bays))

    def _profile(self, entry: Entry, instance: int) -> tuple[str | Path, Profile]:
        """Return a profile and what to load it by; a path counts from the scenario's directory."""
        text = entry.text()
        is_path = "/" in text or text.endswith((".yaml", ".yml"))
        name: str | Path = self._directory / text if is_path else text
        try:
            return name, load_profile(name, self._profiles, instance)
        except ProfileError as error:
            if error.line is not None:
                raise
            entry.fail(str(error))


def _shown(fields: Fields, profile: Profile) -> dict[str, Value]:
    """Return what single points are to show, as the points' types want it."""
    points = {point.name: point for point in profile.every_point}
    shown: dict[str, Value] = {}
    for name, entry in fields:
        if name not in points:
            entry.fail(f"{profile.id} has no point {name!r}; it has {', '.join(points)}")
        point = points[name]
        text: Value = entry.text()
        is_text = point.states or point.type in {"string", "bytes", "char_low"}
        if point.bits:
            text = frozenset(item.text() for item in entry.items())
        elif not is_text:
            text = entry.switch() if point.type == "coil" else entry.decimal() * point.unit_factor
        try:
            point.encode(text)
        except ValueError as error:
            entry.fail(str(error))
        shown[name] = text
    return shown


def _with_script(spec: RigSpec, script: Entry | None) -> RigSpec:
    if script is None:
        return spec
    commands: list[TimedCommand] = []
    for entry in script.items():
        fields = entry.fields()
        at, do = fields.need("at"), fields.need("do")
        fields.no_others()
        at_s = at.decimal()
        if not 0 <= at_s <= LONGEST_S:
            at.fail(f"{at_s} s is not between 0 and {LONGEST_S}")
        try:
            if do.text().split() != ["quit"]:
                parse(spec, do.text())
        except CommandError as error:
            do.fail(str(error))
        commands.append(TimedCommand(at_s=float(at_s), command=do.text()))
    ordered = sorted(commands, key=lambda one: one.at_s)
    return replace(spec, script=tuple(ordered))
