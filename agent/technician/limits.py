"""`chargehand-agent limit`: what others than the backend allow: a building's energy management, the grid."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.system.control import ask
from agent.technician.screen import Screen

Action = Callable[[argparse.Namespace, Path], int]
SOURCES = ("EMS", "SO", "Other")
_HELP = "show, set and take back limits from outside"


def add_command(
    commands: Any, add: Callable[..., argparse.ArgumentParser], socket: Callable[..., Path]
) -> None:
    """Add `limit list`, `limit set` and `limit clear`; `socket` says where the agent listens."""
    limit = commands.add_parser("limit", help=_HELP, description=_HELP)
    actions = limit.add_subparsers(required=True, metavar="ACTION")

    def command(name: str, act: Action, help_: str) -> argparse.ArgumentParser:
        return add(actions, name, lambda given: act(given, socket(given)), help_)

    shown = command("list", _list, "show the limits from outside that are in force")
    shown.add_argument("--json", action="store_true", help="print everything, for programs")
    wanted = command("set", _set, "limit the station or an EVSE from now on")
    wanted.add_argument(
        "limit",
        help="such as 16, or 0:16,3600:8 for 16 now and 8 in an hour; 0 is no energy",
    )
    wanted.add_argument("--unit", choices=("A", "W"), default="A", help="A per phase (default), or W in all")
    wanted.add_argument("--for", dest="for_s", type=int, metavar="SECONDS", help="take it back after so long")
    wanted.add_argument("--grid-critical", action="store_true", help="the grid needs it; the backend is told")
    cleared = command("clear", _clear, "take a limit back")
    for parser in (wanted, cleared):
        parser.add_argument("--evse", type=int, help="default: the whole station")
        parser.add_argument(
            "--source", choices=SOURCES, default="EMS", help="who sets it (default: EMS, energy management)"
        )


def _list(arguments: argparse.Namespace, socket: Path) -> int:
    answer = ask(socket, {"do": "limits"})
    if arguments.json:
        Screen().line(json.dumps(answer, indent=2))
        return 0
    _show(answer)
    return 0


def _set(arguments: argparse.Namespace, socket: Path) -> int:
    try:
        periods = [_period(part) for part in arguments.limit.split(",")]
    except ValueError:
        Screen().problem(f"{arguments.limit} is neither a number nor START:LIMIT,START:LIMIT")
        return 2
    request = {
        "do": "limit-set",
        "periods": periods,
        "unit": arguments.unit,
        "evse": arguments.evse,
        "source": arguments.source,
        "for_s": arguments.for_s,
        "grid_critical": True if arguments.grid_critical else None,
    }
    _show(ask(socket, request))
    return 0


def _clear(arguments: argparse.Namespace, socket: Path) -> int:
    request = {"do": "limit-clear", "evse": arguments.evse, "source": arguments.source}
    answer = ask(socket, request)
    if not answer["cleared"]:
        Screen().line("there was none of this source there")
    _show(answer)
    return 0


def _period(text: str) -> list[int | str]:
    """Return a period of what was typed; raises ValueError if it is none."""
    start, colon, limit = text.rpartition(":")
    float(limit)
    return [int(start) if colon else 0, limit]


def _show(answer: Mapping[str, Any]) -> None:
    if not answer["limits"]:
        Screen().line("no limits from outside")
    for one in answer["limits"]:
        where = f"EVSE {one['evse']}" if one["evse"] else "station"
        steps = ", ".join(_step(one["unit"], *period) for period in one["periods"])
        until = f", until {one['until']}" if one["until"] else ""
        Screen().line(f"{where}: {steps} ({one['source']}, since {one['since']}{until})")


def _step(unit: str, start_s: int, limit: str, phases: int | None) -> str:
    when = f" from {start_s} s on" if start_s else ""
    return f"{limit} {unit}{f' on {phases} phases' if phases else ''}{when}"
