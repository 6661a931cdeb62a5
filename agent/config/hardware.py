"""The devices of a station file as the drivers take them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from agent.config.sections import (
    Config,
    DeviceSection,
    DisplaySection,
    EvseSection,
    ReaderSection,
    TlsSection,
)
from drivers.modbus.tls import TlsSettings
from drivers.open import DeviceAddress, Hardware
from drivers.profiles.links import RapiDefaults
from drivers.profiles.load import load_profile
from drivers.readings import Instant


def watchdog_s(config: Config, evse: EvseSection) -> float | None:
    """Return after how long its charge controller falls back by itself; None if it does not."""
    directory = config.profiles_directory
    profile = load_profile(evse.controller.profile, None if directory is None else Path(directory))
    own = profile.link.heartbeat if isinstance(profile.link, RapiDefaults) else profile.watchdog
    return None if own is None else float(own.within_s)


def open_hardware(config: Config, clock: Callable[[], Instant]) -> Hardware:
    """Return the drivers, looking profiles up where the station file says."""
    directory = config.profiles_directory
    return Hardware(clock=clock, profiles=None if directory is None else Path(directory))


def device_address(device: DeviceSection) -> DeviceAddress:
    """Return a device's settings as the drivers take them."""
    tls = None if device.tls is None else _tls_settings(device.tls)
    given = {name: getattr(device, name) for name in DeviceSection.__struct_fields__}
    return DeviceAddress(**{**given, "tls": tls})


def lock_address(evse: EvseSection) -> DeviceAddress | None:
    """Return where the bolt of an EVSE's socket is told to hold the plug; None if there is none."""
    lock = evse.connector.lock
    if isinstance(lock, DeviceSection):
        return device_address(lock)
    return device_address(evse.controller) if lock else None


def reader_address(reader: ReaderSection | DisplaySection) -> DeviceAddress:
    """Return the settings of a card reader or a display as the drivers take them."""
    return DeviceAddress(
        profile=reader.profile, port=reader.port, baud=reader.baud, timeout_s=reader.timeout_s
    )


def _tls_settings(tls: TlsSection) -> TlsSettings:
    return TlsSettings(
        ca_file=_path(tls.ca_file),
        certificate=_path(tls.certificate),
        key=_path(tls.key),
        server_name=tls.server_name,
        check_hostname=tls.check_hostname,
    )


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
