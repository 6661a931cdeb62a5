"""Runs the demo: chooses the view, cleans up, says where everything lies and what to try next."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.demo.story import CARD, DIRECTORY, STATION_ID, DemoFailed, Story
from tests.demo.view import LiveView, PlainView, View
from tests.stack.process import ProcessDied

_DESCRIPTION = "Watch one charging session, from register bytes on a serial line to a rated CDR."
_INTERRUPTED = 130
_HELP_KEEP = "leave everything running afterwards, and take commands: plug, unplug, tap, status, quit"


def main() -> int:
    """Run the demo; Ctrl-C ends it and everything it started."""
    parser = argparse.ArgumentParser(prog="make demo ARGS=...", description=_DESCRIPTION)
    parser.add_argument("--keep", action="store_true", help=_HELP_KEEP)
    arguments = parser.parse_args()
    console = Console()
    view: View = LiveView(console) if console.is_terminal and not console.is_dumb_terminal else PlainView()
    try:
        asyncio.run(_interruptible(view, console, keep=arguments.keep))
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("\nstopped; nothing was left running")
        return _INTERRUPTED
    except (DemoFailed, ProcessDied, AssertionError, OSError) as error:
        print(f"the demo failed: {error or type(error).__name__}", file=sys.stderr)
        if logs := ", ".join(str(path) for path in sorted(DIRECTORY.glob("*.log"))):
            print(f"logs: {logs}", file=sys.stderr)
        return 1
    return 0


async def _interruptible(view: View, console: Console, *, keep: bool) -> None:
    """Run until done; Ctrl-C, SIGTERM and a closed terminal cancel, so that every process is stopped."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.ExitStack() as shown:
        shown.enter_context(view)
        async with Story(view) as story:
            cdr = await story.tell()
            shown.close()
            _conclude(console, cdr, keep=keep)
            if keep:
                await _take_commands(story)


def _conclude(console: Console, cdr: dict[str, Any], *, keep: bool) -> None:
    table = Table(title=f"CDR {cdr['id']}", show_header=False, title_justify="left")
    table.add_row("session", f"{cdr['start_date_time']} to {cdr['end_date_time']}")
    table.add_row("energy", f"{cdr['total_energy']} kWh")
    for name in ("total_fixed_cost", "total_energy_cost", "total_parking_cost", "total_cost"):
        if price := cdr.get(name):
            table.add_row(
                name.removeprefix("total_").replace("_", " "),
                f"{_cents(price['excl_vat'])} {cdr['currency']} + VAT = "
                f"{_cents(price['incl_vat'])} {cdr['currency']}",
            )
    console.print(table)
    print(f"""
where it lies
  {DIRECTORY}/chargehand.db  the operator's database: sessions, events, CDRs
  {DIRECTORY}/agent-state/   what the charger keeps through a power cut
  {DIRECTORY}/agent.log      every OCPP message of this session
  {DIRECTORY}/station.toml   the station file

what to try next""")
    if keep:
        print(f"""\
  here:  plug, unplug, tap, status, quit
  from another terminal, in this folder:
    .venv/bin/chargehand-agent status --config {DIRECTORY}/station.toml
    .venv/bin/chargehand-backend cdr list --config {DIRECTORY}/backend.toml
""")
        return
    print(f"""\
  make demo ARGS=--keep      the same, and it keeps running: plug, tap, look
  .venv/bin/chargehand-backend cdr list --config {DIRECTORY}/backend.toml
  docs/integrator.md         put the agent on your charger
  docs/operator.md           run the backend
  docs/hardware-tester.md    the emulated hardware for your own Modbus master
""")


def _cents(amount: object) -> str:
    return f"{Decimal(str(amount)):.2f}"


async def _take_commands(story: Story) -> None:
    """Obey lines on standard input; without one, wait for a signal."""
    lines = asyncio.StreamReader()
    if sys.stdin is None or not sys.stdin.isatty():
        print(f"running until interrupted (PID {os.getpid()})", flush=True)
        await asyncio.Event().wait()
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while True:
        print("demo> ", end="", flush=True)
        line = await lines.readline()
        command = line.decode().strip()
        if not line or command == "quit":
            return
        await _obey(story, command)


async def _obey(story: Story, command: str) -> None:
    match command:
        case "plug":
            story.bay.plug_in()
        case "unplug":
            story.bay.unplug()
        case "tap":
            print(await _agent("tap", CARD))
        case "status" | "":
            print(await _agent("status"))
        case _:
            print(f"plug, unplug, tap (card {CARD}), status, quit; the station is {STATION_ID}")


async def _agent(*arguments: str) -> str:
    """Return what `chargehand-agent` answers, as in the other terminal."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "agent.cli", *arguments, "--config", str(DIRECTORY / "station.toml")),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await child.communicate()
    return output.decode().rstrip()
