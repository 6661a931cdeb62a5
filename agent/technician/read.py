"""`chargehand-agent read BUS PROFILE`: what a device says, as a table."""

from __future__ import annotations

import argparse
import asyncio

from agent.technician.arguments import seconds, whole_number
from agent.technician.errors import TechnicianError
from agent.technician.place import add_line_options, endpoint_for, profile_of, running_bus
from agent.technician.screen import Screen
from agent.technician.watch import Watch
from drivers.devices.modbus_device import ModbusDevice
from drivers.modbus.bus import Bus
from drivers.modbus.terms import Priority
from drivers.ports import DeviceError
from drivers.profiles.block import Block


def add_command(parser: argparse.ArgumentParser) -> None:
    """Describe the command's arguments."""
    add_line_options(parser)
    add_device_options(parser)
    often = parser.add_mutually_exclusive_group()
    often.add_argument("--once", action="store_true", help="read once (the default without a terminal)")
    often.add_argument("--every", type=seconds, metavar="S", help="read every S seconds (default: 1)")


def add_device_options(parser: argparse.ArgumentParser) -> None:
    """Add PROFILE and which device is meant."""
    parser.add_argument("profile", metavar="PROFILE", help="a profile's id or file")
    parser.add_argument("--unit", type=whole_number(1, 255), help="Modbus unit (default: the profile's)")
    parser.add_argument(
        "--instance",
        type=whole_number(1, 255),
        default=1,
        metavar="N",
        help="the N-th of several in one device",
    )


async def read(arguments: argparse.Namespace, screen: Screen) -> int:
    """Read once or until interrupted; return 1 if something was not answered.

    Raises:
        TechnicianError: If the device or its bus cannot be opened, or nothing was answered when read once.
    """
    profile = profile_of(arguments)
    unit = profile.modbus.unit if arguments.unit is None else arguments.unit
    is_once = arguments.once or (arguments.every is None and not screen.is_live)
    async with running_bus(endpoint_for(arguments, profile), arguments.framing) as bus:
        device = ModbusDevice(bus, unit, profile, timeout_s=arguments.timeout)
        watch = Watch()
        while True:
            problem = await _poll(device, watch)
            if is_once and watch.is_empty:
                raise TechnicianError(problem)
            screen.page(_page(device, bus, watch, problem))
            if is_once:
                return 1 if problem else 0
            await asyncio.sleep(arguments.every or 1.0)


async def _poll(device: ModbusDevice, watch: Watch) -> str:
    """Read every block; return why the first one that failed did, or "".

    Those after it often say no more than that the unit is left alone by now.
    """
    problem = ""
    try:
        profile = await device.resolve()
    except DeviceError as error:
        return str(error)
    for block in profile.blocks:
        failure = await _poll_block(device, block, watch)
        problem = problem or failure
    return problem


async def _poll_block(device: ModbusDevice, block: Block, watch: Watch) -> str:
    try:
        decoded = await device.read_blocks((block,), Priority.FAST)
    except DeviceError as error:
        watch.failed(block.points)
        return str(error)
    taken_at_s = min((item.taken_at.monotonic_s for item in decoded), default=0.0)
    watch.took({item.point.name: item.value for item in decoded}, taken_at_s)
    return ""


def _page(device: ModbusDevice, bus: Bus, watch: Watch, problem: str) -> list[str]:
    now_s = asyncio.get_running_loop().time()
    profile = device.profile
    lines = [f"{profile.maker} {profile.model} ({profile.id}), unit {device.unit} on {bus.name}", ""]
    lines += watch.lines(profile, now_s)
    if problem:
        lines += ["", problem]
    return lines
