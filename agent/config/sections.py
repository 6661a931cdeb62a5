"""The sections of the station file, as they are written; `load.py` reads and checks it as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from agent.emulation.section import EmulatorSection
from agent.firmware.section import FirmwareSection, TransferSection
from agent.iso15118.section import Iso15118Section
from agent.network.profiles import VERSIONS, OcppVersion
from agent.payments.section import PaymentSection
from drivers.modbus.endpoint import Framer

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]

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

    @property
    def is_dc(self) -> bool:
        """Whether it carries direct current to vehicles that speak ISO 15118 or DIN 70121 (CCS)."""
        return self.type in {"cCCS1", "cCCS2"}


class BaySensorSection(DeviceSection, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[evse.bay_sensor]: what looks whether a vehicle stands in the bay.

    `settle_s`: for how long it must say the same before it counts. `inverted`: it says the contrary.
    """

    settle_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 2.0
    inverted: bool = False


class SupplySection(DeviceSection, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[evse.supply]: what makes direct current for a vehicle.

    `least_voltage_v` is the lowest that it can hold under load. `efficiency` is the part of the power of the
    mains that arrives at the vehicle: charging limits are for the mains.
    """

    least_voltage_v: Annotated[float, msgspec.Meta(ge=0, le=1500)] = 150.0
    efficiency: Annotated[float, msgspec.Meta(ge=0.5, le=1)] = 0.95


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
    iso15118: Iso15118Section | None = None
    supply: SupplySection | None = None
    isolation_monitor: DeviceSection | None = None


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
