from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certs.csr import Subject, new_key, signing_request, write_key
from certs.identities import Identities, Identity
from certs.issuing import Authority, Terms
from certs.keys import FileKeys
from certs.keystore import KeyStore, KeyStoreError
from certs.pem import read_bundle, write_bundle
from tests.unit.certs.disks import full_disk

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
ROOT = Authority.root(Subject(common_name="Root", organization="Example"))
SUBJECT = Subject(common_name="CH-1", organization="Example", domain_component="CPO")


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path)
    store.open()
    return store


@pytest.fixture
def identities(store: KeyStore) -> Identities:
    return Identities(store, "client")


def install(identities: Identities, days_ago: int, key: ec.EllipticCurvePrivateKey | None = None) -> Identity:
    key = key or new_key()
    terms = Terms(valid_from=timedelta(days=-days_ago), valid_for=timedelta(days=100))
    leaf = ROOT.certify(SUBJECT.name, key.public_key(), terms)
    return identities.install(
        write_key(key), write_bundle((leaf,)), leaf.not_valid_before_utc, leaf.not_valid_after_utc
    )


def test_the_newest_by_the_start_of_its_validity_comes_first(identities: Identities) -> None:
    """A02.FR.09, A03.FR.09, A02.FR.15, A03.FR.15: of either purpose."""
    old, new = install(identities, 50), install(identities, 5)
    assert identities.all() == (new, old)
    assert identities.usable(NOW) == (new, old)


def test_one_that_is_not_valid_yet_waits(identities: Identities) -> None:
    """A02.FR.08, A03.FR.08."""
    old, future = install(identities, 50), install(identities, -3)
    assert identities.usable(NOW) == (old,)
    assert identities.usable(NOW + timedelta(days=4)) == (future, old)
    assert identities.usable(NOW + timedelta(days=80)) == (future,)


def test_only_so_many_older_ones_are_kept(identities: Identities) -> None:
    install(identities, 60)
    middle, new = install(identities, 50), install(identities, 5)
    assert identities.all() == (new, middle)
    identities.discard(new)
    assert identities.all() == (middle,)


def test_a_file_of_another_kind_is_passed_over(store: KeyStore, identities: Identities) -> None:
    store.write("identity-client-by-hand.pem", "what somebody put there")
    assert identities.all() == ()


def test_purposes_are_apart(store: KeyStore, identities: Identities) -> None:
    install(identities, 1)
    assert Identities(store, "secc").all() == ()


def test_key_and_chain_are_one_file_that_tls_takes(identities: Identities) -> None:
    identity = install(identities, 1)
    ssl.create_default_context().load_cert_chain(identity.path)
    chain = identities.chain(identity)
    assert "PRIVATE" not in chain
    assert len(read_bundle(chain)) == 1


def test_a_key_waits_with_its_request_over_a_power_cut(store: KeyStore, identities: Identities) -> None:
    """A02.FR.02, A02.FR.03."""
    key = new_key()
    identities.begin(write_key(key), signing_request(key, SUBJECT))
    waiting = Identities(store, "client").waiting()
    assert waiting is not None
    request = x509.load_pem_x509_csr(waiting.request.encode())
    assert request.is_signature_valid
    assert request.public_key() == FileKeys().signer(waiting.private_key).public_key() == key.public_key()
    assert request.subject == SUBJECT.name
    identities.abandon()
    assert identities.waiting() is None


def test_the_power_going_between_chain_and_waiting_key_does_no_harm(identities: Identities) -> None:
    key = new_key()
    identities.begin(write_key(key), signing_request(key, SUBJECT))
    install(identities, 1, new_key())
    identities.settle()
    assert identities.waiting() is not None, "it still waits"
    install(identities, 1, key)
    identities.settle()
    assert identities.waiting() is None


def test_an_authority_answers_a_request_and_refuses_what_is_none() -> None:
    key = new_key()
    [leaf] = ROOT.answer(signing_request(key, SUBJECT))
    assert leaf.public_key() == key.public_key()
    assert leaf.subject == SUBJECT.name
    with pytest.raises(ValueError, match="PEM"):
        ROOT.answer("no request")


def test_a_disk_that_is_full_while_a_key_is_stored_loses_nothing(
    store: KeyStore, identities: Identities
) -> None:
    """Neither the identity in use, nor the key that waits; nor is half of the new one left."""
    old, waiting_key = install(identities, 5), new_key()
    identities.begin(write_key(waiting_key), signing_request(waiting_key, SUBJECT))
    before = {name: store.read(name) for name in store.names("*")}
    other = new_key()
    with full_disk():
        with pytest.raises(KeyStoreError, match="free space"):
            identities.begin(write_key(other), signing_request(other, SUBJECT))
        with pytest.raises(KeyStoreError, match="free space"):
            install(identities, 1)
    assert {name: store.read(name) for name in store.names("*")} == before
    assert identities.usable(NOW) == (old,)
    ssl.create_default_context().load_cert_chain(old.path)
    install(identities, 1, waiting_key)
    assert len(identities.all()) == 2
