"""The station file: TOML, checked as a whole before anything is opened.

Every problem is reported with the file, the line and what would be right. The process then ends with
EX_CONFIG (78), which systemd does not restart from.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from agent.config_words import hint, key_path, meant, toml_error
from agent.emulation.section import EmulatorSection
from agent.firmware.section import FirmwareSection, TransferSection, problem_of
from agent.network.profiles import VERSIONS, OcppVersion, is_address
from agent.payments.section import PaymentSection
from agent.system.clock import StationClock
from agent.system.files import why_unreadable
from agent.toml_lines import line_of
from agent.variables.checks import ValueRefused, checked
from agent.variables.declared import declared
from drivers.devices.openevse_controller import MOST_A as RAPI_MOST_A
from drivers.modbus.endpoint import Framer
from drivers.modbus.tls import TlsSettings
from drivers.open import AddressError, DeviceAddress, Hardware
from drivers.profiles.errors import ProfileError
from drivers.profiles.links import RapiDefaults
from drivers.profiles.load import load_profile
from drivers.readings import Instant

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
_SOCKET_PATH_BYTES = 107

TcpPort = Annotated[int, msgspec.Meta(ge=1, le=65535)]
Amperes = Annotated[int, msgspec.Meta(ge=6, le=500)]


class ConfigError(Exception):
    """The station file is wrong. The message names file, line and fix."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class StationSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[station]: who this charging station is; lengths are those of BootNotification."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9*_=:+|@.-]{1,48}$")]
    vendor: Name
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    serial: Annotated[str, msgspec.Meta(max_length=25)] = ""
    firmware: Annotated[str, msgspec.Meta(max_length=50)] = ""
    supply_phases: Literal[1, 3] = 3
    supply_current_a: Amperes | None = None
    """What a phase of the supply carries for all EVSEs together; None if it carries them all at once."""


class CsmsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[csms]: the backend; a station may do without. `password_file` keeps the password out of this file.

    `versions` of OCPP are offered in this order; the backend chooses.
    """

    url: str
    versions: Annotated[tuple[OcppVersion, ...], msgspec.Meta(min_length=1)] = VERSIONS
    password: str = ""
    password_file: str = ""
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    security_profile: Literal[1, 2, 3] | None = None
    allow_lower_security: bool = False


class StateSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[state]: where the station keeps what must survive a power cut, and its control socket.

    `outbox_limit_mb` is the most that the state takes on the disk (MiB) before meter values are thinned.
    """

    directory: str = "/var/lib/chargehand"
    control_socket: str = "/run/chargehand/agent.sock"
    outbox_limit_mb: Annotated[int, msgspec.Meta(ge=4, le=4096)] = 32


class TlsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TLS to a device; certificates in PEM files. Without `ca_file` the system's authorities are believed."""

    ca_file: str | None = None
    certificate: str | None = None
    key: str | None = None
    server_name: str | None = None
    check_hostname: bool = True


class DeviceSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device on a serial port (`port`), on the network (`host`), or one that connects to us (`listen`).

    Its profile has the defaults.
    """

    profile: str
    port: str | None = None
    baud: Annotated[int, msgspec.Meta(ge=300, le=1_000_000)] | None = None
    parity: Literal["N", "E", "O"] | None = None
    stopbits: Literal[1, 2] | None = None
    rs485: bool = False
    host: str | None = None
    tcp_port: TcpPort | None = None
    listen: str | None = None
    caller: str | None = None
    rtu_over_tcp: bool = False
    tls: TlsSection | None = None
    framing: Framer = "chargehand"
    unit: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None
    instance: Annotated[int, msgspec.Meta(ge=1, le=99)] = 1
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=10)] = 0.5


class ConnectorSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[evse.connector]: the type as OCPP names it, such as cType2, sType2, cCCS2."""

    type: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] = "cType2"
    lock: bool | DeviceSection = False
    """Whether a bolt holds the plug, by the charge controller (true) or by a device of its own."""

    @property
    def has_fixed_cable(self) -> bool:
        """Whether the cable belongs to the station: ConnectorEnumType marks it with a c."""
        return self.type.startswith("c")


class BaySensorSection(DeviceSection, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[evse.bay_sensor]: what looks whether a vehicle stands in the bay.

    `settle_s`: for how long it must say the same before it counts. `inverted`: it says the contrary.
    """

    settle_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 2.0
    inverted: bool = False


class EvseSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[evse]]: one EVSE with its meter and its charge controller.

    `meter_limit_kw` is the power that can flow through the meter, where it is more than the EVSE's own.
    `signed`: the meter signs every transaction, and no energy flows before it has begun.
    """

    id: Annotated[int, msgspec.Meta(ge=1, le=99)]
    max_current_a: Amperes
    meter_limit_kw: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] | None = None
    phases: Literal[1, 3] = 3
    signed: bool = False
    phase_switch: bool | DeviceSection = False
    """Whether the vehicle can be put on one phase, by the charge controller (true) or a device of its own."""
    connector: ConnectorSection = ConnectorSection()
    meter: DeviceSection
    controller: DeviceSection
    bay_sensor: BaySensorSection | None = None


class ReaderSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[reader]]: a card reader, of one EVSE or of the whole station."""

    profile: str
    port: str
    baud: Annotated[int, msgspec.Meta(ge=300, le=1_000_000)] | None = None
    evse: int | None = None
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=10)] = 0.5


class DisplaySection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[display]]: a text display, of one EVSE or of the whole station; it may be a charge controller's."""

    profile: str
    port: str
    baud: Annotated[int, msgspec.Meta(ge=300, le=1_000_000)] | None = None
    evse: int | None = None
    timeout_s: Annotated[float, msgspec.Meta(gt=0, le=10)] = 0.5


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole station file."""

    station: StationSection
    csms: CsmsSection | None = None
    state: StateSection = StateSection()
    evse: Annotated[tuple[EvseSection, ...], msgspec.Meta(min_length=1)]
    reader: tuple[ReaderSection, ...] = ()
    display: tuple[DisplaySection, ...] = ()
    variables: dict[str, Any] = {}
    profiles_directory: str | None = None
    firmware: FirmwareSection = FirmwareSection()
    transfer: TransferSection = TransferSection()
    emulator: EmulatorSection | None = None
    payment: PaymentSection | None = None


class _Problem(Exception):
    """A rule that spans several values is broken at `path`."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(problem)
        self.path = path


def load_config(path: Path) -> Config:
    """Read and check a station file.

    Raises:
        ConfigError: If it cannot be read, is no TOML, or anything in it is wrong.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, f"the station file cannot be read: {why_unreadable(error)}") from error
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line, problem = toml_error(text, str(error))
        raise ConfigError(path, line, f"not TOML: {problem}") from error
    try:
        config = msgspec.convert(data, Config)
        _check(config)
    except msgspec.ValidationError as error:
        problem, _, where = str(error).partition(" - at ")
        place = where.strip("`") or "$"
        at = "" if place == "$" else f"{place.removeprefix('$.')}: "
        line = line_of(text, key_path(place, problem))
        raise ConfigError(path, line, f"{at}{problem}{hint(place, problem, Config)}") from error
    except _Problem as problem_found:
        raise ConfigError(
            path, line_of(text, problem_found.path), f"{problem_found.path}: {problem_found}"
        ) from problem_found
    return config


def variable_overrides(config: Config) -> dict[str, str]:
    """Return [variables] as the device model takes it; `load_config` has checked the values."""
    by_name = {variable.name: variable for variable in declared()}
    return {name: checked(by_name[name], _as_text(value)) for name, value in config.variables.items()}


def read_password(csms: CsmsSection) -> str:
    """Return the station's password for HTTP Basic authentication, "" for none.

    Raises:
        ConfigError: If the password file cannot be read.
    """
    if not csms.password_file:
        return csms.password
    path = Path(csms.password_file)
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, f"the password file cannot be read: {why_unreadable(error)}") from error


def _check(config: Config) -> None:
    if config.csms is not None:
        _check_csms(config.csms, config.station.id)
    if config.profiles_directory is not None and not Path(config.profiles_directory).is_dir():
        raise _Problem("profiles_directory", f"there is no directory {config.profiles_directory}")
    if len(os.fsencode(config.state.control_socket)) > _SOCKET_PATH_BYTES:
        raise _Problem("state.control_socket", f"a socket's path has at most {_SOCKET_PATH_BYTES} bytes")
    file_problem = problem_of(config.firmware, config.transfer)
    if file_problem is not None:
        raise _Problem(*file_problem)
    seen: set[int] = set()
    for index, evse in enumerate(config.evse):
        if evse.id in seen:
            raise _Problem(f"evse[{index}].id", f"EVSE {evse.id} is described twice; number them from 1")
        seen.add(evse.id)
    _check_devices(config)
    for index, evse in enumerate(config.evse):
        if evse.id > len(seen):
            wanted = f"EVSE ids must be 1 to {len(seen)} here, without gaps (OCPP numbers them so)"
            raise _Problem(f"evse[{index}].id", wanted)
    _check_variables(config.variables)
    _check_points(config)


def _check_csms(csms: CsmsSection, station_id: str) -> None:
    if not is_address(csms.url):
        raise _Problem(
            "csms.url", 'expected ws://host:port/path or wss://..., such as "wss://csms.example/ocpp"'
        )
    if csms.password and csms.password_file:
        raise _Problem("csms.password_file", "give either password or password_file")
    if ":" in station_id and (csms.password or csms.password_file):
        raise _Problem("station.id", "with a password, an id has no colon (HTTP Basic, A00.FR.303)")
    _check_security(csms)


def _check_security(csms: CsmsSection) -> None:
    is_tls, profile = csms.url.startswith("wss:"), csms.security_profile
    if csms.ca_file and not is_tls:
        raise _Problem("csms.ca_file", "a CA file is of use with a wss:// address only")
    if bool(csms.certificate_file) != bool(csms.key_file):
        raise _Problem("csms.key_file", "give certificate_file and key_file together")
    if csms.certificate_file and not is_tls:
        raise _Problem("csms.certificate_file", "a certificate is of use with a wss:// address only")
    if profile is not None and is_tls != (profile > 1):
        wanted = "wss://" if profile > 1 else "ws://"
        raise _Problem("csms.security_profile", f"security profile {profile} goes with {wanted}")
    if profile == 2 and not (csms.password or csms.password_file):
        raise _Problem("csms.security_profile", "security profile 2 needs a password")


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
        )
        for path, device, open_device in places:
            if [device.port, device.host, device.listen].count(None) != 2:
                ways = (
                    'port = "/dev/..." (serial), host = "..." (network) or listen = "..." (it connects to us)'
                )
                raise _Problem(path, f"give one of {ways}")
            _check_texts(path, device)
            _try(path, open_device, device_address(device))
        other = controllers.setdefault(_place(evse.controller), evse.id)
        if other != evse.id:
            problem = f"EVSE {other} has this controller: two EVSEs cannot share a contactor and a pilot"
            raise _Problem(f"evse[{index}].controller", problem)
        _check_limit(config, index)
    _check_readers(config, hardware)
    _check_displays(config, hardware)


def _lock_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    """Return where the station file describes the lock, and the device that is one."""
    lock = evse.connector.lock
    if lock and evse.connector.has_fixed_cable:
        problem = f"a {evse.connector.type} has its cable attached: there is nothing to lock"
        raise _Problem(f"evse[{index}].connector.lock", problem)
    if isinstance(lock, DeviceSection):
        return ((f"evse[{index}].connector.lock", lock),)
    return ((f"evse[{index}].controller", evse.controller),) if lock else ()


def _switch_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    switch = evse.phase_switch
    if switch and evse.phases == 1:
        raise _Problem(f"evse[{index}].phase_switch", "an EVSE of one phase has none to switch")
    if isinstance(switch, DeviceSection):
        return ((f"evse[{index}].phase_switch", switch),)
    return ((f"evse[{index}].controller", evse.controller),) if switch else ()


def _bay_place(index: int, evse: EvseSection) -> tuple[tuple[str, DeviceSection], ...]:
    return () if evse.bay_sensor is None else ((f"evse[{index}].bay_sensor", evse.bay_sensor),)


def _check_readers(config: Config, hardware: Hardware) -> None:
    ports: set[str] = set()
    for index, reader in enumerate(config.reader):
        path = f"reader[{index}]"
        if not (reader.port and reader.port.isprintable()):
            raise _Problem(f"{path}.port", "expected a name without control characters")
        _try(path, hardware.card_reader, reader_address(reader))
        if os.path.realpath(reader.port) in ports:
            raise _Problem(f"{path}.port", "this reader is described twice")
        ports.add(os.path.realpath(reader.port))
        if reader.evse is not None and reader.evse not in {evse.id for evse in config.evse}:
            raise _Problem(f"{path}.evse", f"there is no EVSE {reader.evse}")


def _check_displays(config: Config, hardware: Hardware) -> None:
    for index, display in enumerate(config.display):
        path = f"display[{index}]"
        if not (display.port and display.port.isprintable()):
            raise _Problem(f"{path}.port", "expected a name without control characters")
        _try(path, hardware.display, reader_address(display))
        if display.evse is not None and display.evse not in {evse.id for evse in config.evse}:
            raise _Problem(f"{path}.evse", f"there is no EVSE {display.evse}")


def _try(path: str, open_device: Callable[[DeviceAddress], object], address: DeviceAddress) -> None:
    """Look one device up; nothing is opened."""
    try:
        open_device(address)
    except ProfileError as error:
        raise _Problem(f"{path}.profile", str(error)) from error
    except AddressError as error:
        raise _Problem(f"{path}.{error.field}", error.problem) from error


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
            raise _Problem(f"{path}.{name}", "expected a name without control characters")


def _check_limit(config: Config, index: int) -> None:
    """Refuse a current that the charge controller cannot be set to, whichever variant of it there is."""
    evse, directory = config.evse[index], config.profiles_directory
    profile = load_profile(evse.controller.profile, None if directory is None else Path(directory))
    limits = [point for point in profile.every_point if point.role == "max_current"]
    is_too_much = isinstance(profile.link, RapiDefaults) and evse.max_current_a > RAPI_MOST_A
    if is_too_much or (limits and not any(point.allows(Decimal(evse.max_current_a)) for point in limits)):
        problem = f"{profile.id} cannot be set to {evse.max_current_a} A"
        raise _Problem(f"evse[{index}].max_current_a", problem)


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


def _check_variables(variables: dict[str, Any]) -> None:
    by_name = {variable.name: variable for variable in declared()}
    for name, value in variables.items():
        variable = by_name.get(name)
        if variable is None or variable.default is None:
            problem = f"no such variable{meant(name, by_name)}; `chargehand-agent variables` lists them"
            raise _Problem(f"variables.{name}", problem)
        if not isinstance(value, str | int):
            raise _Problem(f"variables.{name}", "takes a text, a whole number, true or false")
        try:
            checked(variable, _as_text(value))
        except ValueRefused as error:
            raise _Problem(f"variables.{name}", str(error)) from error


def _check_points(config: Config) -> None:
    """Refuse start and stop points that never come true with these devices (E01, E06)."""
    hardware = open_hardware(config, StationClock().instant)
    for name in ("TxCtrlr.TxStartPoint", "TxCtrlr.TxStopPoint"):
        points = str(config.variables.get(name, ""))
        for evse in config.evse:
            if "ParkingBayOccupancy" in points and evse.bay_sensor is None:
                raise _Problem(f"variables.{name}", f"EVSE {evse.id} has no bay_sensor to see who parks")
            if "DataSigned" in points and not _signs_begin(hardware, evse):
                raise _Problem(f"variables.{name}", f"the meter of EVSE {evse.id} signs no beginning")


def _signs_begin(hardware: Hardware, evse: EvseSection) -> bool:
    return evse.signed and hardware.signed_meter(device_address(evse.meter)).signs_begin


def _as_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
