"""`make pki ARGS=DIRECTORY`: the command line of the development PKI."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentDefaultsHelpFormatter, ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from certs.development.hierarchies import Wishes
from certs.development.writing import NotWritten, write_pki

_MOST_DAYS = 3650  # as long as the authorities themselves
_LONGEST_NAME = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a development PKI; return 2 if the directory or a wish is unusable."""
    wished = Wishes()
    given = _parser(wished).parse_args(arguments)
    wishes = Wishes(
        organization=given.organization,
        station=given.station,
        hosts=tuple(getattr(given, "hosts", wished.hosts)),
        emaid=given.emaid,
        pcid=given.pcid,
        days=given.days,
        ocsp_url=getattr(given, "ocsp_url", wished.ocsp_url),
        keys_20=given.keys_20,
    )
    try:
        count = write_pki(given.directory, wishes)
    except NotWritten as error:
        print(f"nothing usable was written: {error}", file=sys.stderr)
        return 2
    print(f"{count} certificates with their keys; {given.directory / 'README.md'} lists them")
    return 0


def _parser(wished: Wishes) -> ArgumentParser:
    parser = ArgumentParser(
        prog="make pki ARGS=...",
        description="Write every root, authority and certificate that charging has to do with into a new "
        "directory: V2G, MO, OEM and provisioning service for ISO 15118-2 and -20, backend, charging station "
        "and firmware for OCPP. For development only.",
        formatter_class=ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "directory", type=Path, help="a new or empty directory", default=Path("build/pki"), nargs="?"
    )
    parser.add_argument("--organization", type=_name, default=wished.organization, help="O of every subject")
    parser.add_argument(
        "--station", type=_name, default=wished.station, help="common name of the charging station"
    )
    parser.add_argument(
        "--host",
        dest="hosts",
        metavar="HOST",
        type=_name,
        action="append",
        default=SUPPRESS,
        help="name of the backend; repeatable (default: localhost)",
    )
    parser.add_argument("--emaid", default=wished.emaid, help="the contract")
    parser.add_argument(
        "--pcid", type=_name, default=wished.pcid, help="the vehicle's provisioning identifier"
    )
    parser.add_argument("--days", type=_days, default=wished.days, help="how long leaves are valid")
    parser.add_argument(
        "--ocsp-url", default=SUPPRESS, help="where statuses can be asked for (default: none)"
    )
    parser.add_argument(
        "--keys-20", choices=("P-521", "Ed448"), default=wished.keys_20, help="for ISO 15118-20"
    )
    return parser


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_DAYS:
        raise ArgumentTypeError(f"1 to {_MOST_DAYS} days")
    return int(text)


def _name(text: str) -> str:
    if not 0 < len(text) <= _LONGEST_NAME:
        raise ArgumentTypeError(f"1 to {_LONGEST_NAME} characters")
    return text


if __name__ == "__main__":
    sys.exit(main())
