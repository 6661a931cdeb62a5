"""What the backend does with certificates at chargers, and what it remembers (A02, M03, M04, M05, F06)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Connection, Row, delete, select

from backend.csms.registry import Registry
from backend.csms.v201.commands.certificate_signed import certificate_signed
from backend.csms.v201.commands.delete_certificate import delete_certificate
from backend.csms.v201.commands.get_installed_certificate_ids import get_installed_certificate_ids
from backend.csms.v201.commands.install_certificate import install_certificate
from backend.csms.v201.commands.trigger_message import trigger_message
from backend.csms.v201.hash_data import named
from backend.db.engine import Database
from backend.db.tables import charging_stations, station_certificates
from backend.db.upsert import upsert
from backend.pki import records
from backend.pki.audit import Installed, RootType, SigningUse
from backend.pki.records import Event
from certs.hash_data import HashData
from ocppj.messages import v201

_TYPES: dict[str, v201.CertificateSigningUseEnumType] = {
    kind: kind for kind in get_args(v201.CertificateSigningUseEnumType)
}
_TRIGGERS: dict[SigningUse, v201.MessageTriggerEnumType] = {
    "ChargingStationCertificate": "SignChargingStationCertificate",
    "V2GCertificate": "SignV2GCertificate",
    "Combined": "SignCombinedCertificate",
}


class Deliver:
    """Hands certificates over to chargers that are connected (`backend.pki.delivery.Send`)."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    async def __call__(self, identity: str, chain: str, type_: str | None) -> str | None:
        """Deliver a chain (PEM); return why the charger refuses it.

        Raises:
            CommandError: If it could not be asked, did not answer, or answered with an error.
        """
        connection = self._registry.get(identity)
        answer = await certificate_signed(connection, chain, _TYPES.get(type_ or ""))
        return None if answer.status == "Accepted" else _reason(answer.status_info)


class StationCertificates:
    """Looks at, installs and deletes certificates at connected chargers.

    Commands raise CommandError if the charger could not be asked, did not answer, or answered with an error.
    """

    def __init__(self, registry: Registry, database: Database, clock: Callable[[], datetime]) -> None:
        self._registry = registry
        self._database = database
        self._clock = clock

    async def installed(self, identity: str) -> tuple[Installed, ...]:
        """Ask a charger what it has, and remember it."""
        connection = self._registry.get(identity)
        found = [
            Installed(type=one.certificate_type, named=named(one.certificate_hash_data))
            for one in await get_installed_certificate_ids(connection)
        ]
        await self._database.write(lambda db: _remember(db, connection.station_id, found, self._clock()))
        return tuple(found)

    async def install(self, identity: str, kind: RootType, pem: str, subject: str) -> tuple[str, str]:
        """Give a charger a root (PEM); return its status (Accepted, Rejected, Failed), and why."""
        connection = self._registry.get(identity)
        answer = await install_certificate(connection, kind, pem)
        said = "" if answer.status == "Accepted" else _reason(answer.status_info)
        await self._note(connection.station_id, "installation", f"{kind} {subject}", answer.status, said)
        return answer.status, said

    async def delete(self, identity: str, named: HashData) -> tuple[str, str]:
        """Take a certificate away; return the charger's status (Accepted, Failed, NotFound), and why."""
        connection = self._registry.get(identity)
        answer = await delete_certificate(connection, named)
        said = "" if answer.status == "Accepted" else _reason(answer.status_info)
        await self._note(connection.station_id, "deletion", named.serial_number, answer.status, said)
        return answer.status, said

    async def renew(self, identity: str, kind: SigningUse) -> tuple[str, str]:
        """Have a charger ask for a new certificate; return its status (Accepted, Rejected, ...), and why."""
        connection = self._registry.get(identity)
        answer = await trigger_message(connection, _TRIGGERS[kind])
        said = "" if answer.status == "Accepted" else _reason(answer.status_info)
        await self._note(connection.station_id, "renewal", kind, answer.status, said)
        return answer.status, said

    async def _note(self, station_id: int, what: str, subject: str, status: str, said: str) -> None:
        outcome = f"{status}: {said}" if said else status
        event = Event(what=what, subject=subject, outcome=outcome, station_id=station_id)
        await self._database.write(lambda db: records.note(db, event, self._clock()))


def remembered(db: Connection, identity: str | None = None) -> Sequence[Row[Any]]:
    """Return what chargers had when they were last asked, by identity; of one or of all."""
    query = select(station_certificates, charging_stations.c.identity).join(charging_stations)
    if identity is not None:
        query = query.where(charging_stations.c.identity == identity)
    return db.execute(query.order_by(charging_stations.c.identity, station_certificates.c.type)).all()


def installed_of(row: Row[Any]) -> Installed:
    """Return a row of `remembered` as the certificate that it is about."""
    return Installed(
        type=row.type,
        named=HashData(
            algorithm=row.hash_algorithm,
            issuer_name_hash=row.issuer_name_hash,
            issuer_key_hash=row.issuer_key_hash,
            serial_number=row.serial_number,
        ),
    )


def _remember(db: Connection, station_id: int, found: Sequence[Installed], at: datetime) -> None:
    db.execute(delete(station_certificates).where(station_certificates.c.station_id == station_id))
    rows = [
        {
            "station_id": station_id,
            "type": one.type,
            "hash_algorithm": one.named.algorithm,
            "issuer_name_hash": one.named.issuer_name_hash,
            "issuer_key_hash": one.named.issuer_key_hash,
            "serial_number": one.named.serial_number,
            "seen_at": at,
        }
        for one in found
    ]
    upsert(db, station_certificates, rows)


def _reason(info: v201.StatusInfoType | None) -> str:
    said = "" if info is None else f"{info.reason_code} {info.additional_info or ''}".strip()
    return said or "it gives no reason"
