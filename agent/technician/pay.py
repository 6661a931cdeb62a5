"""`chargehand-agent pay` and `tariff-refuse`: what hands do at a payment terminal, and at a screen."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.system.control import ask
from agent.technician.screen import Screen

Action = Callable[[argparse.Namespace, Path], int]


def add_commands(
    commands: Any, add: Callable[..., argparse.ArgumentParser], socket: Callable[..., Path]
) -> None:
    """Add the commands; `socket` says where the agent listens."""

    def command(name: str, act: Action, help_: str) -> argparse.ArgumentParser:
        return add(commands, name, lambda given: act(given, socket(given)), help_)

    pay = command("pay", _pay, "pay as by a card at the terminal; the same reference again ends it")
    pay.add_argument("reference", help="the payment at its service provider, such as PSP-0001")
    pay.add_argument("--evse", type=int, help="which, where there are several")
    pay.add_argument(
        "--detail", action="append", type=_detail, default=[], help="such as PaymentBrand=VISA, any number"
    )
    vat = command("pay-vat", _vat, "have a VAT number checked for the receipt")
    vat.add_argument("number", help="such as NL123456789B01")
    vat.add_argument("--evse", type=int, help="whose payment it is for")
    terminal = command("pay-terminal", _terminal, "show what the emulated payment terminal was told")
    terminal.add_argument(
        "mood",
        nargs="?",
        metavar="MOOD",
        choices=("settles", "rejects", "fails"),
        help="settles, rejects or fails: what it does next",
    )
    refuse = command("tariff-refuse", _refuse, "end the permission of a driver who does not want the tariff")
    refuse.add_argument("evse", type=int, help="where the driver stands")


def _detail(text: str) -> tuple[str, str]:
    kind, found, value = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError("say it as PaymentBrand=VISA")
    return kind, value


def _pay(arguments: argparse.Namespace, socket: Path) -> int:
    details = dict(arguments.detail)
    request = {"do": "pay", "reference": arguments.reference, "evse": arguments.evse, "details": details}
    return _say(ask(socket, request))


def _vat(arguments: argparse.Namespace, socket: Path) -> int:
    answer = ask(socket, {"do": "pay-vat", "number": arguments.number, "evse": arguments.evse})
    if not answer["valid"]:
        Screen().problem("the backend does not know this number")
        return 1
    Screen().line(answer["company"] or "valid")
    return 0


def _terminal(arguments: argparse.Namespace, socket: Path) -> int:
    answer, screen = ask(socket, {"do": "pay-terminal", "mood": arguments.mood}), Screen()
    screen.line(f"the terminal {answer['mood']}")
    for order in answer["orders"]:
        amount = "" if order["amount"] is None else f" {order['amount']}"
        screen.line(f"{order['what']} {order['reference']}{amount}")
    return 0


def _refuse(arguments: argparse.Namespace, socket: Path) -> int:
    return _say(ask(socket, {"do": "tariff-refuse", "evse": arguments.evse}))


def _say(answer: Any) -> int:
    if not answer["accepted"]:
        Screen().problem(f"refused: {answer['why']}")
        return 1
    Screen().line("accepted")
    return 0
