"""The commands that `chargehand-emulate` takes while it runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.emulated.bay import EmulatedBay

HELP = """\
plug               plug the vehicle in            unplug    pull the plug, at any moment
pause              the vehicle wants no energy    resume    it wants energy again
silence DEVICE     meter or controller stops answering
answer DEVICE      it answers again
status             pilot, contactor, offer, volts, amperes, power, energy
wait SECONDS       do nothing for a while (for scripts)
help               this list                      quit      end (so do Ctrl-C and SIGTERM)
"""


class CommandError(Exception):
    """A line that is no command."""


async def execute(bay: EmulatedBay, line: str) -> str:
    """Carry out one command line and return what to print.

    Raises:
        CommandError: If it is not a command.
    """
    words = line.split()
    match words:
        case []:
            return ""
        case ["help"]:
            return HELP.rstrip()
        case ["status"]:
            return status(bay)
        case ["wait", seconds]:
            await asyncio.sleep(_seconds(seconds))
            return ""
        case ["silence" | "answer" as verb, device]:
            _device(bay, device)(verb == "silence")
            return f"{device}: {'silent' if verb == 'silence' else 'answers'}"
        case [verb] if verb in _VEHICLE:
            _VEHICLE[verb](bay)
            return status(bay)
    raise CommandError(f"{line.strip()!r} is not a command; 'help' lists them")


def status(bay: EmulatedBay) -> str:
    """Return one line that says what the bay does now."""
    truth = bay.truth()
    volts = "/".join(f"{voltage_mv / 1000:.1f}" for voltage_mv in truth.voltages_mv)
    amperes = "/".join(f"{current_ma / 1000:.2f}" for current_ma in truth.currents_ma)
    return (
        f"pilot {truth.pilot.value}  contactor {'closed' if truth.contactor_closed else 'open'}  "
        f"offered {truth.offered_ma / 1000:.1f} A  {volts} V  {amperes} A  {bay.power_w / 1000:.3f} kW  "
        f"{truth.energy_mwh / 1_000_000:.6f} kWh (register {bay.energy_register_kwh:.6f})"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise CommandError(f"wait takes seconds, not {text!r}")
    return seconds


def _device(bay: EmulatedBay, device: str) -> Callable[[bool], None]:
    if device == "meter":
        return bay.silence_meter
    if device == "controller":
        return bay.silence_controller
    raise CommandError(f"{device!r} is neither meter nor controller")


_VEHICLE: dict[str, Callable[[EmulatedBay], None]] = {
    "plug": EmulatedBay.plug_in,
    "unplug": EmulatedBay.unplug,
    "pause": EmulatedBay.pause,
    "resume": EmulatedBay.resume,
}
