"""What vehicles ask for and are told about contract certificates, in and out of EXI, as ISO 15118-20 has it.

There is no update: a vehicle that has a contract asks for a new one in the same way. Keys are on P-521: what
a vehicle with an X448 key gets cannot be told from public material (points in messages are those of P-521).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.pki.ev_messages import (
    NO_BYTES,
    Action,
    Asked,
    Grant,
    Unreadable,
    Why,
    chain_of,
    chain_value,
    from_base64,
)
from certs.exi.codec import decode, encode
from certs.exi.errors import ExiError
from certs.exi.tables import schema
from certs.issuing import Authority
from certs.signatures import Fragment, SigningKey, sign

NAMESPACE = "urn:iso:std:iso:15118:-20:CommonMessages"
_REQUEST = "CertificateInstallationReq"
_RESPONSE = "CertificateInstallationRes"
_CODES: dict[Why, str] = {
    "signature": "FAILED_SignatureError",
    "chain": "WARNING_CertificateValidationError",
    "expired": "WARNING_CertificateExpired",
    "revoked": "WARNING_CertificateRevoked",
    "unknown": "WARNING_NoContractMatchingPCIDFound",
    "cancelled": "WARNING_NoCertificateAvailable",
}
_NO_POINT, _NO_KEY = bytes(133), bytes(94)
_MOST_REMAINING = 255


def read(exi: str, action: Action) -> Asked:
    """Return what a request (EXI in base64) asks for.

    Raises:
        Unreadable: If it is none.
    """
    if action != "Install":
        raise Unreadable("ISO 15118-20 has no update of a contract: the vehicle asks for a new one")
    try:
        name, message = decode(schema("iso20_common"), from_base64(exi))
    except ExiError as error:
        raise Unreadable(f"it is no message of ISO 15118-20: {error}") from error
    if name != _REQUEST:
        raise Unreadable(f"{action} goes with {_REQUEST}, it is {name}")
    chain = message["OEMProvisioningCertificateChain"]
    wished: Sequence[str] = (message.get("PrioritizedEMAIDs") or {}).get("EMAID", ())
    return Asked(
        action=action,
        session_id=message["Header"]["SessionID"],
        bundle=chain_of(chain),
        signed=Fragment("OEMProvisioningCertificateChain", chain),
        signature=message["Header"].get("Signature"),
        wished=tuple(wished),
    )


def write(asked: Asked, grant: Grant, service: Authority, key: SigningKey, at: datetime) -> str:
    """Return the answer (EXI in base64) that gives a vehicle its contract, signed by the service."""
    data = {
        "Id": "id1",
        "ContractCertificateChain": chain_value(grant.chain),
        "ECDHCurve": "SECP521",
        "DHPublicKey": grant.envelope.public,
        "SECP521_EncryptedPrivateKey": grant.envelope.encrypted,
    }
    signature = sign("iso20_common", [Fragment("SignedInstallationData", data)], key)
    body = {
        "ResponseCode": "OK",
        "EVSEProcessing": "Finished",
        "CPSCertificateChain": chain_value(service.chain),
        "SignedInstallationData": data,
        "RemainingContractCertificateChains": min(grant.remaining, _MOST_REMAINING),
    }
    return _document(asked, body, at, signature)


def refuse(asked: Asked, why: Why, at: datetime) -> str:
    """Return the answer (EXI in base64) that says why there is no contract."""
    nothing = {"Certificate": NO_BYTES, "SubCertificates": {"Certificate": [NO_BYTES]}}
    body = {
        "ResponseCode": _CODES[why],
        "EVSEProcessing": "Finished",
        "CPSCertificateChain": nothing,
        "SignedInstallationData": {
            "Id": "id1",
            "ContractCertificateChain": nothing,
            "ECDHCurve": "SECP521",
            "DHPublicKey": _NO_POINT,
            "SECP521_EncryptedPrivateKey": _NO_KEY,
        },
        "RemainingContractCertificateChains": 0,
    }
    return _document(asked, body, at)


def _document(
    asked: Asked, body: Mapping[str, Any], at: datetime, signature: Mapping[str, Any] | None = None
) -> str:
    header = {
        "SessionID": asked.session_id,
        "TimeStamp": int(at.timestamp()),
        "Signature": signature,
    }
    written = encode(schema("iso20_common"), _RESPONSE, {"Header": header, **body})
    return base64.b64encode(written).decode("ascii")
