"""What is written down of certificates: which were issued, which were revoked, and what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from sqlalchemy import Connection, Row, Select, insert, select

from backend.db.tables import charging_stations, issued_certificates, pki_events, revoked_certificates
from backend.db.upsert import upsert
from backend.pki.names import DutyName
from certs.hashing import hash_data
from certs.responding import Known
from certs.rules import common_name

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something to account for. `station_id` None: it is about no charger in particular."""

    what: str
    subject: str
    outcome: str
    station_id: int | None = None


def note(db: Connection, event: Event, at: datetime) -> None:
    """Write an event down."""
    db.execute(
        insert(pki_events).values(
            at=at,
            station_id=event.station_id,
            what=event.what,
            subject=event.subject,
            outcome=event.outcome,
        )
    )


def events(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return what happened, the newest first."""
    table = pki_events.c
    query: Select[Any] = (
        select(table.at, charging_stations.c.identity, table.what, table.subject, table.outcome)
        .select_from(pki_events.outerjoin(charging_stations))
        .order_by(table.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return db.execute(query).all()


def issuer_of(certificate: x509.Certificate) -> str:
    """Return what an authority's certificates are kept under: the hash of its key."""
    return hash_data(certificate, certificate).issuer_key_hash


def add_issued(
    db: Connection,
    chain: Sequence[x509.Certificate],
    duty: DutyName,
    at: datetime,
    station_id: int | None = None,
) -> None:
    """Keep that a certificate was issued; the chain is leaf first, and its issuer is the second of it."""
    leaf = chain[0]
    db.execute(
        insert(issued_certificates).values(
            issuer=hash_data(leaf, chain[1]).issuer_key_hash,
            serial_number=f"{leaf.serial_number:x}",
            duty=duty,
            common_name=common_name(leaf)[:_LONGEST_NAME],
            station_id=station_id,
            valid_until=leaf.not_valid_after_utc,
            issued_at=at,
        )
    )


def issued(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return what was issued and whether it was revoked, the newest first."""
    table, gone = issued_certificates, revoked_certificates
    joined = table.outerjoin(
        gone, (table.c.issuer == gone.c.issuer) & (table.c.serial_number == gone.c.serial_number)
    ).outerjoin(charging_stations)
    query: Select[Any] = (
        select(
            table.c.serial_number,
            table.c.duty,
            table.c.common_name,
            charging_stations.c.identity,
            table.c.issued_at,
            table.c.valid_until,
            gone.c.revoked_at,
        )
        .select_from(joined)
        .order_by(table.c.issued_at.desc(), table.c.serial_number)
        .limit(limit)
        .offset(offset)
    )
    return db.execute(query).all()


def known(db: Connection, issuer: str, serial_number: int, *, is_in_directory: bool) -> Known | None:
    """Return what an issuer knows of a number; None if it issued no such certificate."""
    at = _revoked_at(db, issuer, f"{serial_number:x}")
    if at is not None:
        return Known(revoked_at=at)
    table = issued_certificates.c
    found = db.execute(
        select(table.serial_number).where(table.issuer == issuer, table.serial_number == f"{serial_number:x}")
    ).first()
    return Known() if is_in_directory or found is not None else None


def _revoked_at(db: Connection, issuer: str, serial_number: str) -> datetime | None:
    table = revoked_certificates.c
    return db.execute(
        select(table.revoked_at).where(table.issuer == issuer, table.serial_number == serial_number)
    ).scalar_one_or_none()


def revoked(db: Connection, issuer: str) -> list[tuple[int, datetime]]:
    """Return what an issuer has revoked."""
    table = revoked_certificates.c
    rows = db.execute(select(table.serial_number, table.revoked_at).where(table.issuer == issuer))
    return [(int(row.serial_number, 16), row.revoked_at) for row in rows]


def issuers_of(db: Connection, serial_number: str) -> list[str]:
    """Return whose certificates have this number (hexadecimal)."""
    table = issued_certificates.c
    return list(db.execute(select(table.issuer).where(table.serial_number == serial_number)).scalars())


def revoke(db: Connection, issuer: str, serial_number: str, at: datetime, why: str) -> None:
    """Keep that a certificate is revoked; a time that stands already stays."""
    if _revoked_at(db, issuer, serial_number) is None:
        row = {"issuer": issuer, "serial_number": serial_number, "revoked_at": at, "why": why}
        upsert(db, revoked_certificates, [row])
