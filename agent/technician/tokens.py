"""`chargehand-agent token`: whom the station knows by itself, without a backend or beside it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.system.control import ask
from agent.technician.screen import Screen

TYPES = ("ISO14443", "ISO15693", "KeyCode", "Local")
Action = Callable[[argparse.Namespace, Path], int]
_HELP = "show and change the station's own list of tokens"


def add_command(
    commands: Any, add: Callable[..., argparse.ArgumentParser], socket: Callable[..., Path]
) -> None:
    """Add `token list`, `token add` and `token remove`; `socket` says where the agent listens."""
    token = commands.add_parser("token", help=_HELP, description=_HELP)
    actions = token.add_subparsers(required=True, metavar="ACTION")

    def command(name: str, act: Action, help_: str) -> argparse.ArgumentParser:
        return add(actions, name, lambda given: act(given, socket(given)), help_)

    shown = command("list", _list, "show the local authorization list")
    shown.add_argument("--json", action="store_true", help="print everything, for programs")
    added = command("add", _add, "let a token charge here")
    added.add_argument("--group", help="its group: tokens of one group stop each other's transactions")
    removed = command("remove", _remove, "take a token out of the list")
    for parser in (added, removed):
        parser.add_argument("token", help="the card's id, such as 04A2B3C4")
        parser.add_argument("--type", choices=TYPES, default="ISO14443", help="default: ISO14443 (RFID)")


def _list(arguments: argparse.Namespace, socket: Path) -> int:
    answer = ask(socket, {"do": "tokens"})
    if arguments.json:
        Screen().line(json.dumps(answer, indent=2))
        return 0
    Screen().line(f"{len(answer['tokens'])} tokens, the backend's version {answer['version']}{_note(answer)}")
    for one in answer["tokens"]:
        group = f", group {one['group']}" if one["group"] else ""
        Screen().line(f"{one['token']} ({one['type']}): {one['status']}{group}")
    return 0


def _add(arguments: argparse.Namespace, socket: Path) -> int:
    answer = ask(socket, {"do": "token-add", **_named(arguments), "group": arguments.group})
    Screen().line(f"{arguments.token} may charge{_note(answer)}")
    return 0


def _remove(arguments: argparse.Namespace, socket: Path) -> int:
    answer = ask(socket, {"do": "token-remove", **_named(arguments)})
    Screen().line(f"{arguments.token} is not in the list{_note(answer)}")
    return 0


def _named(arguments: argparse.Namespace) -> dict[str, str]:
    return {"token": arguments.token, "type": arguments.type}


def _note(answer: dict[str, Any]) -> str:
    return "" if answer["enabled"] else "; but LocalAuthListCtrlr.Enabled is false"
