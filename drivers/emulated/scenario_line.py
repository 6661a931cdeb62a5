"""Reads the lines of a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

from drivers.emulated.line import LineTiming
from drivers.emulated.rig_spec import (
    SLOWEST_TURN_AROUND_S,
    AskingSpec,
    DialOutSpec,
    LineSpec,
    RtuOverTcpSpec,
    SerialSpec,
    TcpSpec,
    TlsFiles,
)
from drivers.profiles.fields import Entry, Fields
from drivers.profiles.links import Parity

KINDS: Final = ("serial", "rtu-over-tcp", "tcp", "dials", "asks")
FASTEST_BAUD: Final = 4_000_000


def read_line(entry: Entry, directory: Path) -> LineSpec:
    """Return one line; its fields depend on its kind."""
    fields = entry.fields()
    kind = fields.need("kind").choice(KINDS)
    line = _read(kind, fields, directory)
    fields.no_others()
    return line


def _read(kind: str, fields: Fields, directory: Path) -> LineSpec:
    match kind:
        case "serial":
            link = fields.get("link")
            return SerialSpec(
                timing=_timing(fields),
                turn_around_s=_turn_around_s(fields),
                link=directory / link.text() if link else None,
            )
        case "rtu-over-tcp":
            timing, turn_around_s = _timing(fields), _turn_around_s(fields)
            return RtuOverTcpSpec(
                timing=timing, turn_around_s=turn_around_s, host=_host(fields), port=_port(fields)
            )
        case "tcp":
            return TcpSpec(host=_host(fields), port=_port(fields), tls=_tls(fields, directory))
        case "asks":
            return AskingSpec(host=_host(fields), port=_port(fields), tls=_tls(fields, directory))
    name = fields.get("server_name")
    return DialOutSpec(
        host=_host(fields),
        port=fields.need("port").integer(1, 65535),
        tls=_tls(fields, directory),
        server_name=name.text() if name else None,
    )


def _timing(fields: Fields) -> LineTiming:
    """Return the wire's speed; parity and stop bits only make characters longer, for a pty knows none."""
    baud, parity, stop_bits = fields.get("baud"), fields.get("parity"), fields.get("stop_bits")
    bits = 9 + (stop_bits.integer(1, 2) if stop_bits else 1)
    if parity is not None and parity.choice(get_args(Parity)) != "N":
        bits += 1
    return LineTiming(baud=baud.integer(300, FASTEST_BAUD) if baud else 9600, bits_per_character=bits)


def _turn_around_s(fields: Fields) -> float:
    entry = fields.get("turn_around_ms")
    return entry.integer(0, 1000 * SLOWEST_TURN_AROUND_S) / 1000 if entry else 0.0


def _host(fields: Fields) -> str:
    entry = fields.get("host")
    return entry.text() if entry else "127.0.0.1"


def _port(fields: Fields) -> int:
    entry = fields.get("port")
    return entry.integer(0, 65535) if entry else 0


def _tls(fields: Fields, directory: Path) -> TlsFiles | None:
    entry = fields.get("tls")
    if entry is None:
        return None
    parts = entry.fields()
    authorities = parts.get("authorities")
    files = TlsFiles(
        certificate=_file(parts.need("certificate"), directory),
        key=_file(parts.need("key"), directory),
        authorities=_file(authorities, directory) if authorities else None,
    )
    parts.no_others()
    return files


def _file(entry: Entry, directory: Path) -> Path:
    path = directory / entry.text()
    if not path.is_file():
        entry.fail(f"{path}: no such file")
    return path
