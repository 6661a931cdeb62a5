"""Where private keys are: the port, and the keys that are files.

A key is known by a PEM block, which stands in the key store before its chain. For keys in files the block is
the key; for a TPM or another PKCS #11 token it says which of the token's keys is meant: those never leave.
"""

from __future__ import annotations

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs.csr import write_key
from certs.key_kinds import EcKind, new_key_of
from certs.keystore import KeyStoreError


class KeysUnusable(KeyStoreError):
    """A token is not there, refuses, or lacks the key; the message says what to do."""


class Keys(Protocol):
    """Makes keys, and signs with them."""

    def new(self, kind: EcKind = "P-256") -> str:
        """Make a key; return the PEM block that stands for it.

        Raises:
            KeysUnusable: If none can be made.
        """

    def signer(self, block: str) -> ec.EllipticCurvePrivateKey:
        """Return what signs with a key and knows its public key; it may refuse to be written out.

        Raises:
            ValueError: If this is no block of this kind.
            KeysUnusable: If the key is not there.
        """


class FileKeys:
    """Keys that are files of the key store."""

    def new(self, kind: EcKind = "P-256") -> str:
        """Make a key; return it as PEM."""
        return write_key(new_key_of(kind))

    def signer(self, block: str) -> ec.EllipticCurvePrivateKey:
        """Return the key.

        Raises:
            ValueError: If it is no EC key.
        """
        key = load_pem_private_key(block.encode("ascii"), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("it is no EC key")
        return key
