"""What `chargehand-backend pki` does about certificates at stations; each returns what is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Row, select

from backend.admin.calling import call
from backend.admin.database import run
from backend.admin.errors import AdminError
from backend.admin.listing import Listing, Value, listing
from backend.admin.pki import section_of
from backend.config import Config
from backend.csms.certificates import installed_of, remembered
from backend.db.tables import charging_stations
from backend.pki.assembly import token_of
from backend.pki.audit import Wanted, compare, wanted
from backend.pki.directory import read
from backend.pki.errors import PkiError
from certs.pem import FROM_DER


def audit(config: Config) -> Listing:
    """Return what is wrong at every station, as they said when they were last asked."""
    section = section_of(config)
    try:
        should = wanted(read(Path(section.directory), token_of(section)))
    except PkiError as error:
        raise AdminError(str(error)) from error
    identities = select(charging_stations.c.identity).order_by(charging_stations.c.identity)

    def work(db: Connection) -> tuple[list[str], list[Row[Any]]]:
        return list(db.execute(identities).scalars()), list(remembered(db))

    stations, rows = asyncio.run(run(config, work))
    found = [line for station in stations for line in _lines(station, rows, should)]
    return listing(found, len(found))


def _lines(station: str, rows: list[Row[Any]], should: tuple[Wanted, ...]) -> Iterator[Mapping[str, Value]]:
    its = [row for row in rows if row.identity == station]
    asked_at = max((row.seen_at for row in its), default=None)
    if asked_at is None:
        yield _line(station, None, "not asked yet", "-", "")
        return
    findings = [one for one in compare(should, map(installed_of, its)) if one.verdict != "present"]
    if not findings:
        yield _line(station, asked_at, "in order", "-", "")
    for one in findings:
        yield _line(station, asked_at, one.verdict, one.type, one.subject or one.named.serial_number)


def _line(station: str, asked_at: Value, verdict: str, type_: str, root: str) -> Mapping[str, Value]:
    return {"station": station, "asked_at": asked_at, "verdict": verdict, "type": type_, "root": root}


def ask(config: Config, station: str) -> Listing:
    """Ask a station what it has, and return how things stand with every root."""
    answer = call(config, "GET", _path(station))
    rows = [
        {
            "verdict": root["verdict"],
            "type": root["type"],
            "subject": root["subject"] or None,
            "serial_number": root["certificate"]["serial_number"],
        }
        for root in answer["roots"]
    ]
    return listing(rows, len(rows))


def install(config: Config, station: str, kind: str, file: Path | None) -> str:
    """Have a station believe a root: the one in a file, or all of a type that it lacks."""
    body = {"type": kind}
    if file is not None:
        try:
            body["certificate"] = file.read_text("ascii")
        except OSError as error:
            raise AdminError(f"{file} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise AdminError(f"{file} is no PEM file; {FROM_DER}") from error
    done = call(config, "POST", _path(station), body)["done"]
    return "\n".join(f"{station}: installed {name}" for name in done) or f"{station} lacks none"


def delete(config: Config, station: str, serial_number: str) -> str:
    """Take a root away from a station, by its serial number there."""
    wished = serial_number.lower().lstrip("0")
    for root in call(config, "GET", _path(station))["roots"]:
        is_there = root["verdict"] != "missing"
        if is_there and root["certificate"]["serial_number"].lower().lstrip("0") == wished:
            call(config, "POST", f"{_path(station)}/delete", root["certificate"])
            return f"{station}: deleted {root['subject'] or serial_number}"
    raise AdminError(f"{station} has no root {serial_number}; see: chargehand-backend pki audit {station}")


def renew(config: Config, station: str, kind: str) -> str:
    """Have a station ask for a new certificate."""
    call(config, "POST", f"{_path(station)}/renew", {"type": kind})
    return f"{station}: makes a new key; what comes of it: chargehand-backend pki log"


def _path(station: str) -> str:
    return f"charging-stations/{quote(station, safe='')}/certificates"
