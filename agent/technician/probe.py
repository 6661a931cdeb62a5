"""`chargehand-agent probe BUS`: who is on a bus, and which profiles fit.

It only reads, asks one unit at a time, leaves the line free for at least as long as it used it, and keeps off
a serial line on which somebody else talks.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from agent.technician.errors import TechnicianError
from agent.technician.fitting import Fit, fit
from agent.technician.place import Place, add_line_options, endpoint_for, running_bus
from agent.technician.screen import Screen
from agent.technician.searching import known_requests, parse_units, search_requests, settings_to_try
from drivers.devices.modbus_device import ModbusDevice
from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import Endpoint, SerialEndpoint
from drivers.modbus.errors import ExceptionReply, ModbusError, PortUnavailable, UnitResting
from drivers.modbus.link import LinkError
from drivers.modbus.requests import Read
from drivers.modbus.serial_link import SerialLink
from drivers.modbus.terms import Priority, Terms
from drivers.modbus.transport import SerialSettings
from drivers.ports import DeviceError
from drivers.profiles.errors import ProfileError
from drivers.profiles.find import list_profiles
from drivers.profiles.links import ModbusDefaults
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile
from drivers.profiles.values import Value

REPLY_S: Final = 0.2
LISTEN_S: Final = 1.0
"""How long a serial line must be quiet before it is spoken on."""
SHORTEST_PAUSE_S: Final = 0.03
SHOWN_FITS: Final = 5
ANY_UNIT: Final = 4
"""So many units in a row that all answer on TCP are one device, which answers to any."""


def add_command(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    add_line_options(parser, timeout_s=REPLY_S)
    parser.add_argument(
        "--units", type=_units, default="1-16", metavar="LIST", help="where to search (default: 1-16)"
    )
    parser.add_argument("--anyway", action="store_true", help="also if somebody else talks on the line")


def _units(text: str) -> list[int]:
    try:
        return parse_units(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of units such as 1-16,247") from error


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that answered this."""

    read: Read


async def probe(arguments: argparse.Namespace, screen: Screen) -> int:
    """Search, and say of each unit which profiles fit; return 1 if nobody answered.

    Raises:
        TechnicianError: If the bus cannot be opened, or is in use.
    """
    profiles = _askable(arguments)
    place: Place = arguments.bus
    if place.scheme == "serial" and not arguments.anyway:
        await _listen(place.name, screen)
    began_s = monotonic()
    count = opened = 0
    problem = ""
    for endpoint in _endpoints(arguments, profiles):
        try:
            count = await _probe_at(endpoint, arguments, profiles, screen)
        except _Unusable as error:  # a port may refuse some parity, and take another
            problem = str(error)
            continue
        opened += 1
        if count:
            break
    if not opened:
        raise TechnicianError(problem or "none of the usual line settings has that --baud and --parity")
    units = "1 unit" if count == 1 else f"{count or 'no'} units"
    screen.progress(f"{units} found in {monotonic() - began_s:.0f} s", stays=True)
    if not count:
        screen.line(_nobody(arguments))
    return 0 if count else 1


async def _probe_at(
    endpoint: Endpoint, arguments: argparse.Namespace, profiles: Sequence[Profile], screen: Screen
) -> int:
    """Search with these settings, report, and return how many units answered."""
    async with running_bus(endpoint, arguments.framing) as bus:
        search = _Search(bus, endpoint, arguments.timeout, screen)
        found = await search.units(profiles, arguments.units)
        for one in found:
            await _report(search, one, profiles, screen)
    return len(found)


class _Unusable(Exception):
    """The port or the connection cannot be opened like that."""


class _Search:
    """Asks on one bus at one speed."""

    def __init__(self, bus: Bus, endpoint: Endpoint, timeout_s: float, screen: Screen) -> None:
        self.bus = bus
        self.timeout_s = timeout_s
        self.where = str(endpoint.settings) if isinstance(endpoint, SerialEndpoint) else bus.name
        self._settings = endpoint.settings if isinstance(endpoint, SerialEndpoint) else None
        self._screen = screen

    async def units(self, profiles: Sequence[Profile], units: Sequence[int]) -> list[Found]:
        """Return the units that answer: those that profiles name are asked first."""
        found: dict[int, Found] = {}
        known = list(known_requests(profiles, self._settings))
        search = list(search_requests(units))
        for number, read in enumerate((*known, *search), start=1):
            if read.unit in found:
                continue
            self._screen.progress(
                f"{self.where}: unit {read.unit} ({number} of {len(known) + len(search)})", stays=number == 1
            )
            if await self.answers(read):
                found[read.unit] = Found(read)
            if self._settings is None and len(found) == ANY_UNIT == number:
                self._screen.line(f"{self.where} answers to any unit number")
                return list(found.values())[:1]
        return sorted(found.values(), key=lambda one: one.read.unit)

    async def answers(self, read: Read) -> bool:
        """Ask once; a refusal is an answer too. Then leave the line free for as long as it was used."""
        began_s = monotonic()
        try:
            await self.bus.perform(read, Terms(timeout_s=self.timeout_s, priority=Priority.SLOW))
        except ExceptionReply:
            return True
        except PortUnavailable as error:
            raise _Unusable(error.problem) from error
        except ModbusError:
            return False
        finally:
            await asyncio.sleep(max(SHORTEST_PAUSE_S, monotonic() - began_s))
        return True


async def _report(search: _Search, found: Found, profiles: Sequence[Profile], screen: Screen) -> None:
    fits: list[Fit] = []
    for number, profile in enumerate(profiles, start=1):
        screen.progress(f"unit {found.read.unit}: {profile.id}? ({number} of {len(profiles)})")
        if (good := await _fit(search, found, profile)) is not None:
            fits.append(good)
    fits.sort(key=lambda one: (not one.is_proven, -one.weight))
    screen.line(
        f"{search.where}, unit {found.read.unit}: answers" + ("" if fits else ", but no profile fits")
    )
    for one in fits[:SHOWN_FITS]:
        screen.line(f"    {'proven' if one.is_proven else 'plausible':<10} {one.profile}: {one.why}")


async def _fit(search: _Search, found: Found, profile: Profile) -> Fit | None:
    """Read the device with a profile, as far as that works, and judge the values."""
    device = ModbusDevice(search.bus, found.read.unit, profile, timeout_s=search.timeout_s)
    try:
        values = await _values(device)
    except UnitResting as error:
        await asyncio.sleep(error.retry_in_s)
        values = None
    except DeviceError:
        values = None
    finally:
        await search.answers(found.read)  # what it is known to answer shows that it is still there
    return None if values is None else fit(device.profile, values)


async def _values(device: ModbusDevice) -> dict[str, Value | None]:
    values: dict[str, Value | None] = {}
    profile = await device.resolve(Priority.SLOW)
    proofs = frozenset(condition.point for condition in profile.identify)
    if proofs:
        read = await device.read_points(proofs, Priority.SLOW)
        return {name: item.value for name, item in read.items()}
    for block in profile.blocks:
        for item in await device.read_blocks((block,), Priority.SLOW):
            values[item.point.name] = item.value
        await asyncio.sleep(SHORTEST_PAUSE_S)
    return values


class _Counting:
    """Hears whether somebody talks."""

    def __init__(self) -> None:
        self.count = 0

    def heard(self, data: bytes) -> None:
        self.count += len(data)

    def lost(self, why: str) -> None:
        raise LinkError(why)


async def _listen(port: str, screen: Screen) -> None:
    """Make sure that nobody talks on a serial line; at any speed, characters are heard as some characters."""
    ear = _Counting()
    link = SerialLink(port, settings_to_try(())[0])
    screen.progress(f"{port}: listening for other masters", stays=True)
    try:
        await link.open(ear, 1.0)
    except LinkError as error:
        raise TechnicianError(str(error)) from error
    try:
        await asyncio.sleep(LISTEN_S)
    finally:
        link.close()
    if ear.count:
        raise TechnicianError(
            f"{port}: somebody else talks there ({ear.count} bytes in {LISTEN_S:.0f} s); "
            "stop that master, or add --anyway"
        )


def _askable(arguments: argparse.Namespace) -> list[Profile]:
    try:
        every = [load_profile(path) for path in list_profiles(arguments.profiles).values()]
    except ProfileError as error:
        raise TechnicianError(str(error)) from error
    return [one for one in every if isinstance(one.link, ModbusDefaults) and not one.link.answers]


def _endpoints(arguments: argparse.Namespace, profiles: Sequence[Profile]) -> Iterator[Endpoint]:
    place: Place = arguments.bus
    if place.scheme != "serial":
        yield endpoint_for(arguments, profiles[0])
        return
    for settings in settings_to_try(
        profiles, baud=arguments.baud, parity=arguments.parity, stop_bits=arguments.stopbits
    ):
        rs485 = SerialSettings(
            baud=settings.baud, parity=settings.parity, stop_bits=settings.stop_bits, rs485=arguments.rs485
        )
        yield SerialEndpoint(port=place.name, settings=rs485)


def _nobody(arguments: argparse.Namespace) -> str:
    if arguments.bus.scheme != "serial":
        return "nobody answered; try --units 1-247, and whether the device allows this address"
    return (
        "nobody answered: is the device on, are the wires A and B swapped, is it further than --units? "
        "A slow device needs --timeout 1"
    )
