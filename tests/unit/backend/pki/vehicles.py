"""Vehicles as a provisioning service meets them: they ask, signed, and read what they are answered."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from certs.envelope import Envelope, unseal, unseal_20
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from certs.pem import read_bundle
from certs.signatures import Fragment, sign, verify

SESSION = bytes.fromhex("0011223344556677")
ROOTS = {"RootCertificateID": [{"X509IssuerName": "CN=V2G Root 2", "X509SerialNumber": 2**150}]}
PARTS = ("ContractSignatureCertChain", "ContractSignatureEncryptedPrivateKey", "DHpublickey", "eMAID")


@dataclass(frozen=True)
class Holder:
    """A key with its chain, leaf first."""

    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def der(self) -> bytes:
        return self.chain[0].public_bytes(Encoding.DER)


def holder(directory: Path, file: str) -> Holder:
    """Return what `make pki` wrote."""
    key = load_pem_private_key((directory / f"{file}.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Holder(key, read_bundle((directory / f"{file}.pem").read_text()))


def installation(vehicle: Holder, signer: ec.EllipticCurvePrivateKey | None = None) -> str:
    """Return a CertificateInstallationReq (EXI in base64)."""
    body = {"Id": "req", "OEMProvisioningCert": vehicle.der, "ListOfRootCertificateIDs": ROOTS}
    return _signed("CertificateInstallationReq", body, signer or vehicle.key)


def renewal(contract: Holder, emaid: str) -> str:
    """Return a CertificateUpdateReq (EXI in base64)."""
    body = {
        "Id": "req",
        "ContractSignatureCertChain": {"Id": "chain", **chain_value(contract.chain)},
        "eMAID": emaid,
        "ListOfRootCertificateIDs": ROOTS,
    }
    return _signed("CertificateUpdateReq", body, contract.key)


def installation_20(vehicle: Holder, wished: Sequence[str] = ()) -> str:
    """Return a CertificateInstallationReq of ISO 15118-20 (EXI in base64)."""
    chain = {"Id": "oem", **chain_value(vehicle.chain)}
    signature = sign("iso20_common", [Fragment("OEMProvisioningCertificateChain", chain)], vehicle.key)
    message = {
        "Header": {"SessionID": SESSION, "TimeStamp": 1_700_000_000, "Signature": signature},
        "OEMProvisioningCertificateChain": chain,
        "ListOfRootCertificateIDs": ROOTS,
        "MaximumContractCertificateChains": 3,
        "PrioritizedEMAIDs": {"EMAID": list(wished)} if wished else None,
    }
    return _text(encode(schema("iso20_common"), "CertificateInstallationReq", message))


def chain_value(chain: Sequence[x509.Certificate]) -> dict[str, Any]:
    leaf, *above = (one.public_bytes(Encoding.DER) for one in chain)
    return {"Certificate": leaf, "SubCertificates": {"Certificate": above}}


def body_of(exi: str) -> dict[str, Any]:
    """Return what an answer of ISO 15118-2 has in its body."""
    _, message = decode(schema("iso2"), base64.b64decode(exi))
    assert message["Header"]["SessionID"] == SESSION
    [body] = message["Body"].values()
    assert isinstance(body, dict)
    return body


@dataclass(frozen=True)
class Obtained:
    """A contract that a vehicle has read, after it checked what a vehicle checks."""

    emaid: str
    contract: Holder
    service: tuple[x509.Certificate, ...]


def obtain(exi: str, key: ec.EllipticCurvePrivateKey) -> Obtained:
    """Read an answer of ISO 15118-2 as the vehicle does that has this key."""
    _, message = decode(schema("iso2"), base64.b64decode(exi))
    [body] = message["Body"].values()
    assert body["ResponseCode"] == "OK"
    service = certificates(body["SAProvisioningCertificateChain"])
    parts = [Fragment(name, body[name]) for name in PARTS]
    verify("iso2", parts, message["Header"]["Signature"], service[0].public_key())
    envelope = Envelope(body["DHpublickey"]["value"], body["ContractSignatureEncryptedPrivateKey"]["value"])
    contract = Holder(unseal(envelope, key), certificates(body["ContractSignatureCertChain"]))
    assert contract.key.public_key() == contract.chain[0].public_key()
    return Obtained(body["eMAID"]["value"], contract, service)


def obtain_20(exi: str, key: ec.EllipticCurvePrivateKey) -> tuple[Obtained, int]:
    """Read an answer of ISO 15118-20, and how many contracts remain."""
    name, message = decode(schema("iso20_common"), base64.b64decode(exi))
    assert (name, message["ResponseCode"]) == ("CertificateInstallationRes", "OK")
    service = certificates(message["CPSCertificateChain"])
    data = message["SignedInstallationData"]
    signature = message["Header"]["Signature"]
    verify("iso20_common", [Fragment("SignedInstallationData", data)], signature, service[0].public_key())
    envelope = Envelope(data["DHPublicKey"], data["SECP521_EncryptedPrivateKey"])
    contract = Holder(unseal_20(envelope, key), certificates(data["ContractCertificateChain"]))
    assert contract.key.public_key() == contract.chain[0].public_key()
    emaid = contract.chain[0].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
    return Obtained(str(emaid), contract, service), message["RemainingContractCertificateChains"]


def certificates(value: dict[str, Any]) -> tuple[x509.Certificate, ...]:
    ders = [value["Certificate"], *value["SubCertificates"]["Certificate"]]
    return tuple(x509.load_der_x509_certificate(der) for der in ders)


def _signed(name: str, body: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> str:
    signature = sign("iso2", [Fragment(name, body)], key)
    message = {"Header": {"SessionID": SESSION, "Signature": signature}, "Body": {name: body}}
    return _text(encode(schema("iso2"), "V2G_Message", message))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
