"""Keys in a PKCS #11 token, such as a TPM 2.0 behind tpm2-pkcs11: `certs.keys.Keys`.

Needs python-pkcs11 (`chargehand[pkcs11]`). Keys are made in the token, marked sensitive and not extractable.
The block that stands for one is a PEM block with its PKCS #11 address (RFC 7512).
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote, unquote_to_bytes

import pkcs11
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11.types import SignMixin
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from certs.key_kinds import EcKind
from certs.keys import KeysUnusable

_LABEL = "chargehand"
_CURVES: dict[EcKind, str] = {"P-256": "secp256r1", "P-521": "secp521r1"}
_NAME = "PKCS#11 PROVIDER URI"
_BLOCK = re.compile(rf"-----BEGIN {_NAME}-----\n(.*?)-----END {_NAME}-----\n", re.DOTALL)
_ID = re.compile(rb"pkcs11:[^\x00-\x20]*;id=((?:%[0-9A-F]{2})+)")
_ID_BYTES = 16
_HEAD = b"PKCS#11 Provider URI v1.0"


@dataclass(frozen=True, slots=True)
class Token:
    """Where a token is: the PKCS #11 module (.so) that speaks to it, its label, and its user's PIN."""

    module: Path
    label: str
    pin: str

    def __repr__(self) -> str:
        return f"Token({str(self.module)!r}, {self.label!r})"

    @contextmanager
    def session(self, *, writes: bool = False) -> Iterator[pkcs11.Session]:
        """Open a session.

        Raises:
            KeysUnusable: If the token is not there, refuses the PIN, or fails meanwhile.
        """
        try:
            found = pkcs11.lib(str(self.module)).get_token(token_label=self.label)
            with found.open(rw=writes, user_pin=self.pin) as session:
                yield session
        except KeysUnusable:
            raise
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
            raise KeysUnusable(
                f"the token {self.label!r} ({self.module}) cannot be used "
                f"({type(error).__name__} {error}); check module, label and PIN"
            ) from error


class TokenKeys:
    """The keys in a token that are the station's."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def new(self, kind: EcKind = "P-256") -> str:
        """Make a key in the token; return the block that stands for it.

        Raises:
            KeysUnusable: If none can be made.
        """
        number = os.urandom(_ID_BYTES)
        with self._token.session(writes=True) as session:
            curve = session.create_domain_parameters(
                pkcs11.KeyType.EC,
                {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVES[kind])},
                local=True,
            )
            curve.generate_keypair(
                store=True,
                id=number,
                label=_LABEL,
                private_template={pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
            )
        return _block(self._token.label, number)

    def signer(self, block: str) -> ec.EllipticCurvePrivateKey:
        """Return what signs with the key that a block stands for.

        Raises:
            ValueError: If it is no such block.
            KeysUnusable: If the token does not have the key.
        """
        number = _number(block)
        with self._token.session() as session:
            public = session.get_key(object_class=pkcs11.ObjectClass.PUBLIC_KEY, id=number)
            if not isinstance(public, pkcs11.PublicKey):
                raise KeysUnusable(f"the token {self._token.label!r} gives no public key for one of its keys")
            read = load_der_public_key(encode_ec_public_key(public))
        if not isinstance(read, ec.EllipticCurvePublicKey):
            raise ValueError("the token's key is no EC key")
        return TokenKey(self._token, number, read)

    def keep_only(self, blocks: Collection[str]) -> int:
        """Destroy the station's keys that no block stands for; return how many.

        Raises:
            KeysUnusable: If it cannot be done.
        """
        kept, gone = {_number(block) for block in blocks}, set()
        with self._token.session(writes=True) as session:
            for key in list(session.get_objects({pkcs11.Attribute.LABEL: _LABEL})):
                number = bytes(key[pkcs11.Attribute.ID])
                if number not in kept:
                    key.destroy()
                    gone.add(number)
        return len(gone)


class TokenKey(ec.EllipticCurvePrivateKey):
    """A private key that stays in its token; it signs, and nothing else."""

    def __init__(self, token: Token, number: bytes, public: ec.EllipticCurvePublicKey) -> None:
        self._token = token
        self._number = number
        self._public = public

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public key."""
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        """The curve."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """Bits."""
        return self._public.key_size

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:  # type: ignore[override]  # bytes are all that is signed here
        """Return the ECDSA signature (DER), made by the token.

        Raises:
            KeysUnusable: If the token does not sign.
        """
        algorithm = signature_algorithm.algorithm
        if isinstance(algorithm, Prehashed):
            digest = bytes(data)
        else:
            hashing = hashes.Hash(algorithm)
            hashing.update(data)
            digest = hashing.finalize()
        with self._token.session() as session:
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, id=self._number)
            if not isinstance(key, SignMixin):
                raise KeysUnusable(f"the token {self._token.label!r} does not sign with one of its keys")
            pair = bytes(key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA))
        half = len(pair) // 2
        return encode_dss_signature(int.from_bytes(pair[:half], "big"), int.from_bytes(pair[half:], "big"))

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Not for keys in a token."""
        raise UnsupportedAlgorithm("a key in a token signs, and agrees on nothing")

    def private_numbers(self) -> NoReturn:
        """Not for keys in a token."""
        raise UnsupportedAlgorithm("a key in a token never leaves it")

    def private_bytes(self, *_: object, **__: object) -> NoReturn:
        """Not for keys in a token."""
        raise UnsupportedAlgorithm("a key in a token never leaves it")

    def __copy__(self) -> TokenKey:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> TokenKey:
        return self


def _block(label: str, number: bytes) -> str:
    address = f"pkcs11:token={quote(label, safe='')};object={_LABEL};type=private;id={_percent(number)}"
    body = _der(0x30, _der(0x1A, _HEAD) + _der(0x0C, address.encode("ascii")))
    lines = re.findall(".{1,64}", base64.b64encode(body).decode("ascii"))
    return "\n".join([f"-----BEGIN {_NAME}-----", *lines, f"-----END {_NAME}-----", ""])


def _number(block: str) -> bytes:
    found = _BLOCK.fullmatch(block)
    address = None if found is None else _ID.search(base64.b64decode(found.group(1)))
    if address is None:
        raise ValueError("it stands for no key in a token")
    return unquote_to_bytes(address.group(1))


def _percent(number: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in number)


def _der(tag: int, body: bytes) -> bytes:
    length = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + length + body
