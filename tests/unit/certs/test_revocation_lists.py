from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509

from certs.csr import Subject
from certs.issuing import Authority
from certs.key_kinds import KeyKind, new_key_of
from certs.revocation_lists import revocation_list

AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["P-256", "P-521", "Ed448"])
def test_a_list_that_its_authority_signed(kind: KeyKind) -> None:
    authority = Authority.root(Subject(common_name="Root", organization="O"), key=new_key_of(kind))
    der = revocation_list(authority, [(2**150, AT - timedelta(days=1)), (7, AT)], AT, timedelta(hours=1))
    read = x509.load_der_x509_crl(der)
    assert read.is_signature_valid(authority.certificate.public_key())  # type: ignore[arg-type] # of a kind that signs
    assert [one.serial_number for one in read] == [7, 2**150]
    assert (read.last_update_utc, read.next_update_utc) == (AT, AT + timedelta(hours=1))
    assert read.issuer == authority.certificate.subject
    assert read.get_revoked_certificate_by_serial_number(8) is None


def test_nothing_is_revoked() -> None:
    authority = Authority.root(Subject(common_name="Root", organization="O"))
    assert len(x509.load_der_x509_crl(revocation_list(authority, [], AT))) == 0
