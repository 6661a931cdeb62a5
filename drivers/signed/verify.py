"""Verifies OCMF records with a public key. The only file of the drivers that needs a cryptography library."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from drivers.signed.der import DerError, shortest
from drivers.signed.ocmf import Ocmf

CURVES: Final[dict[str, type[ec.EllipticCurve]]] = {
    "secp256r1": ec.SECP256R1,
    "secp256k1": ec.SECP256K1,
    "secp384r1": ec.SECP384R1,
    "brainpool256r1": ec.BrainpoolP256R1,
    "brainpoolP256r1": ec.BrainpoolP256R1,
    "brainpool384r1": ec.BrainpoolP384R1,
    "brainpoolP384r1": ec.BrainpoolP384R1,
}
"""By the names in OCMF's field SA; the brainpool curves go by two."""


class Verdict(Enum):
    """What became of a verification."""

    GENUINE = "genuine"
    """This text was signed with the private half of this key."""
    NOT_GENUINE = "not genuine"
    """The text was changed, or it was signed with another key."""
    KEY_UNUSABLE = "key unusable"
    """The key is none, or none of the curve that the record names. Nothing is said about the record."""
    ALGORITHM_UNKNOWN = "algorithm unknown"
    """Nothing is said about the record."""
    SIGNATURE_MALFORMED = "signature malformed"
    """What stands where the signature should be is none."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and what led to it, for people."""

    verdict: Verdict
    reason: str

    @property
    def is_genuine(self) -> bool:
        """Whether the record may be believed as far as the key is."""
        return self.verdict is Verdict.GENUINE

    def __str__(self) -> str:
        return f"{self.verdict.value}: {self.reason}"


def verify(record: Ocmf, public_key: str) -> Judgement:
    """Judge a record by a public key: DER, or the bare point of the record's curve, as hex or base64."""
    prefix, _, name_and_hash = record.algorithm.partition("-")
    name, _, hash_name = name_and_hash.rpartition("-")
    curve = CURVES.get(name)
    if prefix != "ECDSA" or curve is None or hash_name != "SHA256":
        known = ", ".join(sorted(CURVES))
        reason = f"{record.algorithm!r} is not ECDSA with SHA256 on one of {known}"
        return Judgement(Verdict.ALGORITHM_UNKNOWN, reason)
    try:
        key = _load(public_key, curve())
    except ValueError as error:
        return Judgement(Verdict.KEY_UNUSABLE, str(error))
    try:
        shortest(record.signature)
    except DerError as error:
        return Judgement(Verdict.SIGNATURE_MALFORMED, str(error))
    try:
        key.verify(record.signature, record.payload.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return Judgement(Verdict.NOT_GENUINE, "the signature does not belong to this text and key")
    return Judgement(Verdict.GENUINE, f"signed on {name} with the private half of this key")


def _load(text: str, curve: ec.EllipticCurve) -> ec.EllipticCurvePublicKey:
    """Return the key of this curve.

    Raises:
        ValueError: If it is none.
    """
    data = _bytes(text)
    size = 2 * ((curve.key_size + 7) // 8)
    if len(data) in {size, size + 1}:
        point = data if len(data) == size + 1 else b"\x04" + data
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, point)
    try:
        key = load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"the key is neither DER nor a point of {curve.name}: {error}") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != curve.name:
        found = key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__
        raise ValueError(f"the record is signed on {curve.name}, the key is of {found}")
    return key


def _bytes(text: str) -> bytes:
    compact = "".join(text.split())
    try:
        return bytes.fromhex(compact)
    except ValueError:
        pass
    try:
        return base64.b64decode(compact, validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("the key is neither hexadecimal nor base64") from None
