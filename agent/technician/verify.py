"""`chargehand-agent verify`: what stands in a signed meter reading, and whether it is genuine."""

from __future__ import annotations

import argparse
import base64
import binascii
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from agent.system.files import why_unreadable
from drivers.signed.ocmf import Ocmf, OcmfError, parse

GENUINE: Final = 0
NOT_GENUINE: Final = 1
NOT_JUDGED: Final = 3
EX_NOINPUT: Final = 66

_DESCRIPTION = """\
Show what a signed meter reading (OCMF) says, and verify it with the meter's public key: that of its type
plate or of a register, not one that came with the reading.
"""
_EPILOG = """\
examples:
  chargehand-agent verify reading.ocmf --key 3059301306...   is it genuine?
  chargehand-agent verify - --key meter.key < reading.ocmf   the key in a file, the reading from a pipe
  chargehand-agent verify reading.ocmf                       what does it say?

The reading may also be in base64, as OCPP carries it. The key is DER or a bare point, hexadecimal or base64.

exit codes: 0 genuine, 1 not genuine or no reading, 2 wrong usage, 3 not judged (no key, or none that fits),
66 no such file
"""


def add_command(commands: Any) -> None:
    """Add the command `verify`."""
    parser = commands.add_parser(
        "verify",
        help="verify a signed meter reading",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", help="a file with the reading; - for standard input")
    parser.add_argument("--key", help="the public key, or a file that holds it")
    parser.set_defaults(command=verify_file)


def verify_file(arguments: argparse.Namespace) -> int:
    """Run the command."""
    try:
        content = sys.stdin.read() if arguments.file == "-" else Path(arguments.file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"chargehand-agent: {arguments.file} cannot be read: {why_unreadable(error)}\n")
        return EX_NOINPUT
    try:
        record = parse(_unwrapped(content.strip()))
    except OcmfError as error:
        sys.stderr.write(f"chargehand-agent: no signed reading: {error}\n")
        return NOT_GENUINE
    sys.stdout.write("\n".join(described(record)) + "\n")
    code, verdict = _judged(record, arguments.key)
    sys.stdout.write(f"verdict      {verdict}\n")
    return code


def described(record: Ocmf) -> Iterator[str]:
    """Yield what stands in a record, line by line."""
    yield f"meter        {record.meter_serial or '-'}"
    yield f"transaction  {record.pagination or '-'}"
    yield f"driver       {record.identification or '-'}"
    for reading in record.readings:
        value = "-" if reading.value is None else f"{reading.value} {reading.unit or ''}".rstrip()
        parts = (reading.reason or "-", reading.time, value, reading.register or "")
        yield f"reading      {'  '.join(parts)}".rstrip()
    yield f"signed with  {record.algorithm}"


def _unwrapped(text: str) -> str:
    """Return the record of a text that is one, or one in base64."""
    if text.startswith("OCMF"):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return text


def _judged(record: Ocmf, key: str | None) -> tuple[int, str]:
    if key is None:
        return NOT_JUDGED, "none: give the meter's public key with --key"
    from drivers.signed.verify import Verdict, verify  # noqa: PLC0415 - a library that only this needs

    judgement = verify(record, _key(key))
    if judgement.is_genuine:
        return GENUINE, str(judgement)
    says_nothing = judgement.verdict in {Verdict.KEY_UNUSABLE, Verdict.ALGORITHM_UNKNOWN}
    return (NOT_JUDGED if says_nothing else NOT_GENUINE), str(judgement)


def _key(key: str) -> str:
    """Return the key, which may be in a file."""
    try:
        return Path(key).read_text("utf-8").strip()
    except (OSError, ValueError):
        return key
