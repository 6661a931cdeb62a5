"""`chargehand-agent contract`: shows the agent a contract certificate, as a vehicle does (Plug & Charge)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.system.control import ControlError, ask
from agent.technician.screen import Screen

_HELP = "show a running agent a contract certificate, as a vehicle does (Plug & Charge)"
_MORE = """\
The file is PEM: the driver's certificate first, then the authorities above it, without the root.
The agent holds it against the roots of mobility operators that the backend has installed, asks the
backend, and lets the driver charge if all agree. Without the backend, the settings below
ISO15118Ctrlr decide (chargehand-agent variables).

example, with certificates for development:
  make pki ARGS=build/pki
  chargehand-agent contract --evse 1 build/pki/mo-2/contract.pem
"""


def add_command(
    commands: Any, add: Callable[..., argparse.ArgumentParser], socket: Callable[..., Path]
) -> None:
    """Add the command; `socket` says where the agent listens."""
    parser = add(commands, "contract", lambda given: _contract(given, socket(given)), _HELP)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _MORE
    parser.add_argument("file", type=Path, metavar="FILE", help="the contract's certificates (PEM)")
    parser.add_argument("--evse", type=int, required=True, help="where the vehicle stands")
    parser.add_argument(
        "--emaid", help="the contract's number; default: the common name of the first certificate"
    )


def _contract(arguments: argparse.Namespace, socket: Path) -> int:
    chain = _read(arguments.file)
    emaid = arguments.emaid or _emaid(arguments.file, chain)
    answer, screen = (
        ask(socket, {"do": "contract", "evse": arguments.evse, "emaid": emaid, "chain": chain}),
        Screen(),
    )
    if not answer["accepted"]:
        screen.problem(f"refused: {answer['why']}")
        return 1
    running = "" if answer["transaction"] is None else f", transaction {answer['transaction']}"
    screen.line(f"contract {emaid} accepted on EVSE {answer['evse']}{running}")
    return 0


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii")
    except OSError as error:
        raise ControlError(f"{file}: {error.strerror or error}") from error
    except ValueError as error:
        raise ControlError(
            f"{file}: not PEM, which is plain text; openssl x509 -inform DER converts"
        ) from error


def _emaid(file: Path, chain: str) -> str:
    from certs.pem import NotACertificate, read_bundle  # noqa: PLC0415 - the other commands start faster
    from certs.rules import common_name  # noqa: PLC0415 - likewise

    try:
        emaid = common_name(read_bundle(chain)[0])
    except NotACertificate as error:
        raise ControlError(f"{file}: {error}") from error
    if not emaid:
        raise ControlError(f"{file}: the first certificate names no contract; give it with --emaid")
    return emaid
