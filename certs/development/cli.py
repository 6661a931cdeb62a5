"""`make pki ARGS=DIRECTORY`: the command line of the development PKI."""

from __future__ import annotations

import sys
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from certs.development.hierarchies import Wishes
from certs.development.writing import NotWritten, write_pki


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a development PKI; return 2 if the directory or a wish is unusable."""
    wished = Wishes()
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
    parser.add_argument("--organization", default=wished.organization, help="O of every subject")
    parser.add_argument("--station", default=wished.station, help="common name of the charging station")
    parser.add_argument(
        "--host", dest="hosts", action="append", help="name of the backend; repeatable (localhost)"
    )
    parser.add_argument("--emaid", default=wished.emaid, help="the contract")
    parser.add_argument("--pcid", default=wished.pcid, help="the vehicle's provisioning identifier")
    parser.add_argument("--days", type=int, default=wished.days, help="how long leaves are valid")
    parser.add_argument("--ocsp-url", default=wished.ocsp_url, help="where statuses can be asked for")
    parser.add_argument(
        "--keys-20", choices=("P-521", "Ed448"), default=wished.keys_20, help="for ISO 15118-20"
    )
    given = parser.parse_args(arguments)
    wishes = Wishes(
        organization=given.organization,
        station=given.station,
        hosts=tuple(given.hosts or wished.hosts),
        emaid=given.emaid,
        pcid=given.pcid,
        days=given.days,
        ocsp_url=given.ocsp_url,
        keys_20=given.keys_20,
    )
    try:
        count = write_pki(given.directory, wishes)
    except (NotWritten, OSError) as error:
        print(f"nothing usable was written: {error}", file=sys.stderr)
        return 2
    print(f"{count} certificates with their keys; {given.directory / 'README.md'} lists them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
