"""Where a bus is: the one place that chooses link, frames and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from drivers.modbus.line_transport import LineTransport
from drivers.modbus.link import Link
from drivers.modbus.mbap import MbapFraming
from drivers.modbus.rtu import RtuFraming
from drivers.modbus.serial_link import SerialLink
from drivers.modbus.tcp_link import DialInLink, TcpLink
from drivers.modbus.tls import TlsSettings
from drivers.modbus.transport import SerialSettings, Transport
from drivers.readings import Instant

Framer = Literal["chargehand", "pymodbus"]
"""Whose frames go out; pymodbus serves serial ports and plain TCP, for comparison."""


class EndpointError(ValueError):
    """There is no such way to reach a bus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialEndpoint:
    """A serial port with Modbus RTU."""

    port: str
    settings: SerialSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpEndpoint:
    """A host that we connect to; `rtu` sends serial frames through the connection."""

    host: str
    port: int
    rtu: bool = False
    tls: TlsSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialInEndpoint:
    """An address of ours that the device connects to; we are the master all the same."""

    host: str
    port: int
    rtu: bool = False
    tls: TlsSettings | None = None
    caller: str | None = None
    """The only address that may connect, if given."""


Endpoint = SerialEndpoint | TcpEndpoint | DialInEndpoint


def transport_for(
    endpoint: Endpoint, clock: Callable[[], Instant], framing: Framer = "chargehand"
) -> Transport:
    """Return the transport, not opened yet.

    Raises:
        EndpointError: If that framing cannot do it.
    """
    if framing == "pymodbus":
        return _pymodbus(endpoint, clock)
    link = link_for(endpoint)
    if isinstance(endpoint, SerialEndpoint):
        return LineTransport(link, RtuFraming(), clock, serial=endpoint.settings)
    return LineTransport(link, RtuFraming() if endpoint.rtu else MbapFraming(), clock)


def link_for(endpoint: Endpoint) -> Link:
    """Return what carries the bytes, not opened yet."""
    if isinstance(endpoint, SerialEndpoint):
        return SerialLink(endpoint.port, endpoint.settings)
    if isinstance(endpoint, TcpEndpoint):
        return TcpLink(endpoint.host, endpoint.port, endpoint.tls)
    return DialInLink(endpoint.host, endpoint.port, endpoint.tls, caller=endpoint.caller)


def _pymodbus(endpoint: Endpoint, clock: Callable[[], Instant]) -> Transport:
    from drivers.modbus.pymodbus_transport import (  # noqa: PLC0415 - 3 MB that most stations do without
        PymodbusSerial,
        PymodbusTcp,
    )

    if isinstance(endpoint, SerialEndpoint):
        if endpoint.settings.rs485:
            raise EndpointError("pymodbus leaves RS-485 switching to the adapter: no rs485 with it")
        return PymodbusSerial(endpoint.port, endpoint.settings, clock)
    if isinstance(endpoint, TcpEndpoint) and endpoint.tls is None:
        return PymodbusTcp(endpoint.host, endpoint.port, clock, rtu=endpoint.rtu)
    raise EndpointError("pymodbus serves serial ports and plain TCP only")
