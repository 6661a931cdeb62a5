"""The kinds of keys that certificates are about, how each is made, and the hash it signs with."""

from __future__ import annotations

from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa, x448

KeyKind = Literal["P-256", "P-384", "P-521", "Ed448"]
"""The kinds that are made here: P-256 for OCPP and ISO 15118-2, P-521 and Ed448 for ISO 15118-20."""
EcKind = Literal["P-256", "P-521"]
"""Those that a key store or a token makes for the station: of ISO 15118-2 and OCPP, and of ISO 15118-20."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed448.Ed448PrivateKey
"""What can sign."""
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed448.Ed448PublicKey | x448.X448PublicKey
"""What can be certified; X448 agrees on secrets and signs nothing."""
SignatureHash = hashes.SHA256 | hashes.SHA384 | hashes.SHA512

_CURVES: dict[str, type[ec.SECP256R1 | ec.SECP384R1 | ec.SECP521R1]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
}
_CURVE_NAMES = {curve.name: kind for kind, curve in _CURVES.items()}


def new_key_of(kind: KeyKind) -> ec.EllipticCurvePrivateKey | ed448.Ed448PrivateKey:
    """Return a new key, from the operating system's random numbers."""
    if kind == "Ed448":
        return ed448.Ed448PrivateKey.generate()
    return ec.generate_private_key(_CURVES[kind]())


def kind_of(key: object) -> str:
    """Return how a message names the kind of a public key; for elliptic curves, by the curve."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _CURVE_NAMES.get(key.curve.name, key.curve.name)
    if isinstance(key, rsa.RSAPublicKey):
        return "RSA"
    if isinstance(key, dsa.DSAPublicKey):
        return "DSA"
    if isinstance(key, ed448.Ed448PublicKey):
        return "Ed448"
    return "X448" if isinstance(key, x448.X448PublicKey) else type(key).__name__


def hash_for(key: object) -> SignatureHash | None:
    """Return the hash that a private or public key signs with, as strong as the key; None for Ed448."""
    if isinstance(key, ed448.Ed448PrivateKey | ed448.Ed448PublicKey):
        return None
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) and key.key_size > 256:
        return hashes.SHA384() if key.key_size == 384 else hashes.SHA512()
    return hashes.SHA256()
