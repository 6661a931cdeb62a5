"""`chargehand-agent profile`: check hardware profiles, and list those that are there."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, get_args

from agent.technician.arguments import directory
from drivers.profiles.describe import describe, interface, unverified
from drivers.profiles.errors import ProfileError
from drivers.profiles.find import list_profiles
from drivers.profiles.load import load_profile
from drivers.profiles.model import Kind, Profile

EX_CONFIG: Final = 78
"""Exit code for a profile that cannot be used (sysexits.h)."""

_EPILOG = """\
examples:
  chargehand-agent profile check ./my-meter.yaml   is it right, and how will the device be read?
  chargehand-agent profile check abb-b23           how is this one read?
  chargehand-agent profile list                    every device that works without a file of your own
  chargehand-agent profile list --kind meter --directory ./profiles

exit codes: 0 all right, 2 wrong usage, 78 a profile is wrong
"""
_CHECK = """\
Say what is wrong with a profile (file, line, field and what would be right), or how it will be read: the
requests, and what each gives. Nothing is opened but the file.
"""
_LIST = """\
List profiles with what each is, how it is reached as it leaves the factory, and how many of its facts come
from one weak source (`profile check` and docs/devices.md name them).
"""
COLUMNS: Final = ("profile", "role", "interface", "unverified", "device")


def add_command(commands: Any) -> None:
    """Add the command `profile` with its own commands."""
    layout = argparse.RawDescriptionHelpFormatter
    tells = "check hardware profiles, and list those that are there"
    parser = commands.add_parser(
        "profile", help=tells, description=tells, epilog=_EPILOG, formatter_class=layout
    )
    own = parser.add_subparsers(required=True, metavar="COMMAND")
    check = own.add_parser(
        "check", help="say what is wrong with a profile, or how it will be read",
        description=_CHECK, epilog=_EPILOG, formatter_class=layout,
    )  # fmt: skip
    check.add_argument("file", nargs="+", help="a file, or the id of a profile")
    check.set_defaults(command=_check)
    listed = own.add_parser(
        "list", help="list profiles", description=_LIST, epilog=_EPILOG, formatter_class=layout
    )
    listed.add_argument("--kind", choices=get_args(Kind), help="only devices of this kind")
    listed.set_defaults(command=_list)
    for one in (check, listed):
        one.add_argument(
            "--directory", type=directory, help="where your own profiles are, as in the station file"
        )


def _check(arguments: argparse.Namespace) -> int:
    code = 0
    for name in arguments.file:
        profile = _load(name, arguments.directory)
        if profile is None:
            code = EX_CONFIG
        else:
            sys.stdout.write("\n".join(_described(profile)) + "\n")
    return code


def _described(profile: Profile) -> Iterator[str]:
    yield from describe(profile)
    if names := unverified(profile):
        yield f"  unverified: {', '.join(names)}"


def _list(arguments: argparse.Namespace) -> int:
    found = [_load(path, arguments.directory) for path in list_profiles(arguments.directory).values()]
    profiles = [profile for profile in found if profile and arguments.kind in {None, profile.kind}]
    kinds = get_args(Kind)
    rows = [_row(one) for one in sorted(profiles, key=lambda one: (kinds.index(one.kind), one.id))]
    sys.stdout.write("\n".join(_table([COLUMNS, *rows])) + "\n")
    return EX_CONFIG if None in found else 0


def _row(profile: Profile) -> tuple[str, ...]:
    doubts = len(unverified(profile))
    return (
        profile.id,
        profile.kind.replace("-", " "),
        interface(profile),
        str(doubts) if doubts else "-",
        f"{profile.maker} {profile.model}",
    )


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _load(name: str | Path, directory: Path | None) -> Profile | None:
    """Return the profile, or None after saying what is wrong with it."""
    try:
        return load_profile(name, directory)
    except ProfileError as error:
        sys.stderr.write(f"{error}\n")
        return None
