"""Log records as entries of systemd's journal with fields of their own, by its native protocol.

What a line is about (`agent.system.concerning`) and a record's own `fields` (`extra={"fields": {...}}`)
become fields of the entry, so that `journalctl CHARGEHAND_EVSE=1` finds it. https://systemd.io/JOURNAL_NATIVE_PROTOCOL
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from typing import Final, TextIO

from agent.system.concerning import present

ADDRESS: Final = "/run/systemd/journal/socket"
IDENTIFIER: Final = "chargehand-agent"
SEALS: Final = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
_TOO_LONG: Final = frozenset({errno.EMSGSIZE, errno.ENOBUFS})
_PRIORITIES: Final = (
    (logging.CRITICAL, "2"),
    (logging.ERROR, "3"),
    (logging.WARNING, "4"),
    (logging.INFO, "6"),
)
_DEBUG: Final = "7"


def has_journal(environment: Mapping[str, str] = os.environ, errors: TextIO | None = None) -> bool:
    """Return whether our standard error goes to the journal: systemd names its device and inode."""
    device, _, inode = environment.get("JOURNAL_STREAM", "").partition(":")
    try:
        found = os.fstat((errors or sys.stderr).fileno())
    except (OSError, ValueError):
        return False
    return (device, inode) == (str(found.st_dev), str(found.st_ino))


class JournalHandler(logging.Handler):
    """Sends each record as an entry; one that cannot be sent goes to standard error, where it is not lost."""

    def __init__(self, address: str = ADDRESS) -> None:
        super().__init__()
        self._address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._otherwise = logging.StreamHandler(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record."""
        try:
            self._send(entry(fields(record, self.format(record))))
        except OSError:
            self._otherwise.emit(record)
        except Exception:  # what cannot be written must not stop who wrote it (logging.Handler.emit)
            self.handleError(record)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
        super().close()

    def _send(self, data: bytes) -> None:
        try:
            self._socket.sendto(data, self._address)
        except OSError as error:
            if error.errno not in _TOO_LONG:
                raise
            self._send_as_file(data)

    def _send_as_file(self, data: bytes) -> None:
        """Send what is too long for a datagram as a file in memory that nobody can change any more."""
        file = os.memfd_create(IDENTIFIER, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            with open(file, "wb", closefd=False) as memory:
                memory.write(data)
            fcntl.fcntl(file, fcntl.F_ADD_SEALS, SEALS)
            carried = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack("i", file))]
            self._socket.sendmsg([b""], carried, 0, self._address)
        finally:
            os.close(file)


def fields(record: logging.LogRecord, message: str) -> Iterator[tuple[str, str]]:
    """Yield the entry's fields."""
    yield "MESSAGE", message
    yield "PRIORITY", next((mark for level, mark in _PRIORITIES if record.levelno >= level), _DEBUG)
    yield "SYSLOG_IDENTIFIER", IDENTIFIER
    yield "LOGGER", record.name
    yield "CODE_FILE", record.pathname
    yield "CODE_LINE", str(record.lineno)
    yield "CODE_FUNC", record.funcName or ""
    yield from {**present(), **getattr(record, "fields", {})}.items()


def entry(of: Iterator[tuple[str, str]]) -> bytes:
    """Return fields as the journal takes them; a value of several lines goes by its length."""
    data = bytearray()
    for name, text in of:
        value = text.encode("utf-8", "surrogateescape")
        if b"\n" in value:
            data += name.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
        else:
            data += name.encode() + b"=" + value + b"\n"
    return bytes(data)
