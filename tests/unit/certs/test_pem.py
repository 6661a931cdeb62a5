from __future__ import annotations

import pytest

from certs.csr import Subject
from certs.issuing import Authority
from certs.pem import NotACertificate, read_bundle, read_one, write_bundle

ROOT = Authority.root(Subject(common_name="Root", organization="Example"))


def test_text_in_and_out() -> None:
    """A00.FR.507."""
    chain = ROOT.below(Subject(common_name="Sub-CA", organization="Example")).issue(
        Subject(common_name="Leaf", organization="Example")
    )[1]
    assert read_bundle(write_bundle(chain)) == chain
    assert read_one(write_bundle(chain[:1])) == chain[0]


@pytest.mark.parametrize(
    "text", ["", "text", "ä", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate(text: str) -> None:
    with pytest.raises(NotACertificate):
        read_bundle(text)


def test_one_is_not_two() -> None:
    with pytest.raises(NotACertificate, match="there are 2"):
        read_one(write_bundle((ROOT.certificate, ROOT.certificate)))
