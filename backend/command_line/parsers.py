"""The pieces that the command line's parsers are made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.admin.listing import Listing
from backend.config import Config, load_config

DEFAULT_CONFIG = "/etc/chargehand/backend.toml"
ENVIRONMENT = "CHARGEHAND_BACKEND"


class Parser(argparse.ArgumentParser):
    """A parser that leaves examples as they are laid out."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **keywords)


def group(subcommands: Any, name: str, help_: str) -> Any:
    """Add a command that has commands below it, and return those."""
    parser: argparse.ArgumentParser = subcommands.add_parser(name, help=help_, description=help_)
    _take_config(parser)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def command(
    subcommands: Any, name: str, function: Callable[[argparse.Namespace], int], help_: str, epilog: str = ""
) -> argparse.ArgumentParser:
    """Add a command."""
    parser: argparse.ArgumentParser = subcommands.add_parser(
        name, help=help_, description=help_, epilog=epilog or None
    )
    _take_config(parser)
    parser.set_defaults(command=function)
    return parser


def _take_config(parser: argparse.ArgumentParser) -> None:
    """Take --config here; the default is the main parser's, so that no level overrides another one."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help=f"the configuration file (default: ${ENVIRONMENT} or {DEFAULT_CONFIG})",
    )


def list_command(
    subcommands: Any, function: Callable[[argparse.Namespace], int], help_: str, name: str = "list"
) -> None:
    """Add a command that prints a page of a list."""
    made = command(subcommands, name, function, help_)
    made.add_argument("--limit", type=whole_number, default=50, help="how many at most; default: 50")
    made.add_argument("--offset", type=whole_number, default=0, help="how many to leave out first")
    made.add_argument("--json", action="store_true", help="print JSON, for programs")


def print_page(arguments: argparse.Namespace, page: Callable[[Config, int, int], Listing]) -> int:
    """Print a page as the arguments of `list_command` say."""
    config = load_config(arguments.config)
    listing = page(config, arguments.limit, arguments.offset)
    if arguments.json:
        print(listing.json())
    else:
        print(listing.table(config.cpo.time_zone, arguments.offset + arguments.limit))
    return 0


def whole_number(text: str) -> int:
    """Read a number of a list."""
    if not text.isdecimal() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 999999999")
    return int(text)


def instant(text: str) -> datetime:
    """Read an ISO 8601 time; one without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time, such as 2027-01-01T00:00Z") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
