"""`chargehand-agent plug`, `fault`, `faults`, `log` and the like: with a running agent, backend or not."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.system.control import ask
from agent.technician.screen import Screen

Action = Callable[[argparse.Namespace, Path], int]
LOOK_S = 0.5
_HANDS = {
    "arrive": "park the vehicle in the bay",
    "depart": "drive the vehicle away",
    "plug": "plug the vehicle in",
    "unplug": "pull the plug",
}


def add_commands(
    commands: Any, add: Callable[..., argparse.ArgumentParser], socket: Callable[..., Path]
) -> None:
    """Add the commands; `socket` says where the agent listens."""

    def command(name: str, act: Action, help_: str) -> argparse.ArgumentParser:
        return add(commands, name, lambda given: act(given, socket(given)), help_)

    for verb, help_ in _HANDS.items():
        parser = command(verb, _vehicle, f"{help_} (emulated hardware only)")
        parser.add_argument("--evse", type=int, help="which, where there are several")
        parser.set_defaults(do=verb)
    fault = command("fault", _fault, "set, clear or list faults of emulated hardware")
    fault.add_argument(
        "words", nargs="*", metavar="WORD", help="DEVICE NAME [for S], or clear [ID]; nothing lists them"
    )
    faults = command("faults", _faults, "show what is wrong now, since when, and what to do")
    faults.add_argument("--json", action="store_true", help="print everything, for programs")
    log = command("log", _log, "print the running agent's latest log lines")
    log.add_argument("--follow", "-f", action="store_true", help="go on until Ctrl-C")


def _vehicle(arguments: argparse.Namespace, socket: Path) -> int:
    Screen().line(ask(socket, {"do": arguments.do, "evse": arguments.evse})["told"])
    return 0


def _fault(arguments: argparse.Namespace, socket: Path) -> int:
    Screen().line(ask(socket, {"do": "fault", "words": arguments.words})["told"])
    return 0


def _faults(arguments: argparse.Namespace, socket: Path) -> int:
    answer = ask(socket, {"do": "faults"})
    screen = Screen()
    if arguments.json:
        screen.line(json.dumps(answer, indent=2))
        return 0
    if not answer["faults"]:
        screen.line("nothing is wrong")
    for fault in answer["faults"]:
        since = datetime.fromisoformat(fault["since"])
        screen.line(f"{fault['where']}: {fault['what']}")
        screen.line(f"    since {fault['since']}, {_ago(since, datetime.now(UTC))}")
        screen.line(f"    {fault['remedy']}")
    return 0


def _log(arguments: argparse.Namespace, socket: Path) -> int:
    screen, answer = Screen(), ask(socket, {"do": "log"})
    while True:
        for line in answer["lines"]:
            screen.line(line)
        if not arguments.follow:
            return 0
        if not answer["lines"]:
            time.sleep(LOOK_S)
        answer = ask(socket, {"do": "log", "after": answer["last"]})


def _ago(since: datetime, now: datetime) -> str:
    seconds = max(0, round((now - since).total_seconds()))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"
