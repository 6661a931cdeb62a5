"""The development PKI: complete, good by every profile, and what it says it is."""

from __future__ import annotations

import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs import profiles
from certs.chains import validate
from certs.contracts import judge
from certs.development.cli import main
from certs.hashing import responder_url
from certs.key_kinds import kind_of
from certs.pem import read_bundle
from certs.profiles import Profile

LEAVES: dict[str, Profile] = {
    "v2g-2/secc": profiles.SECC,
    "v2g-2/provisioning-service": profiles.PROVISIONING_SERVICE,
    "mo-2/contract": profiles.CONTRACT,
    "oem-2/provisioning": profiles.PROVISIONING,
    "v2g-20/secc": profiles.SECC_20,
    "v2g-20/provisioning-service": profiles.PROVISIONING_SERVICE_20,
    "mo-20/contract": profiles.CONTRACT_20,
    "oem-20/provisioning": profiles.PROVISIONING_20,
    "oem-20/vehicle": profiles.VEHICLE_20,
    "csms/backend": profiles.BACKEND,
    "csms/station": profiles.CHARGING_STATION,
    "manufacturer/firmware": profiles.FIRMWARE_SIGNING,
}


@pytest.fixture(scope="module", params=["P-521", "Ed448"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("pki") / "made"
    url = "http://ocsp.example:8080/status"
    assert (
        main([str(directory), "--keys-20", request.param, "--ocsp-url", url, "--host", "csms.example"]) == 0
    )
    return directory


def test_every_leaf_is_good_by_its_profile(made: Path) -> None:
    for name, profile in LEAVES.items():
        bundle = read_bundle((made / f"{name}.pem").read_text())
        roots = read_bundle((made / name).with_name("root.pem").read_text())
        verdict = validate(bundle, roots, profile, datetime.now(UTC))
        assert verdict.is_valid, f"{name}: {verdict}"
        assert verdict.warnings == ()
        assert responder_url(bundle[0]) == "http://ocsp.example:8080/status"


def test_every_certificate_has_its_key_for_the_owner_only(made: Path) -> None:
    certificates = sorted(made.glob("*/*.pem"))
    assert len(certificates) == 37
    for file in certificates:
        key = file.with_suffix(".key")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        public = load_pem_private_key(key.read_bytes(), password=None).public_key()
        assert public == read_bundle(file.read_text())[0].public_key()


def test_the_page_lists_every_certificate_with_its_subject(made: Path) -> None:
    page = (made / "README.md").read_text()
    for file in made.glob("*/*.pem"):
        leaf = read_bundle(file.read_text())[0]
        line = next(line for line in page.splitlines() if f"`{file.relative_to(made)}`" in line)
        assert leaf.subject.rfc4514_string() in line
        assert f"| {kind_of(leaf.public_key())} |" in line


def test_a_directory_with_something_in_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "precious").write_text("x")
    assert main([str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["precious"]


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("file", "is a file; name a new directory"),
        ("file/pki", "cannot be written (Not a directory); name a new directory in one of yours"),
        ("n" * 300, "cannot be written (File name too long)"),
    ],
)
def test_a_directory_that_cannot_be_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str, why: str
) -> None:
    (tmp_path / "file").touch()
    assert main([str(tmp_path / place)]) == 2
    said = capsys.readouterr().err
    assert why in said
    assert "Errno" not in said


def test_a_wish_that_makes_no_good_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "pki"), "--emaid", "Somebody"]) == 2
    assert "no contract identifier" in capsys.readouterr().err
    assert not (tmp_path / "pki").exists()


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (("--days", "0"), "1 to 3650 days"),
        (("--days=-5",), "1 to 3650 days"),
        (("--days", "3651"), "1 to 3650 days"),
        (("--days", "x"), "1 to 3650 days"),
        (("--host", ""), "1 to 60 characters"),
        (("--station", "C" * 61), "1 to 60 characters"),
    ],
)
def test_wishes_that_no_certificate_can_have(
    wish: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "pki"), *wish])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_contract_is_for_the_emaid_that_was_asked_for(tmp_path: Path) -> None:
    assert main([str(tmp_path / "pki"), "--emaid", "DE-8AC-12E45L789"]) == 0
    bundle = read_bundle((tmp_path / "pki" / "mo-2" / "contract.pem").read_text())
    roots = read_bundle((tmp_path / "pki" / "mo-2" / "root.pem").read_text())
    assert judge(bundle, roots, "DE8AC12E45L789", datetime.now(UTC)).is_valid


def test_it_explains_itself() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "certs.development.cli", "--help"], capture_output=True, text=True, check=True
    )
    assert "--keys-20" in shown.stdout
