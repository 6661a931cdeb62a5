"""Roots at charging stations: what they have, what they should have, install and delete."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from backend.pki.audit import Finding, RootType, SigningUse, compare
from backend.web import station_rows
from backend.web.problems import ABSENT, INVALID_REQUEST, NOT_FOUND, STATION_REFUSED, ProblemError
from backend.web.remote import RESPONSES, commanded
from backend.web.service import Served, Service
from certs.hash_data import Algorithm, HashData
from certs.pem import NotACertificate, name_of, read_one

router = APIRouter(prefix="/charging-stations", tags=["certificates"])
StationId = Annotated[str, Path(max_length=48, description="the station's OCPP identity")]
_HEX = r"^[0-9a-fA-F]+$"


class CertificateName(BaseModel):
    """What names a certificate in OCPP (CertificateHashDataType)."""

    model_config = ConfigDict(extra="forbid")

    hash_algorithm: Algorithm
    issuer_name_hash: Annotated[str, Field(max_length=128, pattern=_HEX)]
    issuer_key_hash: Annotated[str, Field(max_length=128, pattern=_HEX)]
    serial_number: Annotated[str, Field(max_length=40, pattern=_HEX)]


class RootState(BaseModel):
    """A root, and how things stand with it at the station."""

    verdict: Annotated[
        Literal["present", "missing", "unexpected"],
        Field(description="`unexpected`: it is there, and is no root that the operator believes"),
    ]
    type: Annotated[str, Field(examples=["V2GRootCertificate"])]
    subject: Annotated[str, Field(description="empty for a root that is not known here")]
    certificate: CertificateName


class Audit(BaseModel):
    """What a station should have and what it has, as it has just said."""

    station_id: str
    is_in_order: Annotated[bool, Field(description="nothing is missing, nothing unexpected is there")]
    roots: list[RootState]


class NewRoot(BaseModel):
    """A root to install."""

    model_config = ConfigDict(extra="forbid")

    type: RootType
    certificate: Annotated[
        str | None,
        Field(max_length=5500, description="PEM; left out: every root of this type that the station lacks"),
    ] = None


class Renewal(BaseModel):
    """Which certificate the station is to renew."""

    model_config = ConfigDict(extra="forbid")

    type: SigningUse


class CommandResult(BaseModel):
    """What the station did."""

    done: Annotated[list[str], Field(description="the subjects or serial numbers that it is about")]


@router.get("/{station_id}/certificates", responses=ABSENT | RESPONSES)
async def audit_certificates(service: Served, station_id: StationId) -> Audit:
    """Ask the station which roots it has, and hold that against those that it should have."""
    await _known(service, station_id)
    async with commanded():
        has = await service.certificates.installed(station_id)
    findings = compare(service.wanted, has)
    return Audit(
        station_id=station_id,
        is_in_order=all(finding.verdict == "present" for finding in findings),
        roots=[_root(finding) for finding in findings],
    )


@router.post("/{station_id}/certificates", responses=ABSENT | RESPONSES)
async def install_certificate(service: Served, station_id: StationId, body: NewRoot) -> CommandResult:
    """Have the station believe a root (OCPP M05): the one given, or all of a type that it lacks."""
    await _known(service, station_id)
    wanted = [(body.type, body.certificate, _subject(body.certificate))] if body.certificate else []
    async with commanded():
        if body.certificate is None:
            has = await service.certificates.installed(station_id)
            should = [one for one in service.wanted if one.type == body.type]
            wanted = [
                (one.type, one.pem, finding.subject)
                for one, finding in zip(should, compare(should, has), strict=False)
                if finding.verdict == "missing"
            ]
        for kind, pem, subject in wanted:
            status, why = await service.certificates.install(station_id, kind, pem, subject)
            _accepted(station_id, status, why)
    return CommandResult(done=[subject for _, _, subject in wanted])


@router.post("/{station_id}/certificates/delete", responses=ABSENT | RESPONSES)
async def delete_certificate(service: Served, station_id: StationId, body: CertificateName) -> CommandResult:
    """Take a certificate away from the station (OCPP M04)."""
    await _known(service, station_id)
    named = HashData(
        algorithm=body.hash_algorithm,
        issuer_name_hash=body.issuer_name_hash,
        issuer_key_hash=body.issuer_key_hash,
        serial_number=body.serial_number,
    )
    async with commanded():
        status, why = await service.certificates.delete(station_id, named)
    _accepted(station_id, status, why)
    return CommandResult(done=[body.serial_number])


@router.post("/{station_id}/certificates/renew", responses=ABSENT | RESPONSES)
async def renew_certificate(service: Served, station_id: StationId, body: Renewal) -> CommandResult:
    """Have the station make a new key and ask for its certificate (OCPP A02, F06). It arrives by itself."""
    await _known(service, station_id)
    async with commanded():
        status, why = await service.certificates.renew(station_id, body.type)
    _accepted(station_id, status, why)
    return CommandResult(done=[body.type])


def _accepted(station_id: str, status: str, why: str) -> None:
    if status != "Accepted":
        detail = f"{station_id} answers {status} ({why}). GET its certificates to see what it has."
        raise ProblemError(STATION_REFUSED, detail)


def _subject(pem: str) -> str:
    try:
        return name_of(read_one(pem))
    except NotACertificate as error:
        detail = f"`certificate`: {error}; it is one certificate in PEM"
        raise ProblemError(INVALID_REQUEST, detail) from error


def _root(finding: Finding) -> RootState:
    named = finding.named
    return RootState(
        verdict=finding.verdict,
        type=finding.type,
        subject=finding.subject,
        certificate=CertificateName(
            hash_algorithm=named.algorithm,
            issuer_name_hash=named.issuer_name_hash,
            issuer_key_hash=named.issuer_key_hash,
            serial_number=named.serial_number,
        ),
    )


async def _known(service: Service, identity: str) -> None:
    if await service.database.read(lambda db: station_rows.station(db, identity)) is None:
        raise ProblemError(
            NOT_FOUND, f"No charging station {identity}; GET /api/v1/charging-stations lists them."
        )
