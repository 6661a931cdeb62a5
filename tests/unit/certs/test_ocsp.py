from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from certs.csr import Subject
from certs.hashing import hash_data
from certs.issuing import Authority
from certs.ocsp import NoAnswer, StatusAnswer, read_answer
from tests.stack.ocsp import answer

ROOT = Authority.root(Subject(common_name="Root", organization="Operator"))
_, (LEAF,) = ROOT.issue(Subject(common_name="SECC", organization="Operator"))
_, (OTHER,) = ROOT.issue(Subject(common_name="Another", organization="Operator"))
NAMED = hash_data(LEAF, ROOT.certificate)
AT = datetime(2026, 5, 1, tzinfo=UTC)


def test_what_an_authority_says() -> None:
    lasts = timedelta(days=7)
    assert read_answer(answer(LEAF, ROOT, at=AT, lasts=lasts), NAMED) == StatusAnswer(
        status="good", next_update=AT + lasts
    )
    revoked = answer(LEAF, ROOT, at=AT, lasts=None, is_revoked=True)
    assert read_answer(revoked, NAMED) == StatusAnswer(status="revoked")


def test_by_another_hash_the_number_has_to_do() -> None:
    assert read_answer(answer(LEAF, ROOT, algorithm=hashes.SHA1()), NAMED).status == "good"


def test_an_answer_about_another_certificate_is_none() -> None:
    with pytest.raises(NoAnswer, match="another certificate"):
        read_answer(answer(OTHER, ROOT), NAMED)
    stranger = Authority.root(Subject(common_name="Stranger", organization="Else"))
    with pytest.raises(NoAnswer, match="another certificate"):
        read_answer(answer(LEAF, stranger), NAMED)


def test_what_is_no_answer() -> None:
    refusal = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
    with pytest.raises(NoAnswer, match="try_later"):
        read_answer(refusal.public_bytes(Encoding.DER), NAMED)
    with pytest.raises(NoAnswer, match="cannot be read"):
        read_answer(b"\x30\x03\x0a", NAMED)
