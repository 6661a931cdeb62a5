"""Makes the devices of a rig from its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from drivers.emulated.behaviour import Behaviour, Note, Surroundings, first_that_fits
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.device import EmulatedDevice
from drivers.emulated.faults.book import FaultBook
from drivers.emulated.kinds import KINDS
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.own_devices import (
    LemBehaviour,
    OpenEvseBehaviour,
    OwnSerialDevice,
    ReaderBehaviour,
    WebDevice,
)
from drivers.emulated.rig_spec import DeviceSpec, RigError, RigSpec
from drivers.emulated.sunspec import chain, model_address
from drivers.profiles.errors import ProfileError
from drivers.profiles.links import Protocol, SunSpec
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.profiles.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What all devices of a rig share."""

    faults: FaultBook
    clock_us: Callable[[], int]
    clock_s: Callable[[], float]


def make_devices(
    spec: RigSpec,
    bays: Mapping[str, ChargingBay],
    parts: Parts,
    note_of: Callable[[str], Note],
) -> dict[str, EmulatedDevice]:
    """Return all devices by name, each with its own life.

    Raises:
        ProfileError: If a profile cannot be used.
        RigError: If a device shows a point that it does not have.
    """
    devices: dict[str, EmulatedDevice] = {}
    for name, device in spec.devices.items():
        bay = bays[spec.bay_of(device)]
        profile = load_variant(name, device, spec)
        surroundings = Surroundings(
            name=name,
            profile=profile,
            bay=bay,
            clock_us=parts.clock_us,
            clock_s=parts.clock_s,
            rng=Random(f"{spec.seed}/{name}"),  # noqa: S311  reproducible, not secret
            shows=device.shows,
            start_mwh=device.start_mwh,
            peers=partial(_peers, devices, bay),
            directory=spec.directory,
            note=note_of(name),
        )
        if profile.protocol not in PROTOCOLS:
            raise RigError(f"device {name}: nothing emulates {profile.protocol}")
        devices[name] = PROTOCOLS[profile.protocol](surroundings, device, parts)
    return devices


def make_modbus_device(surroundings: Surroundings, spec: DeviceSpec, parts: Parts) -> EmulatedDevice:
    """Return a device that speaks Modbus, with the behaviour of its kind."""
    profile = surroundings.profile
    unit = profile.modbus.unit if spec.unit is None else spec.unit
    return ModbusDevice(
        surroundings,
        first_that_fits(KINDS, surroundings),
        unit=unit,
        faults=parts.faults,
        fixed=sunspec_map(profile, spec, unit),
    )


def make_openevse(surroundings: Surroundings, _: DeviceSpec, parts: Parts) -> EmulatedDevice:
    """Return an OpenEVSE board."""
    return OwnSerialDevice(surroundings, OpenEvseBehaviour(surroundings), parts.faults, "RAPI")


def make_reader(surroundings: Surroundings, _: DeviceSpec, parts: Parts) -> EmulatedDevice:
    """Return a card reader."""
    return OwnSerialDevice(surroundings, ReaderBehaviour(), parts.faults, "PN532 HSU")


def make_lem_dcbm(surroundings: Surroundings, _: DeviceSpec, parts: Parts) -> EmulatedDevice:
    """Return a LEM DCBM."""
    return WebDevice(surroundings, LemBehaviour(surroundings), parts.faults)


DeviceMaker = Callable[[Surroundings, DeviceSpec, Parts], EmulatedDevice]
PROTOCOLS: Final[dict[Protocol, DeviceMaker]] = {
    "modbus": make_modbus_device,
    "rapi": make_openevse,
    "pn532": make_reader,
    "lem-dcbm": make_lem_dcbm,
}
"""What makes a device, by the protocol of its profile."""


def _peers(devices: Mapping[str, EmulatedDevice], bay: ChargingBay) -> tuple[Behaviour, ...]:
    return tuple(device.behaviour for device in devices.values() if device.bay is bay)


def load_variant(name: str, spec: DeviceSpec, rig: RigSpec) -> Profile:
    """Return the profile of the variant that the device is: the one that goes with what it shows.

    Raises:
        ProfileError: If the profile cannot be used, or is of the wrong kind.
        RigError: If the device is to show a point that it does not have.
    """
    profile = load_profile(spec.profile, rig.profiles, spec.instance)
    if spec.kind not in {None, profile.kind}:
        problem = f"a {spec.kind} is needed, this is a {profile.kind}"
        raise ProfileError(problem, path=profile.path, field="kind")
    for point in spec.shows:
        if point not in {one.name for one in profile.every_point}:
            raise RigError(f"device {name}: {profile.id} has no point {point!r}")
    known: dict[str, Value | None] = {point.name: point.example for point in profile.every_point}
    profile = profile.variant(known | dict(spec.shows))
    sunspec = profile.modbus.sunspec if profile.protocol == "modbus" else None
    return profile if sunspec is None else profile.relocated(model_address(_base(sunspec, spec)))


def sunspec_map(profile: Profile, spec: DeviceSpec, unit: int) -> dict[int, int]:
    """Return the registers around a SunSpec model; none for other devices."""
    sunspec = profile.modbus.sunspec
    if sunspec is None or profile.base is None:
        return {}
    end = max(point.end for point in profile.points if point.space == "holding")
    serial_number = profile.role("serial_number")
    texts = {"maker": profile.maker, "model": profile.model}
    if serial_number is not None:
        texts["serial_number"] = str(spec.shows.get(serial_number.name, serial_number.example or ""))
    return chain(_base(sunspec, spec), sunspec.model, end - profile.base - 2, texts, unit)


def _base(sunspec: SunSpec, spec: DeviceSpec) -> int:
    return sunspec.bases[0] if spec.base is None else spec.base
