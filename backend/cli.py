"""`chargehand-backend`: run the operator's platform, and administer it."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any

from backend.admin import commands
from backend.admin.errors import AdminError
from backend.admin.tokens import NewToken, token_type
from backend.command_line import pki as pki_commands
from backend.command_line.parsers import (
    DEFAULT_CONFIG,
    ENVIRONMENT,
    Parser,
    command,
    group,
    instant,
    list_command,
    print_page,
)
from backend.config import ConfigError, load_config

EX_CONFIG = 78
INTERRUPTED = 130
READER_GONE = 141

_DESCRIPTION = """\
The chargehand backend: charging stations connect to it over OCPP; sessions, tariffs and CDRs are in its
database, and a REST interface shows them. Everything it needs is in one configuration file.
"""

_EPILOG = """\
examples:
  chargehand-backend init --config backend.toml        write a configuration, make the database
  chargehand-backend station add CH-0001               a charging station; prints its password
  chargehand-backend token add 04A2B3C4                a card that may charge
  chargehand-backend tariff set day.json               what it costs (OCPI 2.2.1 tariff)
  chargehand-backend serve                             run in the foreground
  chargehand-backend cdr list                          what was charged, and for how much

exit codes: 0 done, 1 refused or failed, 2 wrong usage, 78 wrong configuration file
"""

_EXAMPLES = {
    "serve": """\
examples:
  chargehand-backend serve --config backend.toml
  chargehand-backend serve --config backend.toml --log-frames    every OCPP frame, to see what a station says
""",
    "station add": """\
examples:
  chargehand-backend station add CH-0001                               generates a password, prints it once
  chargehand-backend station add CH-0001 --password 0123456789abcdef   the one that the station has already
  chargehand-backend station add CH-0001 --replace                     the password was lost: a new one
""",
    "token add": """\
examples:
  chargehand-backend token add 04A2B3C4                          an RFID card
  chargehand-backend token add 04A2B3C4 --expires 2027-01-01     until the day begins, UTC
  chargehand-backend token add driver-17 --type APP_USER         an app's user (OCPP: Central)
""",
    "token block": """\
examples:
  chargehand-backend token block 04A2B3C4       a lost card; a session that runs goes on
  chargehand-backend token unblock 04A2B3C4     it was found
""",
    "tariff set": """\
The file is an OCPI 2.2.1 tariff. Prices are before VAT: ENERGY per kWh, TIME and PARKING_TIME per hour, FLAT
per session; what has no price is free. Sessions that have begun keep the tariff that they began with.

example, day.json:
  {"id": "DAY", "currency": "EUR", "elements": [{"price_components": [
    {"type": "FLAT",   "price": 0.35, "vat": 19.0, "step_size": 1},
    {"type": "ENERGY", "price": 0.42, "vat": 19.0, "step_size": 1}]}]}

  chargehand-backend tariff set day.json
""",
    "cdr show": """\
examples:
  chargehand-backend cdr list                       find the id
  chargehand-backend cdr show CDR-ID                the whole document, as partners get it
""",
}


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit code; `| head` and Ctrl-C end it as they end any program."""
    try:
        try:
            return _main(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at the exit
        return READER_GONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _main(argv: list[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except ConfigError as error:
        print(f"chargehand-backend: {error}", file=sys.stderr)
        return EX_CONFIG
    except AdminError as error:
        print(f"chargehand-backend: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="chargehand-backend", description=_DESCRIPTION, epilog=_EPILOG)
    parser.set_defaults(config=Path(os.environ.get(ENVIRONMENT, DEFAULT_CONFIG)))
    subcommands = parser.add_subparsers(required=True, metavar="COMMAND")
    command(subcommands, "init", _init, "write a configuration if there is none, make or update the database")
    serve = command(
        subcommands, "serve", _serve, "run in the foreground until SIGTERM or Ctrl-C", _EXAMPLES["serve"]
    )
    serve.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), default="info", help="default: info"
    )
    serve.add_argument("--log-frames", action="store_true", help="log every OCPP frame")
    _station_commands(group(subcommands, "station", "add and list charging stations"))
    _token_commands(group(subcommands, "token", "add, list and block what drivers identify themselves with"))
    _tariff_commands(group(subcommands, "tariff", "set and list tariffs"))
    _cdr_commands(group(subcommands, "cdr", "look at charge detail records"))
    pki_commands.add(group(subcommands, "pki", "authorities, and the certificates that they issue"))
    pki_commands.add_contracts(group(subcommands, "contract", "contracts of vehicles (Plug & Charge)"))
    return parser


def _station_commands(subcommands: Any) -> None:
    add = command(
        subcommands, "add", _station_add, "let a charging station connect", _EXAMPLES["station add"]
    )
    add.add_argument("id", help="the station's id, as its configuration has it")
    add.add_argument(
        "--password", help="16 to 40 characters; other users may see it in the list of processes"
    )
    add.add_argument("--replace", action="store_true", help="the station exists: give it a new password")
    list_command(subcommands, _station_list, "list charging stations by id")


def _token_commands(subcommands: Any) -> None:
    add = command(subcommands, "add", _token_add, "let a token charge", _EXAMPLES["token add"])
    add.add_argument("uid", help="what the reader reads, such as 04A2B3C4; upper and lower case are the same")
    add.add_argument(
        "--type",
        default="RFID",
        help="RFID, APP_USER, AD_HOC_USER, EMAID or OTHER, or OCPP's name for it: ISO14443, ISO15693, eMAID, "
        "Central; default: RFID (ISO14443 and ISO15693)",
    )
    add.add_argument("--contract", metavar="ID", help="the driver's contract; default: one made of the uid")
    add.add_argument("--group", metavar="ID", help="tokens of a group may stop each other's sessions")
    add.add_argument(
        "--whitelist",
        choices=("ALWAYS", "ALLOWED", "ALLOWED_OFFLINE", "NEVER"),
        default="ALLOWED",
        help="whether stations may remember it; default: ALLOWED",
    )
    add.add_argument("--expires", type=instant, metavar="TIME", help="ISO 8601, such as 2027-01-01T00:00Z")
    list_command(subcommands, _token_list, "list tokens, the newest first")
    for name, help_ in (("block", "let a token charge no more"), ("unblock", "let it charge again")):
        change = command(subcommands, name, _token_block, help_, _EXAMPLES["token block"])
        change.add_argument("uid")
        change.add_argument("--type", help="default: all types of that uid")
        change.set_defaults(blocked=name == "block")


def _tariff_commands(subcommands: Any) -> None:
    set_ = command(subcommands, "set", _tariff_set, "set the tariff of all stations", _EXAMPLES["tariff set"])
    set_.add_argument("file", type=Path, help="an OCPI 2.2.1 tariff (JSON)")
    list_command(subcommands, _tariff_list, "list tariffs and their versions, the newest first")


def _cdr_commands(subcommands: Any) -> None:
    list_command(subcommands, _cdr_list, "list charge detail records, the newest first")
    show = command(
        subcommands,
        "show",
        _cdr_show,
        "print a charge detail record (OCPI 2.2.1, JSON)",
        _EXAMPLES["cdr show"],
    )
    show.add_argument("id", help="the CDR's id")


def _init(arguments: argparse.Namespace) -> int:
    print(commands.init(arguments.config))
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    config = load_config(arguments.config)
    _set_up_logging(arguments.log_level, log_frames=arguments.log_frames)
    from backend.app import serve  # noqa: PLC0415 - the other commands start faster without the servers

    return serve(config)


def _station_add(arguments: argparse.Namespace) -> int:
    config = load_config(arguments.config)
    print(commands.add_station(config, arguments.id, arguments.password, replace=arguments.replace))
    return 0


def _station_list(arguments: argparse.Namespace) -> int:
    return print_page(arguments, commands.list_stations)


def _token_add(arguments: argparse.Namespace) -> int:
    token = NewToken(
        uid=arguments.uid,
        type=token_type(arguments.type),
        contract_id=arguments.contract,
        group_id=arguments.group,
        whitelist=arguments.whitelist,
        expires_at=arguments.expires,
    )
    print(commands.add_token(load_config(arguments.config), token))
    return 0


def _token_list(arguments: argparse.Namespace) -> int:
    return print_page(arguments, commands.list_tokens)


def _token_block(arguments: argparse.Namespace) -> int:
    config = load_config(arguments.config)
    print(commands.block_token(config, arguments.uid, arguments.type, blocked=arguments.blocked))
    return 0


def _tariff_set(arguments: argparse.Namespace) -> int:
    print(commands.set_tariff(load_config(arguments.config), arguments.file))
    return 0


def _tariff_list(arguments: argparse.Namespace) -> int:
    return print_page(arguments, commands.list_tariffs)


def _cdr_list(arguments: argparse.Namespace) -> int:
    return print_page(arguments, commands.list_cdrs)


def _cdr_show(arguments: argparse.Namespace) -> int:
    print(commands.show_cdr(load_config(arguments.config), arguments.id))
    return 0


def _set_up_logging(level: str, *, log_frames: bool) -> None:
    logging.basicConfig(
        level=level.upper(),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("backend.csms.frames").setLevel(logging.INFO if log_frames else logging.WARNING)
    for noisy in ("websockets", "backend.csms.websocket", "aiosqlite", "asyncio", "alembic", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
