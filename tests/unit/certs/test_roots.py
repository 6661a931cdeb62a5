from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certs.chains import validate
from certs.csr import Subject
from certs.issuing import AUTHORITY, Authority
from certs.keystore import KeyStore, KeyStoreError
from certs.pem import read_bundle
from certs.profiles import CHARGING_STATION
from certs.root_files import RootFiles
from certs.roots import RootRefused, Roots, StoreFull
from certs.rules import Rule
from tests.unit.certs.disks import full_disk

NOW = datetime.now(UTC) + timedelta(hours=1)
"""What is issued while the tests run is valid by then, however long they take."""
NAME = Subject(common_name="Example Root", organization="Example")


@pytest.fixture
def files(tmp_path: Path) -> RootFiles:
    store = KeyStore(tmp_path)
    store.open()
    return RootFiles(store)


@pytest.fixture
def roots(files: RootFiles) -> Roots:
    return Roots(files, most=2)


def test_what_is_installed_is_listed_under_its_kind_and_deleted(roots: Roots, files: RootFiles) -> None:
    first, second = Authority.root(NAME).certificate, Authority.root(NAME).certificate
    roots.install("CSMS", first, NOW)
    roots.install("MO", second, NOW)
    assert [(root.kind, root.certificate) for root in roots.all()] == [("CSMS", first), ("MO", second)]
    assert roots.trusted("MO") == (second,)
    assert read_bundle(files.pem("CSMS")) == (first,)
    roots.delete(roots.all(["CSMS"])[0])
    assert roots.trusted("CSMS") == ()
    assert files.count() == 1


@pytest.mark.parametrize("what", ["leaf", "sub-CA"])
def test_only_what_issued_itself_comes_in(roots: Roots, files: RootFiles, what: str) -> None:
    """Whatever came in otherwise could neither be listed nor deleted."""
    root = Authority.root(NAME)
    other = replace(NAME, common_name="Other")
    certificate = root.below(other).certificate if what == "sub-CA" else root.issue(other)[1][0]
    with pytest.raises(RootRefused) as refusal:
        roots.install("CSMS", certificate, NOW)
    assert Rule.NOT_SELF_ISSUED in {finding.rule for finding in refusal.value.findings}
    assert files.count() == 0


def test_there_is_room_for_so_many_of_a_kind(roots: Roots) -> None:
    certificates = [Authority.root(NAME).certificate for _ in range(3)]
    for certificate in certificates[:2]:
        roots.install("V2G", certificate, NOW)
    roots.install("V2G", certificates[0], NOW)  # again: it is there already
    with pytest.raises(StoreFull, match="2 V2G roots"):
        roots.install("V2G", certificates[2], NOW)
    roots.install("MO", certificates[2], NOW)


def test_an_expired_one_makes_room(roots: Roots) -> None:
    later = NOW + timedelta(days=20)
    short = Authority.root(NAME, replace(AUTHORITY, valid_for=timedelta(days=10))).certificate
    long, new = (Authority.root(NAME).certificate for _ in range(2))
    for certificate in (short, long):
        roots.install("V2G", certificate, NOW)
    roots.install("V2G", new, later)
    assert set(roots.trusted("V2G")) == {long, new}


def test_a_file_that_is_damaged_counts_for_nothing(roots: Roots, files: RootFiles) -> None:
    good = Authority.root(NAME).certificate
    roots.install("CSMS", good, NOW)
    files.write(files.name("CSMS", "damaged"), "-----BEGIN CERTIFICATE-----")
    assert roots.trusted("CSMS") == (good,)
    assert read_bundle(files.pem("CSMS")) == (good,)


def test_a_file_that_is_damaged_takes_nobodys_room(roots: Roots, files: RootFiles) -> None:
    """It cannot be listed, so nobody could delete it."""
    first, second = Authority.root(NAME).certificate, Authority.root(NAME).certificate
    roots.install("CSMS", first, NOW)
    files.write(files.name("CSMS", "damaged"), "-----BEGIN CERTIFICATE-----")
    roots.install("CSMS", second, NOW)
    assert set(roots.trusted("CSMS")) == {first, second}
    assert len(files.names("CSMS")) == 2
    with pytest.raises(StoreFull):
        roots.install("CSMS", Authority.root(NAME).certificate, NOW)


def test_a_root_that_is_replaced_in_mid_session_vouches_on_until_the_new_one_has_worked(
    roots: Roots, files: RootFiles
) -> None:
    old = Authority.root(NAME)
    roots.replace("CSMS", old.certificate, NOW)
    chain = old.issue(replace(NAME, common_name="Station"))[1]
    new = old.below(replace(NAME, common_name="New Root"))
    roots.replace("CSMS", new.certificate, NOW)
    assert validate(chain, roots.trusted("CSMS"), CHARGING_STATION, NOW).is_valid
    files.drop_fallback("CSMS")
    verdict = validate(chain, roots.trusted("CSMS"), CHARGING_STATION, NOW)
    assert verdict.is_unknown
    assert "nobody who is trusted issued it" in str(verdict)
    fresh = new.issue(replace(NAME, common_name="Station"))[1]
    assert validate(fresh, roots.trusted("CSMS"), CHARGING_STATION, NOW).is_valid


def test_a_root_that_goes_in_mid_session_is_missed_at_the_next_look(roots: Roots) -> None:
    root = Authority.root(NAME)
    roots.install("MO", root.certificate, NOW)
    chain = root.issue(replace(NAME, common_name="Station"))[1]
    assert validate(chain, roots.trusted("MO"), CHARGING_STATION, NOW).is_valid
    roots.delete(roots.all(["MO"])[0])
    assert validate(chain, roots.trusted("MO"), CHARGING_STATION, NOW).is_unknown


def test_a_full_disk_keeps_the_roots_there_are(roots: Roots, files: RootFiles) -> None:
    old = Authority.root(NAME)
    roots.replace("CSMS", old.certificate, NOW)
    new = old.below(replace(NAME, common_name="New Root"))
    with full_disk(), pytest.raises(KeyStoreError, match="free space"):
        roots.replace("CSMS", new.certificate, NOW)
    assert roots.trusted("CSMS") == (old.certificate,)
    assert files.names("CSMS", fallback=True) == ()
    roots.replace("CSMS", new.certificate, NOW)
    assert read_bundle(files.pem("CSMS")) == (new.certificate,)


def test_a_replaced_root_stays_to_fall_back_to(roots: Roots, files: RootFiles) -> None:
    old = Authority.root(NAME)
    roots.replace("CSMS", old.certificate, NOW)
    new = old.below(replace(NAME, common_name="New Root"))
    roots.replace("CSMS", new.certificate, NOW)
    assert read_bundle(files.pem("CSMS")) == (new.certificate,)
    assert read_bundle(files.pem("CSMS", fallback=True)) == (old.certificate,)
    listed = {root.certificate: root.issuer for root in roots.all(["CSMS"])}
    assert listed == {new.certificate: old.certificate, old.certificate: old.certificate}
    assert files.drop_fallback("CSMS")
    assert not files.drop_fallback("CSMS")
    assert roots.all(["CSMS"])[0].issuer == old.certificate, "it can still be named, and deleted"


def test_a_root_that_the_one_before_did_not_sign_replaces_nothing(roots: Roots) -> None:
    old, stranger = Authority.root(NAME), Authority.root(NAME)
    roots.replace("CSMS", old.certificate, NOW)
    with pytest.raises(RootRefused) as refusal:
        roots.replace("CSMS", stranger.certificate, NOW)
    assert [finding.rule for finding in refusal.value.findings] == [Rule.SIGNATURE]
    leaf = old.issue(replace(NAME, common_name="Leaf"))[1][0]
    with pytest.raises(RootRefused):
        roots.replace("CSMS", leaf, NOW)
    assert roots.trusted("CSMS") == (old.certificate,)


def test_a_replacement_that_the_power_cut_short_is_finished_when_it_is_asked_for_again(
    roots: Roots, files: RootFiles
) -> None:
    old = Authority.root(NAME)
    new = old.below(replace(NAME, common_name="New Root"))
    roots.replace("CSMS", old.certificate, NOW)
    roots.replace("CSMS", new.certificate, NOW)
    [fallback] = files.names("CSMS", fallback=True)
    files.write(fallback.replace("fallback", "root", 1), files.read(fallback))
    files.delete(fallback)
    roots.replace("CSMS", new.certificate, NOW)
    assert read_bundle(files.pem("CSMS")) == (new.certificate,)
    assert read_bundle(files.pem("CSMS", fallback=True)) == (old.certificate,)
