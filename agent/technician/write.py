"""`chargehand-agent write BUS PROFILE POINT VALUE`: sets one point, after it has said what it will do."""

from __future__ import annotations

import argparse
import asyncio
import sys

from agent.technician.errors import TechnicianError
from agent.technician.place import add_line_options, endpoint_for, profile_of, running_bus
from agent.technician.read import add_device_options
from agent.technician.screen import Screen
from agent.technician.values import shown, typed, unit_of
from drivers.devices.modbus_device import ModbusDevice
from drivers.devices.writing import Writer
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.profiles.model import Profile
from drivers.profiles.point import Point
from drivers.profiles.values import Value


def add_command(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    add_line_options(parser)
    add_device_options(parser)
    parser.add_argument("point", metavar="POINT", help="the point's name in the profile")
    parser.add_argument("value", metavar="VALUE", help="in the profile's unit, or a state, on or off")
    parser.add_argument("--yes", action="store_true", help="do not ask")


async def write(arguments: argparse.Namespace, screen: Screen) -> int:
    """Say what will be written, ask, write, and read back.

    Raises:
        TechnicianError: If it may not be written, was not confirmed by whoever asked, or not applied.
    """
    profile = profile_of(arguments)
    unit = profile.modbus.unit if arguments.unit is None else arguments.unit
    async with running_bus(endpoint_for(arguments, profile), arguments.framing) as bus:
        device = ModbusDevice(bus, unit, profile, timeout_s=arguments.timeout)
        try:
            point = _writable(await device.resolve(), arguments.point)
            value = typed(point, arguments.value)
            _check(point, value)
            screen.line(f"{profile.maker} {profile.model}, unit {unit} on {bus.name}")
            for line in await _intent(device, point, value):
                screen.line(line)
            if not arguments.yes:
                await _confirm(screen)
            await Writer(device).write(point, value)
            screen.line(await _outcome(device, point))
        except (DeviceError, ValueError) as error:
            raise TechnicianError(str(error)) from error
    return 0


def _writable(profile: Profile, name: str) -> Point:
    writable = {point.name: point for point in profile.points if point.write is not None}
    if name in writable:
        return writable[name]
    names = ", ".join(sorted(writable)) or "none"
    known = any(point.name == name for point in profile.points)
    why = "may not be written" if known else "is no point of it"
    raise TechnicianError(f"{profile.id}: {name} {why}; points that may: {names}")


def _check(point: Point, value: Value) -> None:
    """Refuse what the profile does not allow, before anything is sent."""
    assert point.write is not None
    if not point.allows(value):
        bounds = point.write.bounds
        raise TechnicianError(
            f"{point.name} cannot be set to {shown(point, value)} {unit_of(point)}; "
            f"the profile allows {bounds} {unit_of(point)}".replace(" ;", ";").rstrip()
        )


async def _intent(device: ModbusDevice, point: Point, value: Value) -> list[str]:
    rule = point.write
    assert rule is not None
    lines = [
        f"will write {point.name} = {shown(point, value)} {unit_of(point)}".rstrip()
        + f" ({point.space} {point.address}, function {rule.function})"
    ]
    if point.readable:
        lines.append(f"it is now {await _now(device, point)}")
    lines += [f"only while {need}" for need in rule.needs]
    if rule.cool_down_s:
        lines.append("its memory wears out: do not write it often")
    if rule.expires_s:
        lines.append(f"the device forgets it after {rule.expires_s} s")
    if not point.verified:
        lines.append("the profile marks this point as unverified: look into the device's manual first")
    return lines


async def _now(device: ModbusDevice, point: Point) -> str:
    found = await device.read_points((point.name,), Priority.FAST)
    return f"{shown(point, found[point.name].value)} {unit_of(point)}".rstrip()


async def _outcome(device: ModbusDevice, point: Point) -> str:
    if not point.readable:
        return "written; it cannot be read back"
    return f"written; it reads back {await _now(device, point)}"


async def _confirm(screen: Screen) -> None:
    if not sys.stdin.isatty():
        raise TechnicianError("not written: without a terminal nobody can confirm; add --yes")
    screen.line('type "yes" to write it:')
    loop = asyncio.get_running_loop()
    has_come = asyncio.Event()
    loop.add_reader(sys.stdin, has_come.set)  # a thread that reads could not be interrupted
    try:
        await has_come.wait()
    finally:
        loop.remove_reader(sys.stdin)
    if sys.stdin.readline().strip() != "yes":
        raise TechnicianError("not written")
