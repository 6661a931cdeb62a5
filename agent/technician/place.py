"""BUS on the command line: which bus is meant, and a running bus for it."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from agent.system.clock import StationClock
from agent.technician.arguments import directory, seconds, whole_number
from agent.technician.errors import TechnicianError
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import Endpoint, EndpointError, Framer, transport_for
from drivers.modbus.line import running
from drivers.modbus.tls import TlsSettings
from drivers.open import AddressError, DeviceAddress, endpoint_of
from drivers.profiles.errors import ProfileError
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile

Scheme = Literal["serial", "tcp", "rtu+tcp", "tls", "listen"]
SCHEMES: tuple[Scheme, ...] = ("tcp", "rtu+tcp", "tls", "listen")
BUS_HELP = "/dev/ttyX, HOST[:PORT], rtu+tcp://HOST:PORT, tls://HOST:PORT or listen://ADDRESS:PORT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A serial port, or a host and perhaps a port."""

    scheme: Scheme
    name: str
    port: int | None = None


def parse_place(text: str) -> Place:
    """Return the place that BUS names.

    Raises:
        ArgumentTypeError: If it names none.
    """
    if "/" in text and "://" not in text:
        return Place(scheme="serial", name=text)
    address = text if "://" in text else f"tcp://{text}"
    if text.startswith("tty") or (text and ":" not in text and Path(text).exists()):
        raise argparse.ArgumentTypeError(f"{text!r} would be a host; is /dev/{text} or ./{text} meant?")
    wrong = argparse.ArgumentTypeError(f"{text!r} is no bus; expected {BUS_HELP}")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    scheme = next((known for known in SCHEMES if known == parts.scheme), None)
    if scheme is None or not host or parts.path or parts.query or port == 0:
        raise wrong
    return Place(scheme=scheme, name=host, port=port)


def add_line_options(parser: argparse.ArgumentParser, *, timeout_s: float = 0.5) -> None:
    """Add BUS and what a bus may need to be told."""
    parser.add_argument("bus", metavar="BUS", type=parse_place, help=BUS_HELP)
    parser.add_argument("--baud", type=whole_number(300, 1_000_000), help="of a serial line")
    parser.add_argument("--parity", choices=("N", "E", "O"), help="of a serial line")
    parser.add_argument("--stopbits", type=int, choices=(1, 2), help="of a serial line")
    parser.add_argument(
        "--rs485", action="store_true", help="let the kernel switch the port's RS-485 transmitter"
    )
    parser.add_argument(
        "--timeout", type=seconds, default=timeout_s, metavar="S", help=f"for a reply (default: {timeout_s})"
    )
    parser.add_argument("--ca-file", type=Path, help="with tls://: who vouches for the device")
    parser.add_argument("--certificate", type=Path, help="with tls:// and listen://: our own, with its key")
    parser.add_argument(
        "--any-hostname", action="store_true", help="with tls://: the name in the certificate may differ"
    )
    parser.add_argument(
        "--framing",
        choices=("chargehand", "pymodbus"),
        default="chargehand",
        help="whose Modbus frames to use; pymodbus is a second opinion (default: chargehand)",
    )
    parser.add_argument(
        "--profiles", type=directory, metavar="DIR", help="a folder with profiles of your own"
    )


def profile_of(arguments: argparse.Namespace) -> Profile:
    """Return the profile that PROFILE names: an id or a file.

    Raises:
        TechnicianError: If there is none, or its devices cannot be asked.
    """
    try:
        profile = load_profile(arguments.profile, arguments.profiles, arguments.instance)
        if profile.modbus.answers:
            raise TechnicianError(f"{profile.id}: such a device asks by itself; only the agent can serve it")
    except ProfileError as error:
        raise TechnicianError(str(error)) from error
    return profile


def address_of(arguments: argparse.Namespace, profile: Profile) -> DeviceAddress:
    """Return where the device is; what is left open comes from the profile."""
    place: Place = arguments.bus
    tls = TlsSettings(
        ca_file=arguments.ca_file,
        certificate=arguments.certificate,
        check_hostname=not arguments.any_hostname,
    )
    uses_tls = place.scheme == "tls" or (place.scheme == "listen" and arguments.certificate is not None)
    return DeviceAddress(
        profile=profile.path,
        port=place.name if place.scheme == "serial" else None,
        host=place.name if place.scheme not in {"serial", "listen"} else None,
        listen=place.name if place.scheme == "listen" else None,
        tcp_port=place.port,
        rtu_over_tcp=place.scheme == "rtu+tcp",
        tls=tls if uses_tls else None,
        baud=arguments.baud,
        parity=arguments.parity,
        stopbits=arguments.stopbits,
        rs485=arguments.rs485,
        timeout_s=arguments.timeout,
    )


def endpoint_for(arguments: argparse.Namespace, profile: Profile) -> Endpoint:
    """Return how the bus is reached.

    Raises:
        TechnicianError: If something is missing.
    """
    try:
        return endpoint_of(address_of(arguments, profile), profile)
    except AddressError as error:
        raise TechnicianError(f"--{error.field}: {error.problem}") from error


@asynccontextmanager
async def running_bus(endpoint: Endpoint, framing: Framer) -> AsyncIterator[Bus]:
    """Run a bus inside; leaving gives its port back.

    Raises:
        TechnicianError: If that framing cannot do it.
    """
    try:
        bus = Bus(transport_for(endpoint, StationClock().instant, framing))
    except EndpointError as error:
        raise TechnicianError(f"--framing: {error}") from error
    async with running(bus):
        yield bus
