"""OCSP answers: believed, refused, kept, stapled."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import ocsp as asn1_ocsp  # type: ignore[import-untyped]  # the package ships no types
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from certs.csr import Subject
from certs.issuing import Authority, Terms
from certs.key_kinds import Key, new_key_of
from certs.ocsp_cache import OcspCache, staples
from certs.pem import write_bundle
from certs.responding import Known, Responder
from certs.revocation import AnswerRefused, believe, question

NOW = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
"""What is issued while the tests run is valid by then, however long they take."""
DAY = timedelta(days=1)
ROOT = Authority.root(Subject(common_name="Root", organization="Example"))
MIDDLE = ROOT.below(Subject(common_name="Sub-CA", organization="Example"))
LEAF, *_ = MIDDLE.issue(Subject(common_name="Leaf", organization="Example"))[1]
CHAIN = (LEAF, MIDDLE.certificate, ROOT.certificate)
RESPONDER = Responder.of(MIDDLE)
DELEGATE = Subject(common_name="Responder", organization="Example")
OCSP_TERMS = Terms(extended_usage=(ExtendedKeyUsageOID.OCSP_SIGNING,))


def good(_: int) -> Known:
    return Known()


def asked(responder: Responder = RESPONDER, at: datetime = NOW, known: Known | None = Known()) -> bytes:  # noqa: B008 - frozen
    return responder.respond(question(LEAF, MIDDLE.certificate), lambda _: known, at)


def refusal(der: bytes, at: datetime = NOW, nonce: bytes | None = None) -> str:
    with pytest.raises(AnswerRefused) as refused:
        believe(der, LEAF, MIDDLE.certificate, at, nonce)
    return str(refused.value)


@pytest.mark.parametrize(
    ("known", "status"),
    [(Known(), "good"), (Known(revoked_at=NOW - DAY), "revoked"), (None, "unknown")],
)
def test_what_an_authority_says(known: Known | None, status: str) -> None:
    answer = believe(asked(known=known), LEAF, MIDDLE.certificate, NOW)
    assert answer.status == status
    assert (answer.this_update, answer.next_update) == (NOW, NOW + RESPONDER.lasts)


@pytest.mark.parametrize("kind", ["P-256", "P-521", "Ed448", "RSA"])
def test_issuers_of_every_kind(kind: str) -> None:
    key: Key
    key = rsa.generate_private_key(65537, 2048) if kind == "RSA" else new_key_of(kind)  # type: ignore[arg-type]
    root = Authority.root(Subject(common_name="Root", organization="Example"), key=key)
    leaf = root.issue(DELEGATE)[1][0]
    der = Responder.of(root).respond(question(leaf, root.certificate), good, NOW)
    assert believe(der, leaf, root.certificate, NOW).status == "good"


def test_a_responder_that_the_issuer_certified_is_believed() -> None:
    assert believe(asked(Responder.below(MIDDLE, DELEGATE)), LEAF, MIDDLE.certificate, NOW).status == "good"


def test_a_responder_of_somebody_else_is_not() -> None:
    stranger = Responder.below(ROOT, DELEGATE)
    assert "somebody else issued" in refusal(asked(replace(stranger, issuer=MIDDLE.certificate)))


def test_a_certificate_of_the_issuer_is_no_responder_by_itself() -> None:
    no_usage = Responder.below(MIDDLE, DELEGATE, Terms())
    assert "no ExtendedKeyUsage" in refusal(asked(no_usage))
    server = Terms(extended_usage=(ExtendedKeyUsageOID.SERVER_AUTH,))
    assert "not for OCSP" in refusal(asked(Responder.below(MIDDLE, DELEGATE, server)))


def test_a_responder_whose_certificate_expired() -> None:
    old = replace(OCSP_TERMS, valid_from=-9 * DAY, valid_for=DAY)
    assert "expired" in refusal(asked(Responder.below(MIDDLE, DELEGATE, old)))


def test_a_signature_that_nobody_made() -> None:
    der = bytearray(asked())
    der[-5] ^= 1
    assert "neither the issuer" in refusal(bytes(der))
    forged = Authority.root(Subject(common_name="Sub-CA", organization="Example"))
    named_alike = replace(RESPONDER, certificate=forged.certificate, key=forged.key)
    assert "is no responder of the issuer" in refusal(asked(named_alike))


def test_a_weak_hash() -> None:
    """RSA, since cryptography refuses to make such a signature with an elliptic curve."""
    signed = ocsp.OCSPResponseBuilder().add_response(
        cert=LEAF,
        issuer=MIDDLE.certificate,
        algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus.GOOD,
        this_update=NOW,
        next_update=NOW + DAY,
        revocation_time=None,
        revocation_reason=None,
    )
    named = signed.responder_id(ocsp.OCSPResponderEncoding.HASH, MIDDLE.certificate)
    weak = named.sign(MIDDLE.key, hashes.SHA224()).public_bytes(Encoding.DER)
    assert "weak hash (sha224)" in refusal(weak)
    by_sha1_named = named.sign(MIDDLE.key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert believe(by_sha1_named, LEAF, MIDDLE.certificate, NOW).status == "good", "only its name is by SHA-1"


def test_answers_are_of_their_time() -> None:
    der = asked()
    assert "outdated since" in refusal(der, NOW + timedelta(days=8))
    assert "it is of" in refusal(der, NOW - DAY)
    assert believe(der, LEAF, MIDDLE.certificate, NOW - timedelta(minutes=4)).status == "good"


def test_a_nonce_is_optional_and_compared_where_it_comes_back() -> None:
    der = RESPONDER.respond(question(LEAF, MIDDLE.certificate, b"n" * 16), good, NOW)
    assert believe(der, LEAF, MIDDLE.certificate, NOW, b"n" * 16).status == "good"
    assert "nonce differs" in refusal(der, nonce=b"m" * 16)
    assert believe(asked(), LEAF, MIDDLE.certificate, NOW, b"n" * 16).status == "good"


def test_an_answer_about_another_certificate() -> None:
    other = MIDDLE.issue(DELEGATE)[1][0]
    der = RESPONDER.respond(question(other, MIDDLE.certificate), good, NOW)
    assert refusal(der) == "it is not about O=Example,CN=Leaf"


def test_what_is_no_answer() -> None:
    assert "malformed_request" in refusal(RESPONDER.respond(b"\x30\x00", good, NOW))
    stranger = RESPONDER.respond(question(MIDDLE.certificate, ROOT.certificate), good, NOW)
    assert "unauthorized" in refusal(stranger)
    assert "cannot be read" in refusal(b"\x30\x03\x0a\x01")


@pytest.mark.parametrize(("algorithms", "serials"), [("1.2.3.4", [1]), ("sha256", [1, 2])])
def test_a_question_that_is_not_understood_is_said_to_be_malformed(
    algorithms: str, serials: list[int]
) -> None:
    """A hash that nobody knows; several certificates in one request."""
    asked_about = [
        {
            "req_cert": {
                "hash_algorithm": {"algorithm": algorithms},
                "issuer_name_hash": b"name",
                "issuer_key_hash": b"key",
                "serial_number": serial,
            }
        }
        for serial in serials
    ]
    request = asn1_ocsp.OCSPRequest({"tbs_request": {"request_list": asked_about}}).dump()
    assert "malformed_request" in refusal(RESPONDER.respond(request, good, NOW))


def test_a_cache_keeps_an_answer_until_the_next_one() -> None:
    cache = OcspCache()
    cache.take(asked(), LEAF, MIDDLE.certificate, NOW)
    assert cache.find(LEAF, NOW + 6 * DAY) is not None
    assert cache.find(LEAF, NOW + 8 * DAY) is None
    assert len(cache) == 0


def test_an_older_answer_does_not_take_the_place_of_a_newer_one() -> None:
    cache = OcspCache()
    cache.take(asked(known=Known(revoked_at=NOW - DAY)), LEAF, MIDDLE.certificate, NOW)
    cache.take(asked(at=NOW - DAY), LEAF, MIDDLE.certificate, NOW)
    found = cache.find(LEAF, NOW)
    assert found is not None
    assert found.status == "revoked"


def test_a_refused_answer_is_not_kept_and_room_is_made() -> None:
    cache = OcspCache(most=1)
    with pytest.raises(AnswerRefused):
        cache.take(b"", LEAF, MIDDLE.certificate, NOW)
    assert len(cache) == 0
    cache.take(asked(), LEAF, MIDDLE.certificate, NOW)
    der = Responder.of(ROOT).respond(question(MIDDLE.certificate, ROOT.certificate), good, NOW)
    cache.take(der, MIDDLE.certificate, ROOT.certificate, NOW)
    assert (len(cache), cache.find(LEAF, NOW)) == (1, None)


def test_what_is_stapled() -> None:
    cache = OcspCache()
    der = asked()
    cache.take(der, LEAF, MIDDLE.certificate, NOW)
    assert staples(CHAIN, cache, NOW) == (der, None)


def test_openssl_reads_the_question_and_believes_the_answer(tmp_path: Path) -> None:
    """Somebody else's OCSP: the command line of OpenSSL."""
    der = asked(Responder.below(MIDDLE, DELEGATE), at=datetime.now(UTC))
    files = {
        "question": question(LEAF, MIDDLE.certificate),
        "answer": der,
        "issuer.pem": write_bundle((MIDDLE.certificate,)).encode(),
        "leaf.pem": write_bundle((LEAF,)).encode(),
        "roots.pem": write_bundle(CHAIN[1:]).encode(),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    shown = _openssl(tmp_path, "-reqin", "question", "-req_text")
    in_bytes = LEAF.serial_number.to_bytes((LEAF.serial_number.bit_length() + 7) // 8, "big")
    assert f"Serial Number: {in_bytes.hex().upper()}" in shown
    said = _openssl(
        tmp_path,
        "-respin",
        "answer",
        "-sha256",
        "-issuer",
        "issuer.pem",
        "-cert",
        "leaf.pem",
        "-CAfile",
        "roots.pem",
    )
    assert "Response verify OK" in said
    assert "leaf.pem: good" in said


def _openssl(directory: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["openssl", "ocsp", *arguments], cwd=directory, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr
