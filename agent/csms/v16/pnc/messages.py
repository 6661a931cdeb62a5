"""The payloads of the application note, as far as a charge point reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from agent.authorization.contract import StatusQuestion
from certs.hash_data import HashData

Status = Literal["Accepted", "Rejected", "Failed", "NotFound", "NotImplemented"]


class _Payload(msgspec.Struct, rename="camel", frozen=True, kw_only=True, omit_defaults=True):
    """Members that are not there, or that nobody here knows, are no mistake."""


class Named(_Payload, frozen=True):
    """CertificateHashDataType."""

    hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str

    @classmethod
    def of(cls, named: HashData) -> Named:
        """Return what names a certificate, as the note has it."""
        return cls(
            hash_algorithm=named.algorithm,
            issuer_name_hash=named.issuer_name_hash,
            issuer_key_hash=named.issuer_key_hash,
            serial_number=named.serial_number,
        )

    def read(self) -> HashData:
        """Return it as everything else in the agent has it."""
        return HashData(
            algorithm=self.hash_algorithm,
            issuer_name_hash=self.issuer_name_hash,
            issuer_key_hash=self.issuer_key_hash,
            serial_number=self.serial_number,
        )


class Question(Named, frozen=True):
    """OCSPRequestDataType."""

    responder_url: str = msgspec.field(name="responderURL")

    @classmethod
    def about(cls, question: StatusQuestion) -> Question:
        """Return a question about a certificate's status."""
        named = question.named
        return cls(
            hash_algorithm=named.algorithm,
            issuer_name_hash=named.issuer_name_hash,
            issuer_key_hash=named.issuer_key_hash,
            serial_number=named.serial_number,
            responder_url=question.responder_url,
        )


class IdToken(_Payload, frozen=True):
    """IdTokenType; contracts are eMAIDs."""

    id_token: str
    type: str | None = None


class Authorize(_Payload, frozen=True):
    """What the backend is asked about a contract."""

    id_token: IdToken
    certificate: str | None = None
    questions: tuple[Question, ...] | None = msgspec.field(default=None, name="iso15118CertificateHashData")


class IdTokenInfo(_Payload, frozen=True):
    """What it says of the driver; the names are 2.0.1's, or 1.6's as some backends write them."""

    status: str
    cache_expiry_date_time: datetime | None = None
    expiry_date: datetime | None = None
    group_id_token: IdToken | None = None
    parent_id_tag: str | None = None


class Authorized(_Payload, frozen=True):
    """The answer to `Authorize`."""

    id_token_info: IdTokenInfo
    certificate_status: str | None = None


class SignCertificate(_Payload, frozen=True):
    """What passes a signing request on; without a type it is for both uses."""

    csr: str
    certificate_type: str | None = None


class CertificateSigned(_Payload, frozen=True):
    """The chain that answers it."""

    certificate_chain: str
    certificate_type: str | None = None


class InstallCertificate(_Payload, frozen=True):
    """A root to be trusted."""

    certificate_type: str
    certificate: str


class DeleteCertificate(_Payload, frozen=True):
    """A certificate to be forgotten."""

    certificate_hash_data: Named


class GetInstalledCertificateIds(_Payload, frozen=True):
    """Which types are asked for; none named means all."""

    certificate_type: tuple[str, ...] | None = None


class Chain(_Payload, frozen=True):
    """A certificate that is installed, and the authorities that came with it."""

    certificate_type: str
    certificate_hash_data: Named
    child_certificate_hash_data: tuple[Named, ...] | None = None


class InstalledCertificateIds(_Payload, frozen=True):
    """The answer to `GetInstalledCertificateIds`."""

    status: Status
    certificate_hash_data_chain: tuple[Chain, ...] | None = None


class TriggerMessage(_Payload, frozen=True):
    """The message that is wanted: the note has one."""

    requested_message: str = "SignV2GCertificate"


class GetCertificateStatus(_Payload, frozen=True):
    """A question about one certificate."""

    ocsp_request_data: Question


class CertificateStatus(_Payload, frozen=True):
    """The answer to it."""

    status: str
    ocsp_result: str | None = None


class Get15118EVCertificate(_Payload, frozen=True):
    """A vehicle's request, untouched."""

    iso15118_schema_version: str = msgspec.field(name="iso15118SchemaVersion")
    action: Literal["Install", "Update"]
    exi_request: str


class EvCertificate(_Payload, frozen=True):
    """The answer for the vehicle."""

    status: str
    exi_response: str = ""


class Plain(_Payload, frozen=True):
    """An answer that is nothing but a status."""

    status: Status


def write(payload: Any) -> str:
    """Return a payload as the text that DataTransfer carries."""
    return msgspec.json.encode(payload).decode("utf-8")
