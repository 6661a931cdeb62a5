"""Authorities of our own: they can do all that is asked of them, and nothing that is there is lost."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.pki.directory import read
from backend.pki.duties import DUTIES
from backend.pki.errors import PkiError
from backend.pki.founding import Founder, found
from backend.pki.importing import take_over, trust
from backend.pki.issuing import Order, certify, check
from backend.pki.names import DutyName
from backend.pki.terms import Wording
from certs.csr import Subject, new_key
from certs.hashing import responder_url
from certs.issuing import Authority
from certs.keys import FileKeys
from certs.pem import write_bundle

NOW = datetime.now(UTC)
FOUNDER = Founder(organization="Operator", wording=Wording(public_url="http://pki.example.com"))


def test_everything_is_made_once(tmp_path: Path) -> None:
    made = found(tmp_path / "pki", FOUNDER, NOW)
    assert "csms/csms-sub-ca.pem" in made
    assert "v2g-2/provisioning-service.pem" in made
    assert not any(file.startswith("v2g-20") for file in made)
    assert found(tmp_path / "pki", FOUNDER, NOW) == []
    assert stat.S_IMODE((tmp_path / "pki/csms/root.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "pki/csms").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", [name for name, duty in DUTIES.items() if not duty.is_leaf])
def test_what_our_authorities_issue_is_good(tmp_path: Path, name: DutyName) -> None:
    found(tmp_path, FOUNDER, NOW, with_20=True)
    authorities, duty = read(tmp_path), DUTIES[name]
    key = new_key() if duty.keys == "P-256" else authorities.need("contracts-20").key
    subject = Subject(common_name="DE83DUIEN83QGZD", organization="O", domain_component="CPO")
    order = Order(duty=name, subject=subject, key=key.public_key(), terms=FOUNDER.wording.terms(name))
    chain = certify(authorities, order, NOW + timedelta(minutes=1))
    assert responder_url(chain[0]) == responder_url(chain[1]) == "http://pki.example.com/pki/ocsp"


def test_the_provisioning_service_is_good_and_renewed_in_time(tmp_path: Path) -> None:
    found(tmp_path, FOUNDER, NOW, with_20=True)
    authorities = read(tmp_path)
    for name in ("provisioning", "provisioning-20"):
        check(authorities, authorities.need(name).chain, name, NOW)
    later = NOW + timedelta(days=2 * 365 - 20)
    assert found(tmp_path, FOUNDER, later) == ["v2g-2/provisioning-service.pem"]


def test_a_root_whose_key_was_moved_away_stays_and_signs_nothing(tmp_path: Path) -> None:
    found(tmp_path, FOUNDER, NOW)
    for name in ("v2g-2/root.key", "v2g-2/cpo-sub-ca-1.pem"):
        (tmp_path / name).unlink()
    with pytest.raises(PkiError, match=r"cpo-sub-ca-1\.pem is missing, and root\.key"):
        found(tmp_path, FOUNDER, NOW)


def test_a_token_has_no_keys_for_the_later_edition(tmp_path: Path) -> None:
    with pytest.raises(PkiError, match="a token makes keys on P-256"):
        found(tmp_path, Founder(organization="O", wording=Wording(), keys=FileKeys()), NOW, with_20=True)


def test_an_authority_that_somebody_else_made(tmp_path: Path, pki_directory: Path) -> None:
    mine = tmp_path / "mine"
    found(mine, FOUNDER, NOW)
    bundle, key = pki_directory / "v2g-2/cpo-sub-ca-2.pem", pki_directory / "v2g-2/cpo-sub-ca-2.key"
    with pytest.raises(PkiError, match=r"no root in v2g-2 issued .*pki trust v2g-2"):
        take_over(mine, "secc", bundle, key, None)
    assert trust(mine, "v2g-2", pki_directory / "v2g-2/root.pem", NOW) == ["DC=V2G,O=Example,CN=V2G Root 2"]
    take_over(mine, "secc", bundle, key, None)
    assert read(mine).need("secc").certificate == read(pki_directory).need("secc").certificate
    with pytest.raises(PkiError, match="is not the key of the first certificate"):
        take_over(mine, "secc", bundle, pki_directory / "v2g-2/root.key", None)


def test_what_may_issue_nothing_is_not_trusted(tmp_path: Path, pki_directory: Path) -> None:
    with pytest.raises(PkiError, match="may not issue certificates"):
        trust(tmp_path, "oem-2", pki_directory / "oem-2/provisioning.pem", NOW)
    with pytest.raises(PkiError, match="expired"):
        trust(tmp_path, "oem-2", pki_directory / "oem-2/root.pem", NOW + timedelta(days=9000))
    with pytest.raises(PkiError, match="cannot be read"):
        trust(tmp_path, "oem-2", tmp_path / "nothing.pem", NOW)


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("csms/csms-sub-ca.pem", "nonsense", "restore or delete it"),
        ("csms/csms-sub-ca.key", "nonsense", "no private key can be read"),
        ("csms/csms-sub-ca.key", "other", "is not for the key in csms-sub-ca.key"),
        ("csms/csms-sub-ca.key", "token", "the key is in a token"),
    ],
)
def test_files_that_cannot_be_used(
    tmp_path: Path, pki_directory: Path, file: str, text: str, why: str
) -> None:
    directory = tmp_path / "pki"
    shutil.copytree(pki_directory, directory)
    block = "-----BEGIN PKCS#11 PROVIDER URI-----\nAAAA\n-----END PKCS#11 PROVIDER URI-----\n"
    texts = {"other": FileKeys().new(), "token": block}
    (directory / file).write_text(texts.get(text, text))
    with pytest.raises(PkiError, match=why) as caught:
        read(directory)
    assert str(directory / "csms") in str(caught.value)


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(PkiError, match="to make it: chargehand-backend pki init"):
        read(tmp_path / "pki")


def test_a_duty_that_nobody_has(tmp_path: Path) -> None:
    (tmp_path / "csms").mkdir()
    with pytest.raises(PkiError, match="nobody here issues contracts"):
        read(tmp_path).need("contracts")


def test_several_roots_of_a_kind(tmp_path: Path, pki_directory: Path) -> None:
    directory = tmp_path / "pki"
    shutil.copytree(pki_directory, directory)
    other = Authority.root(Subject(common_name="Other", organization="O"))
    (tmp_path / "other.pem").write_text(write_bundle((other.certificate,)))
    trust(directory, "oem-2", tmp_path / "other.pem", NOW)
    assert other.certificate in read(directory).roots("OEM")
    assert len(read(directory).roots("OEM")) == 3
