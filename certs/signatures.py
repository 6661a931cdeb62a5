"""XML signatures as ISO 15118 makes them: over parts of a message and over what lists them, both as EXI.

Each part that is signed has an `Id`; the signature lists the parts' hashes (SignedInfo), and signs that list.
A signature's value is r and s one after the other, not DER. P-256 with SHA-256 is ISO 15118-2's, P-521 with
SHA-512 and Ed448 are ISO 15118-20's. Signature and parts are mappings as `certs.exi.codec` reads and takes
them; `Header.Signature` of a message is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certs.exi.codec import encode_fragment
from certs.exi.errors import CannotEncode
from certs.exi.tables import TEXT, Name, schema
from certs.key_kinds import kind_of

SigningKey = ec.EllipticCurvePrivateKey | ed448.Ed448PrivateKey
_CANONICAL_EXI = "http://www.w3.org/TR/canonical-exi/"
_MOST_REFERENCES = 16


class SignatureRefused(ValueError):
    """A signature that says nothing about these parts and this key; the message says why."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a message that is signed: its element's name, and what it holds, `Id` among it."""

    name: str
    value: Mapping[str, Any]

    @property
    def id(self) -> str | None:
        """How the signature refers to it."""
        found = self.value.get("Id")
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class _Method:
    """What a kind of key signs with."""

    signature: str
    digest: str
    hash: hashes.SHA256 | hashes.SHA512


_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_SHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"
_METHODS = {
    "P-256": _Method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", _SHA256, hashes.SHA256()),
    "P-521": _Method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", _SHA512, hashes.SHA512()),
    "Ed448": _Method("http://www.w3.org/2021/04/xmldsig-more#eddsa-ed448", _SHA512, hashes.SHA512()),
}


def sign(schema_name: Name, fragments: Sequence[Fragment], key: SigningKey) -> dict[str, Any]:
    """Return the signature over parts of a message of a schema set.

    Raises:
        SignatureRefused: If the key is of a kind that ISO 15118 does not sign with.
        CannotEncode: If a part has no `Id`, or does not keep to its schema.
    """
    method = _method(key.public_key())
    info = {
        "CanonicalizationMethod": {"Algorithm": _CANONICAL_EXI},
        "SignatureMethod": {"Algorithm": method.signature},
        "Reference": [_reference(schema_name, fragment, method) for fragment in fragments],
    }
    return {"SignedInfo": info, "SignatureValue": {TEXT: _sign(_signed_info(info), key, method)}}


def verify(
    schema_name: Name, fragments: Sequence[Fragment], signature: Mapping[str, Any] | None, key: object
) -> None:
    """Check that a signature is over just these parts, and by the owner of this public key.

    Strings are taken as written out, as peers should; then, as some do, by their numbers in the string table.

    Raises:
        SignatureRefused: If it is not.
    """
    if signature is None:
        raise SignatureRefused("there is no signature")
    method = _method(key)
    info = signature["SignedInfo"]
    named = info["SignatureMethod"]["Algorithm"]
    if named != method.signature:
        raise SignatureRefused(f"its method is {named!r}, that of the key is {method.signature!r}")
    _check_references(schema_name, fragments, info["Reference"], method)
    value = signature["SignatureValue"][TEXT]
    if not any(_is_signed(_signed_info(info, reuses), value, key, method) for reuses in (False, True)):
        raise SignatureRefused("another key signed it, or what it lists was changed")


def _method(key: object) -> _Method:
    method = _METHODS.get(kind_of(key))
    if method is None:
        raise SignatureRefused(f"a key of the kind {kind_of(key)} signs nothing in ISO 15118")
    return method


def _reference(schema_name: Name, fragment: Fragment, method: _Method) -> dict[str, Any]:
    if fragment.id is None:
        raise CannotEncode("what is signed needs an Id", (fragment.name,))
    return {
        "URI": f"#{fragment.id}",
        "Transforms": {"Transform": [{"Algorithm": _CANONICAL_EXI}]},
        "DigestMethod": {"Algorithm": method.digest},
        "DigestValue": _digest(schema_name, fragment, method),
    }


def _check_references(
    schema_name: Name, fragments: Sequence[Fragment], references: Sequence[Mapping[str, Any]], method: _Method
) -> None:
    """Refuse a list that has not just these parts, each once, with their hashes."""
    if len(references) > _MOST_REFERENCES:
        raise SignatureRefused(f"it lists {len(references)} parts, at most {_MOST_REFERENCES} are read")
    listed = {reference.get("URI", "").removeprefix("#"): reference for reference in references}
    if len(listed) != len(references) or listed.keys() != {fragment.id for fragment in fragments}:
        there = ", ".join(f"{fragment.name} {fragment.id!r}" for fragment in fragments)
        raise SignatureRefused(f"it lists {', '.join(map(repr, listed))}; what is to be signed is {there}")
    for fragment in fragments:
        reference = listed[fragment.id or ""]
        named = reference["DigestMethod"]["Algorithm"]
        if named != method.digest:
            raise SignatureRefused(f"{fragment.name}: its hash is {named!r}, not {method.digest!r}")
        if not _is_digest(schema_name, fragment, reference["DigestValue"], method):
            raise SignatureRefused(f"{fragment.name} is not what was signed")


def _is_digest(schema_name: Name, fragment: Fragment, digest: bytes, method: _Method) -> bool:
    return any(
        compare_digest(_digest(schema_name, fragment, method, reuses), digest) for reuses in (False, True)
    )


def _digest(schema_name: Name, fragment: Fragment, method: _Method, reuses_strings: bool = False) -> bytes:
    hashing = hashes.Hash(method.hash)
    hashing.update(
        encode_fragment(schema(schema_name), fragment.name, fragment.value, reuses_strings=reuses_strings)
    )
    return hashing.finalize()


def _signed_info(info: Mapping[str, Any], reuses_strings: bool = False) -> bytes:
    """Return the list as it is signed: in the grammar of XML signatures alone, whatever the message's."""
    return encode_fragment(schema("xmldsig"), "SignedInfo", info, reuses_strings=reuses_strings)


def _sign(data: bytes, key: SigningKey, method: _Method) -> bytes:
    if isinstance(key, ed448.Ed448PrivateKey):
        return key.sign(data)
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(method.hash)))
    size = _coordinate_bytes(key.key_size)
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _is_signed(data: bytes, value: bytes, key: object, method: _Method) -> bool:
    try:
        if isinstance(key, ed448.Ed448PublicKey):
            key.verify(value, data)
            return True
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        size = _coordinate_bytes(key.key_size)
        if len(value) != 2 * size:
            return False
        r, s = int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big")
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(method.hash))
    except InvalidSignature:
        return False
    return True


def _coordinate_bytes(key_bits: int) -> int:
    return (key_bits + 7) // 8
