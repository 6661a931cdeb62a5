"""Where a device is and what it is, as a station says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drivers.modbus.endpoint import Framer
from drivers.modbus.tls import TlsSettings
from drivers.modbus.transport import SerialSettings
from drivers.profiles.links import SerialLine
from drivers.profiles.model import Profile


class AddressError(ValueError):
    """A device's address cannot be used; `field` names the member of DeviceAddress that is wrong."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAddress:
    """Where a device is and what it is. What is None comes from the profile.

    One of `port` (a serial line), `host` (we connect) and `listen` (the device connects to us) must be given.
    """

    profile: str | Path
    port: str | None = None
    baud: int | None = None
    parity: Literal["N", "E", "O"] | None = None
    stopbits: Literal[1, 2] | None = None
    host: str | None = None
    tcp_port: int | None = None
    """Of the device, or with `listen` our own."""
    listen: str | None = None
    """An address of ours."""
    caller: str | None = None
    """With `listen`: the only address that may connect."""
    rtu_over_tcp: bool = False
    """Serial frames through a TCP connection, as simple gateways pass them on."""
    tls: TlsSettings | None = None
    rs485: bool = False
    """The kernel has to switch the transmitter of the serial port."""
    framing: Framer = "chargehand"
    unit: int | None = None
    instance: int = 1
    """Which of several in one device, such as a charger's connectors."""
    timeout_s: float = 0.5


def serial_settings(address: DeviceAddress, profile: Profile, default: SerialLine | None) -> SerialSettings:
    """Return how a device's serial line is driven, completed from its profile.

    Raises:
        AddressError: If neither says it all.
    """
    baud = address.baud or (default.baud if default else None)
    parity = address.parity or (default.parity if default else None)
    stop_bits = address.stopbits or (default.stop_bits if default else None)
    if baud is None or parity is None or stop_bits is None:
        missing = "baud" if baud is None else "parity" if parity is None else "stopbits"
        raise AddressError(missing, f"{profile.id} has no default, so it must be given")
    return SerialSettings(baud=baud, parity=parity, stop_bits=stop_bits, rs485=address.rs485)
