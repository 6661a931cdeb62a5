"""Signatures over parts of messages: others' are believed, ours are read again, nothing changed is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, x448
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from certs.exi.codec import decode, encode, encode_fragment
from certs.exi.errors import CannotEncode
from certs.exi.tables import schema
from certs.key_kinds import KeyKind, new_key_of
from certs.signatures import Fragment, SignatureRefused, sign, verify

ELSEWHERE = json.loads(Path(__file__).with_name("signed_elsewhere.json").read_text("ascii"))
"""Messages that another implementation signed (the PyPI package iso15118, with a Java codec), its key, and a
private key that it encrypted for that key's owner."""
KEY = ec.generate_private_key(ec.SECP256R1())
AUTHORIZATION = Fragment("AuthorizationReq", {"Id": "id1", "GenChallenge": bytes(16)})
LATER = Fragment("AuthorizationReq", {"Id": "id5", "GenChallenge": bytes(16)})
CONTRACT = (
    Fragment("ContractSignatureCertChain", {"Id": "id1", "Certificate": b"one"}),
    Fragment("ContractSignatureEncryptedPrivateKey", {"Id": "id2", "value": bytes(48)}),
    Fragment("DHpublickey", {"Id": "id3", "value": bytes(65)}),
    Fragment("eMAID", {"Id": "id4", "value": "DE83DUIEN83QGZD"}),
)


@pytest.mark.parametrize("name", ["AuthorizationReq", "CertificateInstallationReq"])
def test_what_another_implementation_signed(name: str) -> None:
    _, message = decode(schema("iso2"), bytes.fromhex(ELSEWHERE[name]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(ELSEWHERE["public_key"]))
    body, signature = message["Body"][name], message["Header"]["Signature"]
    verify("iso2", [Fragment(name, body)], signature, key)
    with pytest.raises(SignatureRefused, match="another key"):
        verify("iso2", [Fragment(name, body)], signature, KEY.public_key())


@pytest.mark.parametrize("kind", ["P-521", "Ed448"])
def test_the_kinds_of_the_later_edition(kind: KeyKind) -> None:
    key = new_key_of(kind)
    chain = {"Certificate": b"c", "SubCertificates": {"Certificate": [b"d"]}}
    part = Fragment(
        "PnC_AReqAuthorizationMode",
        {"Id": "id1", "GenChallenge": bytes(16), "ContractCertificateChain": chain},
    )
    signature = sign("iso20_common", [part], key)
    verify("iso20_common", [part], signature, key.public_key())
    assert len(signature["SignatureValue"]["value"]) == {"P-521": 132, "Ed448": 114}[kind]
    with pytest.raises(SignatureRefused, match="another key"):
        verify("iso20_common", [part], signature, new_key_of(kind).public_key())


def test_four_parts_go_through_a_message() -> None:
    message = {
        "Header": {"SessionID": bytes(8), "Signature": sign("iso2", CONTRACT, KEY)},
        "Body": {
            "CertificateInstallationRes": {
                "ResponseCode": "OK",
                "SAProvisioningCertificateChain": {"Certificate": b"cps"},
                **{part.name: part.value for part in CONTRACT},
            }
        },
    }
    _, read = decode(schema("iso2"), encode(schema("iso2"), "V2G_Message", message))
    body = read["Body"]["CertificateInstallationRes"]
    parts = [Fragment(part.name, body[part.name]) for part in CONTRACT]
    verify("iso2", parts, read["Header"]["Signature"], KEY.public_key())
    assert len(read["Header"]["Signature"]["SignatureValue"]["value"]) == 64


def test_a_peer_may_write_known_strings_by_number() -> None:
    """The same list of hashes, signed as the table of strings shortens it."""
    signature = sign("iso2", CONTRACT, KEY)
    info = signature["SignedInfo"]
    data = encode_fragment(schema("xmldsig"), "SignedInfo", info, reuses_strings=True)
    assert data != encode_fragment(schema("xmldsig"), "SignedInfo", info)
    r, s = decode_dss_signature(KEY.sign(data, ec.ECDSA(hashes.SHA256())))
    signature["SignatureValue"]["value"] = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    verify("iso2", CONTRACT, signature, KEY.public_key())


def test_a_part_that_was_changed() -> None:
    signature = sign("iso2", [AUTHORIZATION], KEY)
    changed = Fragment("AuthorizationReq", {"Id": "id1", "GenChallenge": b"another one....."})
    with pytest.raises(SignatureRefused, match="AuthorizationReq is not what was signed"):
        verify("iso2", [changed], signature, KEY.public_key())


@pytest.mark.parametrize("parts", [CONTRACT[:3], (*CONTRACT, LATER), ()])
def test_the_list_must_have_just_the_parts(parts: tuple[Fragment, ...]) -> None:
    with pytest.raises(SignatureRefused, match="it lists 'id1', 'id2', 'id3', 'id4'; what is to be signed"):
        verify("iso2", parts, sign("iso2", CONTRACT, KEY), KEY.public_key())


def test_a_part_listed_twice() -> None:
    signature = sign("iso2", [AUTHORIZATION, AUTHORIZATION], KEY)
    with pytest.raises(SignatureRefused, match="it lists 'id1'"):
        verify("iso2", [AUTHORIZATION], signature, KEY.public_key())


def test_too_many_parts() -> None:
    signature = sign("iso2", [AUTHORIZATION] * 17, KEY)
    with pytest.raises(SignatureRefused, match="lists 17 parts, at most 16"):
        verify("iso2", [AUTHORIZATION], signature, KEY.public_key())


def _with_method(signature: dict[str, Any]) -> None:
    signature["SignedInfo"]["SignatureMethod"]["Algorithm"] = "urn:other"


def _with_digest_method(signature: dict[str, Any]) -> None:
    signature["SignedInfo"]["Reference"][0]["DigestMethod"]["Algorithm"] = "urn:other"


def _in_der(signature: dict[str, Any]) -> None:
    value = signature["SignatureValue"]["value"]
    halves = int.from_bytes(value[:32], "big"), int.from_bytes(value[32:], "big")
    signature["SignatureValue"]["value"] = encode_dss_signature(*halves)


def _with_a_zero(signature: dict[str, Any]) -> None:
    signature["SignatureValue"]["value"] = bytes(64)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_with_method, "its method is 'urn:other'"),
        (_with_digest_method, "its hash is 'urn:other'"),
        (_in_der, "another key signed it"),
        (_with_a_zero, "another key signed it"),
    ],
)
def test_a_signature_that_is_not_as_the_standard_has_it(change: Any, why: str) -> None:
    signature = deepcopy(sign("iso2", [AUTHORIZATION], KEY))
    change(signature)
    with pytest.raises(SignatureRefused, match=why):
        verify("iso2", [AUTHORIZATION], signature, KEY.public_key())


def test_no_signature() -> None:
    with pytest.raises(SignatureRefused, match="there is no signature"):
        verify("iso2", [AUTHORIZATION], None, KEY.public_key())


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()).public_key(), x448.X448PrivateKey.generate().public_key()]
)
def test_a_key_that_signs_nothing_here(key: object) -> None:
    with pytest.raises(SignatureRefused, match="signs nothing in ISO 15118"):
        verify("iso2", [AUTHORIZATION], sign("iso2", [AUTHORIZATION], KEY), key)


def test_what_is_signed_needs_a_name() -> None:
    nameless: Mapping[str, Any] = {"GenChallenge": bytes(16)}
    with pytest.raises(CannotEncode, match="AuthorizationReq: what is signed needs an Id"):
        sign("iso2", [Fragment("AuthorizationReq", nameless)], KEY)
