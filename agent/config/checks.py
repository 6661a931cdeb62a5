"""What in a station file is wrong although each value by itself could be right."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from agent.config.hardware import device_address, open_hardware, reader_address
from agent.config.sections import Config, CsmsSection, DeviceSection, EvseSection
from agent.config.words import meant
from agent.firmware.section import problem_of
from agent.iso15118 import section as iso15118
from agent.network.profiles import is_address
from agent.system.clock import StationClock
from agent.variables.checks import ValueRefused, checked
from agent.variables.declared import declared
from drivers.devices.openevse_controller import MOST_A as RAPI_MOST_A
from drivers.open import AddressError, DeviceAddress, Hardware
from drivers.profiles.errors import ProfileError
from drivers.profiles.links import RapiDefaults
from drivers.profiles.load import load_profile

_SOCKET_PATH_BYTES = 107


class Problem(Exception):
    """A rule that spans several values is broken at `path`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(problem)
        self.path = path


def check(config: Config) -> None:
    """Hold a station file against everything that it names.

    Raises:
        Problem: What is wrong, and where.
    """
    if config.csms is not None:
        _check_csms(config.csms, config.station.id)
    elif config.payment is not None:
        raise Problem("payment", "payments need a backend: add [csms], or leave [payment] out")
    if config.profiles_directory is not None and not Path(config.profiles_directory).is_dir():
        raise Problem("profiles_directory", f"there is no directory {config.profiles_directory}")
    if len(os.fsencode(config.state.control_socket)) > _SOCKET_PATH_BYTES:
        raise Problem("state.control_socket", f"a socket's path has at most {_SOCKET_PATH_BYTES} bytes")
    file_problem = problem_of(config.firmware, config.transfer)
    if file_problem is not None:
        raise Problem(*file_problem)
    seen: set[int] = set()
    for index, evse in enumerate(config.evse):
        if evse.id in seen:
            raise Problem(f"evse[{index}].id", f"EVSE {evse.id} is described twice; number them from 1")
        seen.add(evse.id)
    _check_devices(config)
    for index, evse in enumerate(config.evse):
        if evse.id > len(seen):
            wanted = f"EVSE ids must be 1 to {len(seen)} here, without gaps (OCPP numbers them so)"
            raise Problem(f"evse[{index}].id", wanted)
    _check_vehicle_links(config)
    _check_variables(config.variables)
    _check_points(config)


def _check_csms(csms: CsmsSection, station_id: str) -> None:
    if not is_address(csms.url):
        raise Problem(
            "csms.url", 'expected ws://host:port/path or wss://..., such as "wss://csms.example/ocpp"'
        )
    twice = next((one for one in csms.versions if csms.versions.count(one) > 1), None)
    if twice is not None:
        raise Problem("csms.versions", f"{twice} is there twice; name each version once, the preferred first")
    if csms.password and csms.password_file:
        raise Problem("csms.password_file", "give either password or password_file")
    if ":" in station_id and (csms.password or csms.password_file):
        raise Problem("station.id", "with a password, an id has no colon (HTTP Basic, A00.FR.303)")
    _check_security(csms)


def _check_security(csms: CsmsSection) -> None:
    is_tls, profile = csms.url.startswith("wss:"), csms.security_profile
    if csms.ca_file and not is_tls:
        raise Problem("csms.ca_file", "a CA file is of use with a wss:// address only")
    if bool(csms.certificate_file) != bool(csms.key_file):
        raise Problem("csms.key_file", "give certificate_file and key_file together")
    if csms.certificate_file and not is_tls:
        raise Problem("csms.certificate_file", "a certificate is of use with a wss:// address only")
    if profile is not None and is_tls != (profile > 1):
        wanted = "wss://" if profile > 1 else "ws://"
        raise Problem("csms.security_profile", f"security profile {profile} goes with {wanted}")
    if profile == 2 and not (csms.password or csms.password_file):
        raise Problem("csms.security_profile", "security profile 2 needs a password")


def _check_devices(config: Config) -> None:
    """Look every device up as the agent will; nothing is opened."""
    hardware = open_hardware(config, StationClock().instant)
    controllers: dict[tuple[object, ...], int] = {}
    for index, evse in enumerate(config.evse):
        places: tuple[tuple[str, DeviceSection, Callable[[DeviceAddress], object]], ...] = (
            (f"evse[{index}].meter", evse.meter, hardware.signed_meter if evse.signed else hardware.meter),
            (f"evse[{index}].controller", evse.controller, hardware.charge_controller),
            *((path, device, hardware.lock) for path, device in _lock_place(index, evse)),
            *((path, device, hardware.phase_switch) for path, device in _switch_place(index, evse)),
            *((path, device, hardware.bay_sensor) for path, device in _bay_place(index, evse)),
            *((path, device, hardware.digital_pilot) for path, device in _pilot_place(index, evse)),
            *_dc_places(index, evse, hardware),
        )
        for path, device, open_device in places:
            if [device.port, device.host, device.listen].count(None) != 2:
                ways = (
                    'port = "/dev/..." (serial), host = "..." (network) or listen = "..." (it connects to us)'
                )
                raise Problem(path, f"give one of {ways}")
            _check_texts(path, device)
            _try(path, open_device, device_address(device))
        other = controllers.setdefault(_place(evse.controller), evse.id)
        if other != evse.id:
            problem = f"EVSE {other} has this controller: two EVSEs cannot share a contactor and a pilot"
            raise Problem(f"evse[{index}].controller", problem)
        _check_limit(config, index)
    _check_readers(config, hardware)
    _check_displays(config, hardware)


def _lock_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    """Return where the station file describes the lock, and the device that is one."""
    lock = evse.connector.lock
    if lock and evse.connector.has_fixed_cable:
        problem = f"a {evse.connector.type} has its cable attached: there is nothing to lock"
        raise Problem(f"evse[{index}].connector.lock", problem)
    if isinstance(lock, DeviceSection):
        return ((f"evse[{index}].connector.lock", lock),)
    return ((f"evse[{index}].controller", evse.controller),) if lock else ()


def _switch_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    switch = evse.phase_switch
    if switch and evse.phases == 1:
        raise Problem(f"evse[{index}].phase_switch", "an EVSE of one phase has none to switch")
    if isinstance(switch, DeviceSection):
        return ((f"evse[{index}].phase_switch", switch),)
    return ((f"evse[{index}].controller", evse.controller),) if switch else ()


def _bay_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    return () if evse.bay_sensor is None else ((f"evse[{index}].bay_sensor", evse.bay_sensor),)


def _pilot_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    is_told = evse.iso15118 is not None and evse.iso15118.pilot == "controller"
    return ((f"evse[{index}].controller", evse.controller),) if is_told else ()


def _dc_places(
    index: int, evse: EvseSection, hardware: Hardware
) -> tuple[tuple[str, DeviceSection, Callable[[DeviceAddress], object]], ...]:
    """Return what an EVSE of direct current has besides, all of it or nothing."""
    path, wanted = f"evse[{index}]", (evse.supply, evse.isolation_monitor, evse.iso15118)
    if evse.supply is None and evse.isolation_monitor is None:
        if evse.connector.is_dc and evse.iso15118 is not None:
            raise Problem(f"{path}.iso15118", "direct current needs supply and isolation_monitor")
        return ()
    if not evse.connector.is_dc:
        problem = f"a {evse.connector.type} has alternating current: leave supply and isolation_monitor out"
        raise Problem(f"{path}.connector.type", problem)
    if evse.supply is None or evse.isolation_monitor is None or evse.iso15118 is None:
        names = ("supply", "isolation_monitor", "iso15118")
        missing = ", ".join(name for name, one in zip(names, wanted, strict=True) if one is None)
        raise Problem(f"{path}", f"direct current needs {missing}, too")
    return (
        (f"{path}.supply", evse.supply, hardware.dc_supply),
        (f"{path}.isolation_monitor", evse.isolation_monitor, hardware.isolation_monitor),
    )


def _check_readers(config: Config, hardware: Hardware) -> None:
    ports: set[str] = set()
    for index, reader in enumerate(config.reader):
        path = f"reader[{index}]"
        if not (reader.port and reader.port.isprintable()):
            raise Problem(f"{path}.port", "expected a name without control characters")
        _try(path, hardware.card_reader, reader_address(reader))
        if os.path.realpath(reader.port) in ports:
            raise Problem(f"{path}.port", "this reader is described twice")
        ports.add(os.path.realpath(reader.port))
        if reader.evse is not None and reader.evse not in {evse.id for evse in config.evse}:
            raise Problem(f"{path}.evse", f"there is no EVSE {reader.evse}")


def _check_displays(config: Config, hardware: Hardware) -> None:
    for index, display in enumerate(config.display):
        path = f"display[{index}]"
        if not (display.port and display.port.isprintable()):
            raise Problem(f"{path}.port", "expected a name without control characters")
        _try(path, hardware.display, reader_address(display))
        if display.evse is not None and display.evse not in {evse.id for evse in config.evse}:
            raise Problem(f"{path}.evse", f"there is no EVSE {display.evse}")


def _try(path: str, open_device: Callable[[DeviceAddress], object], address: DeviceAddress) -> None:
    """Look one device up; nothing is opened."""
    try:
        open_device(address)
    except ProfileError as error:
        raise Problem(f"{path}.profile", str(error)) from error
    except AddressError as error:
        raise Problem(f"{path}.{error.field}", error.problem) from error


def _place(device: DeviceSection) -> tuple[object, ...]:
    """Return where a device answers, as far as the station file says it."""
    unit = device.profile if device.unit is None else device.unit
    return device.port, device.host, device.listen, device.tcp_port, unit, device.instance


def _check_texts(path: str, device: DeviceSection) -> None:
    texts = {name: getattr(device, name) for name in ("profile", "port", "host", "listen", "caller")}
    if device.tls:
        texts |= {f"tls.{name}": value for name, value in msgspec.structs.asdict(device.tls).items()}
    for name, text in texts.items():
        if isinstance(text, str) and not (text and text.isprintable()):
            raise Problem(f"{path}.{name}", "expected a name without control characters")


def _check_limit(config: Config, index: int) -> None:
    """Refuse a current that the charge controller cannot be set to, whichever variant of it there is."""
    evse, directory = config.evse[index], config.profiles_directory
    if evse.supply is not None:
        return  # the controller moves the contactor, the supply keeps to the limit
    profile = load_profile(evse.controller.profile, None if directory is None else Path(directory))
    limits = [point for point in profile.every_point if point.role == "max_current"]
    is_too_much = isinstance(profile.link, RapiDefaults) and evse.max_current_a > RAPI_MOST_A
    if is_too_much or (limits and not any(point.allows(Decimal(evse.max_current_a)) for point in limits)):
        problem = f"{profile.id} cannot be set to {evse.max_current_a} A"
        raise Problem(f"evse[{index}].max_current_a", problem)


def _check_vehicle_links(config: Config) -> None:
    interfaces: dict[str, int] = {}
    ids: dict[str, int] = {}
    for index, evse in enumerate(config.evse):
        if (link := evse.iso15118) is None:
            continue
        found = iso15118.problem_of(link, is_dc=evse.connector.is_dc, has_backend=config.csms is not None)
        if found is not None:
            raise Problem(f"evse[{index}].iso15118.{found[0]}", found[1])
        other = interfaces.setdefault(link.interface, evse.id)
        if other != evse.id:
            problem = f"EVSE {other} has this interface: each needs a modem of its own"
            raise Problem(f"evse[{index}].iso15118.interface", problem)
        other = ids.setdefault(link.evse_id, evse.id)
        if other != evse.id:
            raise Problem(f"evse[{index}].iso15118.evse_id", f"EVSE {other} has this id: each has its own")


def _check_variables(variables: dict[str, Any]) -> None:
    by_name = {variable.name: variable for variable in declared()}
    for name, value in variables.items():
        variable = by_name.get(name)
        if variable is None or variable.default is None:
            problem = f"no such variable{meant(name, by_name)}; `chargehand-agent variables` lists them"
            raise Problem(f"variables.{name}", problem)
        if not isinstance(value, str | int):
            raise Problem(f"variables.{name}", "takes a text, a whole number, true or false")
        try:
            checked(variable, as_text(value))
        except ValueRefused as error:
            raise Problem(f"variables.{name}", str(error)) from error


def _check_points(config: Config) -> None:
    """Refuse start and stop points that never come true with these devices (E01, E06)."""
    hardware = open_hardware(config, StationClock().instant)
    for name in ("TxCtrlr.TxStartPoint", "TxCtrlr.TxStopPoint"):
        points = str(config.variables.get(name, ""))
        for evse in config.evse:
            if "ParkingBayOccupancy" in points and evse.bay_sensor is None:
                raise Problem(f"variables.{name}", f"EVSE {evse.id} has no bay_sensor to see who parks")
            if "DataSigned" in points and not _signs_begin(hardware, evse):
                raise Problem(f"variables.{name}", f"the meter of EVSE {evse.id} signs no beginning")


def _signs_begin(hardware: Hardware, evse: EvseSection) -> bool:
    return evse.signed and hardware.signed_meter(device_address(evse.meter)).signs_begin


def as_text(value: str | int | bool) -> str:
    """Return a value of [variables] as OCPP writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
