from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certs.choosing import choose
from certs.csr import Subject, new_key, write_key
from certs.identities import Identities, Identity
from certs.issuing import Authority, Terms
from certs.keystore import KeyStore
from certs.pem import write_bundle
from certs.profiles import SECC

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
SUBJECT = Subject(common_name="CH-1", organization="Example", domain_component="CPO")
OLD_ROOT, NEW_ROOT = (
    Authority.root(Subject(common_name=name, organization="Example")) for name in ("A", "B")
)


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    store = KeyStore(tmp_path)
    store.open()
    return Identities(store, "secc")


def install(identities: Identities, root: Authority, days_ago: int) -> Identity:
    key = new_key()
    terms = Terms(usage=("digital_signature",), valid_from=timedelta(days=-days_ago))
    leaf = root.certify(SUBJECT.name, key.public_key(), terms)
    dates = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    return identities.install(write_key(key), write_bundle((leaf,)), *dates)


def test_the_newest_that_holds_is_shown_and_one_without_its_root_is_fallen_back_from(
    identities: Identities,
) -> None:
    old, new = install(identities, OLD_ROOT, 50), install(identities, NEW_ROOT, 5)
    both = (OLD_ROOT.certificate, NEW_ROOT.certificate)
    assert choose(identities, both, SECC, NOW).identity == new
    fallen_back = choose(identities, both[:1], SECC, NOW)
    assert fallen_back.identity == old
    assert fallen_back.chain[-1] == OLD_ROOT.certificate
    [(passed_over, why)] = fallen_back.passed_over
    assert passed_over == new
    assert "nobody who is trusted issued it" in str(why)


def test_with_none_that_holds_none_is_shown(identities: Identities) -> None:
    assert choose(identities, (), SECC, NOW).identity is None
    install(identities, OLD_ROOT, 5)
    choice = choose(identities, (), SECC, NOW)
    assert (choice.identity, len(choice.passed_over)) == (None, 1)


def test_a_file_that_is_damaged_is_passed_over(identities: Identities) -> None:
    old, new = install(identities, OLD_ROOT, 50), install(identities, OLD_ROOT, 5)
    new.path.write_text("what a failing disk left")
    choice = choose(identities, (OLD_ROOT.certificate,), SECC, NOW)
    assert choice.identity == old
    assert [passed_over for passed_over, _ in choice.passed_over] == [new]
