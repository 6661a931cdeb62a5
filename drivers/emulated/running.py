"""Runs a rig for somebody at a terminal: says where it listens, obeys commands and the scenario's script."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path

from drivers.emulated.commands import CommandError, execute
from drivers.emulated.control import controlled
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from drivers.emulated.terminal import Lines
from drivers.emulated.truth_log import TruthLog

STANDARD_INPUT = 0
COMMANDS = (
    "plug unplug arrive depart pause resume grid silence answer power counter card remove fault clear status "
    "help quit"
)


async def run(rig: Rig, *, log: Path | None, control: Path | None = None) -> None:
    """Run the rig until a command or a signal ends it; programs may command it over the socket `control`.

    Raises:
        OSError: If a port is taken, or the log or the socket cannot be made.
        LinkOccupied: If a link's path is not ours to replace.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        if log is not None:
            rig.log = stack.enter_context(TruthLog(log, rig.clock_s))
        await stack.enter_async_context(rig)
        if control is not None:
            await stack.enter_async_context(controlled(rig, control))
        doors = [] if control is None else [("control", str(control))]
        say(describe_rig(rig, *doors, ("commands", COMMANDS)))
        await _first_of(stop.wait(), _obey(rig), _follow_script(rig))


def describe_rig(rig: Rig, *more: tuple[str, str]) -> str:
    """Return where the devices are and the settings that a master needs, a line each, then `more`."""
    rows = []
    for name, device in rig.devices.items():
        profile = device.profile
        unit = f", unit {device.unit}" if isinstance(device, ModbusDevice) else ""
        instance = f", instance {profile.instance}" if profile.instances is not None else ""
        rows.append((name, f"{profile.id}: {rig.line_of(name).where}{unit}{instance}"))
    rows += more
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:{width}}  {text}" for name, text in rows)


def say(text: str) -> None:
    """Print something at once."""
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


async def _first_of(*awaited: Coroutine[None, None, object]) -> None:
    """Wait until one of them ends, and end the others."""
    tasks = [asyncio.ensure_future(one) for one in awaited]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def _obey(rig: Rig) -> None:
    """Carry out commands until 'quit'; when the input ends without it, go on without any more of them."""
    async with Lines(STANDARD_INPUT) as lines:
        async for line in lines:
            if line.split() == ["quit"]:
                return
            await _execute(rig, line)
    await asyncio.Event().wait()


async def _follow_script(rig: Rig) -> None:
    """Carry out the scenario's commands, each at its time; 'quit' ends the run."""
    started_s = rig.clock_s()
    for timed in rig.spec.script:
        await asyncio.sleep(max(0.0, started_s + timed.at_s - rig.clock_s()))
        say(f"> {timed.command}")
        if timed.command.split() == ["quit"]:
            return
        await _execute(rig, timed.command)
    await asyncio.Event().wait()


async def _execute(rig: Rig, line: str) -> None:
    try:
        say(await execute(rig, line))
    except CommandError as error:
        say(str(error))
