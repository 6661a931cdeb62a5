"""What a charge point asks of the backend by the application note, and how the answers are read."""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

import msgspec

from agent.authorization.contract import Evidence, StatusQuestion
from agent.authorization.verdicts import Verdict
from agent.csms.dialect import CannotBeTold
from agent.csms.v16.pnc import VENDOR, messages
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.security.signing import Purpose
from agent.transactions.records import Token
from ocppj.messages import v16
from ocppj.messages.fields import Payload

TYPES: Final[dict[Purpose, str | None]] = {
    "client": "ChargingStationCertificate",
    "secc": "V2GCertificate",
    "combined": None,
}

_Answer = TypeVar("_Answer")


def authorize(token: Token, evidence: Evidence) -> v16.DataTransferRequest:
    """Return the question about a contract, which plain Authorize has no room for."""
    question = messages.Authorize(
        id_token=messages.IdToken(id_token=token.id, type=token.type),
        certificate=evidence.chain or None,
        questions=tuple(map(messages.Question.about, evidence.questions)) or None,
    )
    return _message("Authorize", question)


def read_verdict(response: Payload) -> Verdict:
    """Return the backend's verdict; certificates that it refuses leave nobody accepted.

    Raises:
        CannotBeTold: If the backend does not know the note.
    """
    answer = _read(response, messages.Authorized)
    info = answer.id_token_info
    flaw = None if answer.certificate_status == "Accepted" else answer.certificate_status
    return Verdict(
        status="Invalid" if flaw is not None and info.status == "Accepted" else info.status,
        group_id=info.parent_id_tag if info.group_id_token is None else info.group_id_token.id_token,
        expires_at=info.cache_expiry_date_time or info.expiry_date,
        certificate=flaw,
    )


def sign_certificate(request: str, purpose: Purpose) -> v16.DataTransferRequest:
    """Return what has a key certified that is not, or not only, for the link to the backend.

    Raises:
        CannotBeTold: If the note has no such certificate.
    """
    if purpose not in TYPES:
        raise CannotBeTold("Plug & Charge with OCPP 1.6 has no certificates of ISO 15118-20")
    return _message("SignCertificate", messages.SignCertificate(csr=request, certificate_type=TYPES[purpose]))


def read_signing(response: Payload) -> bool:
    """Return whether the backend will have it certified; one that does not know the note will not."""
    try:
        return _read(response, messages.Plain).status == "Accepted"
    except CannotBeTold:
        return False


def certificate_status(question: StatusQuestion) -> v16.DataTransferRequest:
    """Return the question about a certificate's status."""
    asked = messages.GetCertificateStatus(ocsp_request_data=messages.Question.about(question))
    return _message("GetCertificateStatus", asked)


def read_certificate_status(response: Payload) -> str | None:
    """Return the OCSP answer, None if the backend has none."""
    try:
        answer = _read(response, messages.CertificateStatus)
    except CannotBeTold:
        return None
    return answer.ocsp_result if answer.status == "Accepted" else None


def ev_certificate(request: EvRequest) -> v16.DataTransferRequest:
    """Return what passes a vehicle's request on, untouched."""
    asked = messages.Get15118EVCertificate(
        iso15118_schema_version=request.schema, action=request.action, exi_request=request.exi
    )
    return _message("Get15118EVCertificate", asked)


def read_ev_certificate(response: Payload) -> EvAnswer:
    """Return what the vehicle is to be told."""
    try:
        answer = _read(response, messages.EvCertificate)
    except CannotBeTold:
        return EvAnswer(is_accepted=False, exi="")
    return EvAnswer(is_accepted=answer.status == "Accepted", exi=answer.exi_response)


def _message(message_id: str, payload: Any) -> v16.DataTransferRequest:
    return v16.DataTransferRequest(vendor_id=VENDOR, message_id=message_id, data=messages.write(payload))


def _read(response: Payload, kind: type[_Answer]) -> _Answer:
    answer = cast("v16.DataTransferResponse", response)
    if answer.status != "Accepted":
        raise CannotBeTold(f"the backend answers {answer.status} to Plug & Charge")
    try:
        return msgspec.json.decode(answer.data or "{}", type=kind)
    except msgspec.DecodeError as error:
        raise CannotBeTold(f"the backend's answer cannot be read: {error}") from error
