"""A contract's private key on its way to a vehicle: encrypted for whom a certificate is about, and opened.

Both agree on a secret by ECDH: the sender with a new key of its own for each envelope, the vehicle with that
of its provisioning certificate, or of the contract that is renewed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_OTHER_INFO = bytes((0x01, 0x55, 0x56))
"""Algorithm, sender U and receiver V (ISO 15118-2, V2G2-818)."""
_IV_BYTES = 16
_KEY_BYTES_2 = 32
_NONCE_BYTES = 12
_KEY_BYTES_20 = 66
_TAG_BYTES = 16


class EnvelopeRefused(ValueError):
    """The envelope cannot be made or opened: another key, or not as long as it must be."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The sender's public key, an uncompressed point, and what only the receiver can read."""

    public: bytes
    encrypted: bytes


def seal(contract: ec.EllipticCurvePrivateKey, receiver: object) -> Envelope:
    """Encrypt a P-256 key as ISO 15118-2 has it (7.9.2.4.3): AES-128-CBC, the vector before 32 bytes.

    Raises:
        EnvelopeRefused: If one of the keys is of another kind.
    """
    mine, secret = _agreed(contract, receiver, ec.SECP256R1())
    vector = os.urandom(_IV_BYTES)
    encryptor = Cipher(AES(_key_2(secret)), CBC(vector)).encryptor()
    plain = contract.private_numbers().private_value.to_bytes(_KEY_BYTES_2, "big")
    return Envelope(_point(mine.public_key()), vector + encryptor.update(plain) + encryptor.finalize())


def unseal(envelope: Envelope, receiver: ec.EllipticCurvePrivateKey) -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key in an envelope of ISO 15118-2; whose it is, the certificate must tell.

    Raises:
        EnvelopeRefused: If it cannot be opened with this key.
    """
    if len(envelope.encrypted) != _IV_BYTES + _KEY_BYTES_2:
        raise EnvelopeRefused(f"{len(envelope.encrypted)} bytes, it has {_IV_BYTES + _KEY_BYTES_2}")
    secret = _shared(envelope.public, receiver)
    vector, encrypted = envelope.encrypted[:_IV_BYTES], envelope.encrypted[_IV_BYTES:]
    decryptor = Cipher(AES(_key_2(secret)), CBC(vector)).decryptor()
    return _private(decryptor.update(encrypted) + decryptor.finalize(), ec.SECP256R1())


def seal_20(contract: ec.EllipticCurvePrivateKey, receiver: object) -> Envelope:
    """Encrypt a P-521 key in the lengths of ISO 15118-20: AES-256-GCM, 12 + 66 + 16 bytes.

    What goes into the derivation of the key besides the secret is not in public: this reads its own.

    Raises:
        EnvelopeRefused: If one of the keys is of another kind.
    """
    mine, secret = _agreed(contract, receiver, ec.SECP521R1())
    nonce = os.urandom(_NONCE_BYTES)
    plain = contract.private_numbers().private_value.to_bytes(_KEY_BYTES_20, "big")
    return Envelope(_point(mine.public_key()), nonce + AESGCM(_key_20(secret)).encrypt(nonce, plain, None))


def unseal_20(envelope: Envelope, receiver: ec.EllipticCurvePrivateKey) -> ec.EllipticCurvePrivateKey:
    """Return the P-521 key in an envelope of `seal_20`.

    Raises:
        EnvelopeRefused: If it cannot be opened with this key, or was changed.
    """
    if len(envelope.encrypted) != _NONCE_BYTES + _KEY_BYTES_20 + _TAG_BYTES:
        raise EnvelopeRefused(f"{len(envelope.encrypted)} bytes, it has 94")
    secret = _shared(envelope.public, receiver)
    nonce, encrypted = envelope.encrypted[:_NONCE_BYTES], envelope.encrypted[_NONCE_BYTES:]
    try:
        plain = AESGCM(_key_20(secret)).decrypt(nonce, encrypted, None)
    except InvalidTag:
        raise EnvelopeRefused("it is for another key, or was changed") from None
    return _private(plain, ec.SECP521R1())


def _agreed(
    contract: ec.EllipticCurvePrivateKey, receiver: object, curve: ec.EllipticCurve
) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """Return a new key, and the secret that its owner shares with the receiver."""
    if not isinstance(receiver, ec.EllipticCurvePublicKey) or receiver.curve.name != curve.name:
        raise EnvelopeRefused(f"the receiver's key is not on the curve {curve.name}")
    if contract.curve.name != curve.name:
        raise EnvelopeRefused(f"the contract's key is not on the curve {curve.name}")
    mine = ec.generate_private_key(curve)
    return mine, mine.exchange(ec.ECDH(), receiver)


def _shared(public: bytes, receiver: ec.EllipticCurvePrivateKey) -> bytes:
    try:
        return receiver.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(receiver.curve, public)
        )
    except ValueError as error:
        raise EnvelopeRefused(f"the sender's key is no point of the curve: {error}") from error


def _key_2(secret: bytes) -> bytes:
    return ConcatKDFHash(hashes.SHA256(), 16, _OTHER_INFO).derive(secret)


def _key_20(secret: bytes) -> bytes:
    return ConcatKDFHash(hashes.SHA512(), 32, _OTHER_INFO).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _private(plain: bytes, curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
    try:
        return ec.derive_private_key(int.from_bytes(plain, "big"), curve)
    except ValueError as error:
        raise EnvelopeRefused(f"it has no key of this curve: {error}") from error
