"""What vehicles ask for and are told about contract certificates, in and out of EXI, as ISO 15118-2 has it.

The whole message goes through OCPP as it is, in base64. An answer is signed; a refusal is not: it has nothing
in it that a vehicle would believe, only what the schema demands.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certs.der import read_chain
from certs.envelope import Envelope
from certs.exi.codec import decode, encode
from certs.exi.errors import ExiError
from certs.exi.tables import schema
from certs.issuing import Authority
from certs.pem import NotACertificate
from certs.signatures import Fragment, SigningKey, sign

Action = Literal["Install", "Update"]
Why = Literal["signature", "chain", "expired", "revoked", "unknown", "cancelled"]
"""Why a vehicle gets no contract."""
NAMESPACE = "urn:iso:15118:2:2013:MsgDef"
NO_BYTES = b"\0"
"""What a refusal says where there must be a certificate or a key: the least that every decoder takes."""
NO_EMAID = "00000000000000"
"""What a refusal says where it must name a contract."""
_REQUESTS: dict[Action, str] = {"Install": "CertificateInstallationReq", "Update": "CertificateUpdateReq"}
_RESPONSES: dict[Action, str] = {"Install": "CertificateInstallationRes", "Update": "CertificateUpdateRes"}
_CODES: dict[Why, str] = {
    "signature": "FAILED_SignatureError",
    "chain": "FAILED_CertChainError",
    "expired": "FAILED_CertificateExpired",
    "revoked": "FAILED_CertificateRevoked",
    "unknown": "FAILED_NoCertificateAvailable",
    "cancelled": "FAILED_ContractCanceled",
}


class Unreadable(ValueError):
    """It is no request for a contract certificate that anybody could answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request. `bundle` is the provisioning certificate (Install) or the contract to be renewed (Update).

    `signed` is what the vehicle signed, `emaid` the contract to be renewed; None where a new one is wanted.
    `wished` are contracts that it would rather have (ISO 15118-20).
    """

    action: Action
    session_id: bytes
    bundle: tuple[x509.Certificate, ...]
    signed: Fragment
    signature: Mapping[str, Any] | None
    emaid: str | None = None
    wished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A contract for a vehicle: the new certificate, leaf first, and its key for the vehicle only.

    `remaining` tells how many more contracts the vehicle could ask for.
    """

    emaid: str
    chain: Sequence[x509.Certificate]
    envelope: Envelope
    remaining: int = 0


def from_base64(text: str) -> bytes:
    """Return the bytes.

    Raises:
        Unreadable: If it is no base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(f"it is no base64: {error}") from error


def read(exi: str, action: Action) -> Asked:
    """Return what a request (EXI in base64) asks for.

    Raises:
        Unreadable: If it is none.
    """
    try:
        _, message = decode(schema("iso2"), from_base64(exi))
    except ExiError as error:
        raise Unreadable(f"it is no message of ISO 15118-2: {error}") from error
    name = _REQUESTS[action]
    body = message["Body"].get(name)
    if not isinstance(body, dict):
        there = ", ".join(message["Body"]) or "nothing"
        raise Unreadable(f"{action} goes with {name}, it has {there}")
    header = message["Header"]
    if action == "Install":
        bundle = chain_of({"Certificate": body["OEMProvisioningCert"]})
    else:
        bundle = chain_of(body["ContractSignatureCertChain"])
    return Asked(
        action=action,
        session_id=header["SessionID"],
        bundle=bundle,
        signed=Fragment(name, body),
        signature=header.get("Signature"),
        emaid=body.get("eMAID"),
    )


def chain_of(value: Mapping[str, Any]) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a chain, leaf first.

    Raises:
        Unreadable: If one cannot be read.
    """
    try:
        return read_chain(value)
    except NotACertificate as error:
        raise Unreadable(str(error)) from error


def chain_value(chain: Sequence[x509.Certificate]) -> dict[str, Any]:
    """Return a chain, leaf first and without the root, as messages hold it."""
    leaf, *above = (one.public_bytes(Encoding.DER) for one in chain)
    value: dict[str, Any] = {"Certificate": leaf}
    return value | {"SubCertificates": {"Certificate": above}} if above else value


def write(asked: Asked, grant: Grant, service: Authority, key: SigningKey, at: datetime) -> str:
    """Return the answer (EXI in base64) that gives a vehicle its contract.

    The four parts that only the provisioning service vouches for are signed (ISO 15118-2, 8.4.3.11.2).
    """
    del at
    parts = {
        "ContractSignatureCertChain": {"Id": "id1", **chain_value(grant.chain)},
        "ContractSignatureEncryptedPrivateKey": {"Id": "id2", "value": grant.envelope.encrypted},
        "DHpublickey": {"Id": "id3", "value": grant.envelope.public},
        "eMAID": {"Id": "id4", "value": grant.emaid},
    }
    signature = sign("iso2", [Fragment(name, value) for name, value in parts.items()], key)
    body = {"ResponseCode": "OK", "SAProvisioningCertificateChain": chain_value(service.chain), **parts}
    return _document(asked, body, signature)


def refuse(asked: Asked, why: Why, at: datetime) -> str:
    """Return the answer (EXI in base64) that says why there is no contract."""
    del at
    body = {
        "ResponseCode": _CODES[why],
        "SAProvisioningCertificateChain": {"Certificate": NO_BYTES},
        "ContractSignatureCertChain": {"Id": "id1", "Certificate": NO_BYTES},
        "ContractSignatureEncryptedPrivateKey": {"Id": "id2", "value": NO_BYTES},
        "DHpublickey": {"Id": "id3", "value": NO_BYTES},
        "eMAID": {"Id": "id4", "value": asked.emaid or NO_EMAID},
    }
    return _document(asked, body)


def _document(asked: Asked, body: Mapping[str, Any], signature: Mapping[str, Any] | None = None) -> str:
    message = {
        "Header": {"SessionID": asked.session_id, "Signature": signature},
        "Body": {_RESPONSES[asked.action]: body},
    }
    return base64.b64encode(encode(schema("iso2"), "V2G_Message", message)).decode("ascii")
