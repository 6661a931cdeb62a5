from __future__ import annotations

import fcntl
import logging
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.system.concerning import concerning
from agent.system.journal import SEALS, JournalHandler, entry, has_journal

PATIENCE_S = 10


@contextmanager
def journal(path: Path) -> Iterator[socket.socket]:
    """The journal's end of the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as received:
        received.bind(str(path))
        received.settimeout(PATIENCE_S)
        yield received


@contextmanager
def logger(path: Path) -> Iterator[logging.Logger]:
    handler = JournalHandler(str(path))
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.Logger("agent.somewhere")
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()


def parsed(data: bytes) -> dict[str, str]:
    """Read an entry as the journal's documentation says."""
    fields: dict[str, str] = {}
    while data:
        line, _, data = data.partition(b"\n")
        name, is_short, value = line.partition(b"=")
        if not is_short:
            (length,) = struct.unpack("<Q", data[:8])
            value, data = data[8 : 8 + length], data[8 + length + 1 :]
        fields[name.decode()] = value.decode()
    return fields


def test_an_entry_has_fields(tmp_path: Path) -> None:
    with journal(tmp_path / "j") as received, logger(tmp_path / "j") as log:
        log.warning("EVSE %d: it smells", 1, extra={"fields": {"CHARGEHAND_EVSE": "1"}})
        fields = parsed(received.recv(10_000))
    assert fields.pop("CODE_LINE").isdecimal()
    assert fields == {
        "MESSAGE": "EVSE 1: it smells",
        "PRIORITY": "4",
        "SYSLOG_IDENTIFIER": "chargehand-agent",
        "LOGGER": "agent.somewhere",
        "CODE_FILE": __file__,
        "CODE_FUNC": "test_an_entry_has_fields",
        "CHARGEHAND_EVSE": "1",
    }


def test_an_entry_has_what_its_task_is_about(tmp_path: Path) -> None:
    with journal(tmp_path / "j") as received, logger(tmp_path / "j") as log:
        with concerning(evse=2, transaction="t-1"):
            log.warning("it smells", extra={"fields": {"CHARGEHAND_EVSE": "1"}})
        fields = parsed(received.recv(10_000))
    assert (fields["CHARGEHAND_EVSE"], fields["CHARGEHAND_TRANSACTION"]) == ("1", "t-1"), "its own say more"


@pytest.mark.parametrize(
    ("level", "priority"),
    [(logging.DEBUG, "7"), (logging.INFO, "6"), (logging.ERROR, "3"), (logging.CRITICAL, "2")],
)
def test_levels_are_priorities(tmp_path: Path, level: int, priority: str) -> None:
    with journal(tmp_path / "j") as received, logger(tmp_path / "j") as log:
        log.log(level, "x")
        assert parsed(received.recv(10_000))["PRIORITY"] == priority


def test_no_message_can_forge_a_field(tmp_path: Path) -> None:
    forged = "one\nPRIORITY=0\n\nMESSAGE=two"
    with journal(tmp_path / "j") as received, logger(tmp_path / "j") as log:
        log.info(forged, extra={"fields": {"OCPP_MESSAGE_ID": "a\nPRIORITY=0"}})
        fields = parsed(received.recv(10_000))
    assert (fields["MESSAGE"], fields["PRIORITY"], fields["OCPP_MESSAGE_ID"]) == (
        forged,
        "6",
        "a\nPRIORITY=0",
    )


def test_what_is_too_long_for_a_datagram_goes_as_a_sealed_file(tmp_path: Path) -> None:
    text = "x" * 1_000_000
    with journal(tmp_path / "j") as received, logger(tmp_path / "j") as log:
        log.info(text)
        data, [file], _, _ = socket.recv_fds(received, 10, 1)
    try:
        assert data == b""
        assert fcntl.fcntl(file, fcntl.F_GET_SEALS) == SEALS
        assert parsed(os.pread(file, 2_000_000, 0))["MESSAGE"] == text
    finally:
        os.close(file)


def test_without_a_journal_lines_are_not_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with logger(tmp_path / "none") as log:
        log.error("still said")
    assert capsys.readouterr().err == "still said\n"


def test_bytes_that_are_no_text_are_sent_as_they_are() -> None:
    assert entry(iter([("CODE_FILE", "/home/\udcff")])) == b"CODE_FILE=/home/\xff\n"


def test_the_journal_is_used_where_our_errors_go_to_it(tmp_path: Path) -> None:
    with (tmp_path / "errors").open("w") as errors:
        found = os.fstat(errors.fileno())
        assert has_journal({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"}, errors)
        assert not has_journal({"JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino + 1}"}, errors)
        assert not has_journal({}, errors)


def test_the_command_uses_it(tmp_path: Path) -> None:
    with (tmp_path / "errors").open("wb") as errors:
        found = os.fstat(errors.fileno())
        program = (
            "import logging, agent.cli; agent.cli._set_up_logging('info');"
            "print(type(logging.root.handlers[0]).__name__)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "JOURNAL_STREAM": f"{found.st_dev}:{found.st_ino}"},
            stdout=subprocess.PIPE,
            stderr=errors,
            check=True,
        )
    assert done.stdout == b"JournalHandler\n"
