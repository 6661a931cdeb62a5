"""Certificates in DER: what cannot be read is refused at once, what was read never raises later."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from certs.der import read_chain, read_der
from certs.emaid import NotAnEmaid, read_emaid
from certs.key_kinds import kind_of
from certs.pem import NotACertificate, name_of, write_bundle
from certs.rules import check_dates, common_name
from tests.unit.agent.iso15118.iso20.contracts import shown

NOW = datetime.now(UTC)
CONTRACT = shown()
DER = CONTRACT.chain[0].public_bytes(Encoding.DER)


def test_a_chain_leaf_first() -> None:
    assert read_chain(CONTRACT.fields) == CONTRACT.chain
    assert read_chain({"Certificate": DER}) == CONTRACT.chain[:1]


@pytest.mark.parametrize("der", [b"", b"\x30\x00", DER[:-1], DER + b"\x00"])
def test_what_cannot_be_read(der: bytes) -> None:
    with pytest.raises(NotACertificate, match="cannot be read"):
        read_chain({"Certificate": DER, "SubCertificates": {"Certificate": [der]}})


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
@given(st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1, max_size=3))
def test_what_was_read_never_raises_when_it_is_looked_at(changes: list[tuple[int, int]]) -> None:
    der = bytearray(DER)
    for place, value in changes:
        der[place] = value
    try:
        certificate = read_der(bytes(der))
    except NotACertificate:
        return
    assert name_of(certificate)
    assert kind_of(certificate.public_key())
    assert write_bundle([certificate])
    list(check_dates(certificate, NOW))
    try:
        read_emaid(common_name(certificate))
    except NotAnEmaid:
        return
