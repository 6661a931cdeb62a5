"""A meter's key pair and the signatures it makes (ECDSA with SHA-256, in DER)."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

Curve = Literal["secp256r1", "secp384r1", "brainpoolP256r1", "brainpoolP384r1"]

CURVES: Final[dict[Curve, Callable[[], ec.EllipticCurve]]] = {
    "secp256r1": ec.SECP256R1,
    "secp384r1": ec.SECP384R1,
    "brainpoolP256r1": ec.BrainpoolP256R1,
    "brainpoolP384r1": ec.BrainpoolP384R1,
}


class KeyFileError(Exception):
    """A file that should hold the meter's key does not."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A meter's key."""

    curve: Curve
    key: ec.EllipticCurvePrivateKey

    @property
    def algorithm(self) -> str:
        """The algorithm by its OCMF name."""
        return f"ECDSA-{self.curve}-SHA256"

    @property
    def public_der(self) -> bytes:
        """The public key as SubjectPublicKeyInfo (RFC 5480)."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def public_point(self) -> bytes:
        """The public key's coordinates x and y, one after the other."""
        whole = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return whole[1:]

    def sign(self, text: str) -> bytes:
        """Return the signature of a text, in DER."""
        return self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256()))


def make_signer(curve: Curve, path: Path | None = None) -> Signer:
    """Return the signer whose key is in a file, which is made if it is not there; without a path, a new one.

    Raises:
        KeyFileError: If the file holds no key of this curve.
        OSError: If it cannot be read or written.
    """
    if path is None:
        return Signer(curve, ec.generate_private_key(CURVES[curve]()))
    with suppress(FileExistsError):
        _write_new(path, ec.generate_private_key(CURVES[curve]()))
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise KeyFileError(
            f"{path} holds no private key ({error}): remove it, and a new one is made"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != curve:
        raise KeyFileError(f"{path} holds no key on {curve}: remove it, and a new one is made")
    return Signer(curve, key)


def _write_new(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write a key so that the file is there whole or not at all, readable by its owner only."""
    if path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(fresh, path)
    finally:
        fresh.unlink()
