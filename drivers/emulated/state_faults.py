"""Carries out the faults that begin and end: with the power or the counter of a device, or with its line."""

from __future__ import annotations

from random import Random

from drivers.emulated.device import EmulatedDevice
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.state import (
    BayDefect,
    Brownout,
    CounterReset,
    DeviceSwap,
    HalfOpen,
    Rollover,
    Unplug,
)
from drivers.emulated.lines import Line


def befall_device(fault: Fault, device: EmulatedDevice, rng: Random) -> None:
    """Let a fault begin with a device; a fault of its line is none of its own."""
    match fault:
        case Brownout():
            device.cut_power()
        case CounterReset():
            device.set_counter(0)
        case Rollover():
            device.near_overflow(fault.before_wh)
        case DeviceSwap():
            device.swap(fault.serial_number, rng)
        case BayDefect():
            device.bay.break_down(fault.name, broken=True)


def leave_device(fault: Fault, device: EmulatedDevice) -> None:
    """Let it be over; what has no end has happened."""
    match fault:
        case Brownout():
            device.return_power()
        case BayDefect():
            device.bay.break_down(fault.name, broken=False)


async def befall_line(fault: Fault, line: Line) -> None:
    """Let a fault begin with a line; a fault of its devices is none of its own."""
    match fault:
        case Unplug():
            await line.close()
        case HalfOpen():
            line.drop_packets(True)


async def leave_line(fault: Fault, line: Line) -> None:
    """Let it be over.

    Raises:
        OSError: If somebody has taken the port meanwhile.
        LinkOccupied: If there is something else at the link's path.
    """
    match fault:
        case Unplug():
            await line.open()
        case HalfOpen():
            line.drop_packets(False)
