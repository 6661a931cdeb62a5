"""Charging stations' signing requests (OCPP 2.0.1 A02, A03): checked, kept, certified.

A request that was answered with "Accepted" is in the database, and stays open until the station has its
certificate or a newer request takes its place, whoever goes away meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from sqlalchemy import Connection, Row, insert, select, update

from backend.db.tables import certificate_requests, charging_stations
from backend.pki import records
from backend.pki.directory import Authorities
from backend.pki.issuing import Order, certify
from backend.pki.names import DutyName
from backend.pki.records import Event
from backend.pki.terms import Wording
from certs.csr import Subject
from certs.key_kinds import kind_of
from certs.pem import write_bundle
from certs.profiles import SECC
from certs.requests import RequestRefused, SigningRequest, read_request

CSR, CERTIFICATE = "CSR", "certificate"
_OPEN = ("Waiting", "Issued")
_TABLE = certificate_requests
_DOMAIN = "CPO"


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRequest:
    """A request as it came. `type` is OCPP's; None: one certificate for the backend and for vehicles."""

    station_id: int
    type: str | None
    csr: str
    received_at: datetime


def duty_of(type_: str | None, request: SigningRequest) -> DutyName:
    """Return who certifies a request.

    Without a type it is for both ends if it asks to be one of the V2G hierarchy, else for the backend:
    stations that know no ISO 15118 leave the type out as well.
    """
    is_v2g = request.domain_component == _DOMAIN if type_ is None else type_ == "V2GCertificate"
    return "secc" if is_v2g else "stations"


def take(db: Connection, authorities: Authorities, asked: StationRequest) -> str | None:
    """Keep a request, in place of older ones; return why not, None if it will be certified."""
    row = db.execute(
        select(charging_stations.c.identity, charging_stations.c.serial_number).where(
            charging_stations.c.id == asked.station_id
        )
    ).one()
    why = _why_not(authorities, asked, (row.identity, row.serial_number))
    if why is not None:
        _note(db, asked, CSR, f"refused: {why}")
        return why
    same = _TABLE.c.station_id == asked.station_id, _TABLE.c.type.is_not_distinct_from(asked.type)
    is_open = _TABLE.c.status.in_(_OPEN)
    if db.execute(select(_TABLE.c.id).where(*same, is_open, _TABLE.c.csr == asked.csr)).first():
        return None  # it was sent again, for want of the answer
    gone = {"status": "Superseded", "settled_at": asked.received_at}
    db.execute(update(_TABLE).where(*same, is_open).values(gone))
    db.execute(
        insert(_TABLE).values(
            station_id=asked.station_id,
            type=asked.type,
            csr=asked.csr,
            requested_at=asked.received_at,
            status="Waiting",
        )
    )
    _note(db, asked, CSR, "accepted")
    return None


def _why_not(authorities: Authorities, asked: StationRequest, names: tuple[str | None, ...]) -> str | None:
    try:
        request = read_request(asked.csr)
    except RequestRefused as error:
        return str(error)
    if request.common_name not in names:
        known = " or ".join(repr(name) for name in names if name)
        return f"its common name is {request.common_name!r}, the station is {known}"
    duty = duty_of(asked.type, request)
    if duty == "secc" and kind_of(request.key) not in (SECC.keys or ()):
        return f"its key is {kind_of(request.key)}, vehicles know P-256"
    return None if authorities.of(duty) is not None else f"nobody here certifies {asked.type or 'that'}"


def open_requests(db: Connection, after: int = 0, limit: int = 500) -> Sequence[Row[Any]]:
    """Return what is to be certified or delivered, the oldest first, with the stations' identities.

    At most `limit` are returned, with ids above `after`: many may wait for stations that are away.
    """
    query = (
        select(_TABLE, charging_stations.c.identity)
        .join(charging_stations)
        .where(_TABLE.c.status.in_(_OPEN), _TABLE.c.id > after)
        .order_by(_TABLE.c.id)
        .limit(limit)
    )
    return db.execute(query).all()


def answer(
    authorities: Authorities, wording: Wording, csr: str, type_: str | None, at: datetime
) -> tuple[DutyName, tuple[x509.Certificate, ...]]:
    """Return the chain, leaf first, that answers a request which was taken, and by whom it is.

    Raises:
        PkiError: If it cannot be certified.
    """
    request = read_request(csr)
    duty = duty_of(type_, request)
    order = Order(
        duty=duty,
        subject=Subject(
            common_name=request.common_name,
            organization=request.organization or "Charge point operator",
            domain_component=_DOMAIN if duty == "secc" else None,
        ),
        key=request.key,
        terms=wording.terms(duty, is_combined=type_ is None and duty == "secc"),
    )
    return duty, certify(authorities, order, at)


def keep_issued(
    db: Connection, row: Row[Any], duty: DutyName, chain: Sequence[x509.Certificate], at: datetime
) -> None:
    """Keep a chain before it is sent."""
    records.add_issued(db, chain, duty, at, row.station_id)
    _settle(db, row.id, {"status": "Issued", "chain": write_bundle(chain)})
    subject = chain[0].subject.rfc4514_string()
    event = Event(
        what=CERTIFICATE,
        subject=subject,
        outcome=f"issued {chain[0].serial_number:x}",
        station_id=row.station_id,
    )
    records.note(db, event, at)


def settle(db: Connection, row: Row[Any], status: str, why: str | None, at: datetime) -> None:
    """Close a request: Delivered, Refused or Failed."""
    _settle(db, row.id, {"status": status, "why": why, "settled_at": at})
    outcome = status.lower() if why is None else f"{status.lower()}: {why}"
    event = Event(
        what=CERTIFICATE, subject=row.type or "for both ends", outcome=outcome, station_id=row.station_id
    )
    records.note(db, event, at)


def _settle(db: Connection, number: int, values: dict[str, Any]) -> None:
    """Change a request, unless a newer one took its place meanwhile."""
    db.execute(update(_TABLE).where(_TABLE.c.id == number, _TABLE.c.status.in_(_OPEN)).values(values))


def _note(db: Connection, asked: StationRequest, what: str, outcome: str) -> None:
    event = Event(
        what=what, subject=asked.type or "for both ends", outcome=outcome, station_id=asked.station_id
    )
    records.note(db, event, asked.received_at)
