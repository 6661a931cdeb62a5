"""Carries out the faults that begin and end: with the power, the counter or the line of a device."""

from __future__ import annotations

from random import Random

from drivers.emulated.device import EmulatedDevice
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.state import Brownout, CounterReset, DeviceSwap, HalfOpen, Rollover, Unplug
from drivers.emulated.lines import Line


async def begin(fault: Fault, device: EmulatedDevice, line: Line, rng: Random) -> None:
    """Let a fault befall a device."""
    match fault:
        case Brownout():
            device.cut_power()
        case CounterReset():
            device.set_counter(0)
        case Rollover():
            device.near_overflow(fault.before_wh)
        case DeviceSwap():
            device.swap(fault.serial_number, rng)
        case Unplug():
            await line.close()
        case HalfOpen():
            line.drop_packets(True)


async def end(fault: Fault, device: EmulatedDevice, line: Line) -> None:
    """Let it be over; what has no end has happened."""
    match fault:
        case Brownout():
            device.return_power()
        case Unplug():
            await line.open()
        case HalfOpen():
            line.drop_packets(False)
