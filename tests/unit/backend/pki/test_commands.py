"""`chargehand-backend pki` and `contract`, as a user calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.cli import main
from backend.config import load_config
from backend.pki.directory import read
from tests.unit.backend.databases import made_new

EMAID = "DE83DUIEN83QGZD"


class Commands:
    """Runs commands in this process."""

    def __init__(self, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config = config
        self.capsys = capsys

    def run(self, *arguments: str, code: int = 0) -> str:
        assert main([*arguments, "--config", str(self.config)]) == code
        captured = self.capsys.readouterr()
        return captured.out if code == 0 else captured.err

    def rows(self, *arguments: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.run(*arguments, "--json"))
        return rows


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    file = tmp_path / "backend.toml"
    file.write_text(
        '[cpo]\ncountry_code = "DE"\nparty_id = "CHH"\ncurrency = "EUR"\ntime_zone = "UTC"\n'
        'name = "Op"\n[pki]\n'
    )
    await made_new(load_config(file).database.url)
    return file


@pytest.fixture
def commands(config: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    return Commands(config, capsys)


def test_from_nothing_to_authorities(commands: Commands, tmp_path: Path) -> None:
    assert "to make it: chargehand-backend pki init" in commands.run("pki", "list", code=1)
    assert "csms/csms-sub-ca.pem" in commands.run("pki", "init")
    assert "nothing is missing" in commands.run("pki", "init")
    rows = {row["file"]: row for row in commands.rows("pki", "list")}
    assert rows["mo-2/mo-sub-ca-2.pem"]["duty"] == "contracts"
    assert rows["mo-2/mo-sub-ca-2.pem"]["subject"] == "O=Op,CN=MO Sub-CA 2"
    assert rows["mo-2/root.pem"]["is_ours"] is True
    assert read(tmp_path / "pki").of("stations") is not None
    made = {row["subject"] for row in commands.rows("pki", "log") if row["outcome"] == "made"}
    assert made == rows.keys()


def test_trust_and_import(commands: Commands, pki_directory: Path) -> None:
    commands.run("pki", "init")
    bundle = str(pki_directory / "mo-2/mo-sub-ca-2.pem")
    key = str(pki_directory / "mo-2/mo-sub-ca-2.key")
    assert "pki trust mo-2" in commands.run("pki", "import", "contracts", bundle, "--key", key, code=1)
    assert "MO Root 2" in commands.run("pki", "trust", "mo-2", str(pki_directory / "mo-2/root.pem"))
    assert "issues contracts" in commands.run("pki", "import", "contracts", bundle, "--key", key)


def test_a_contract_comes_with_its_token(commands: Commands) -> None:
    said = commands.run("contract", "add", "de-83d-uien83qgz-d", "--vehicle", "WDX1")
    assert said.startswith(f"{EMAID}: the vehicle WDX1")
    assert "check digit" not in said
    [token] = commands.rows("token", "list")
    assert (token["uid"], token["type"], token["status"]) == (EMAID, "EMAID", "valid")
    assert "exists already" in commands.run("contract", "add", EMAID, "--vehicle", "W", code=1)
    commands.run("contract", "cancel", "DE-83D-UIEN83QGZ-D")
    [contract] = commands.rows("contract", "list")
    assert contract["emaid"] == EMAID
    assert contract["cancelled_at"] is not None
    commands.run("contract", "cancel", EMAID)
    assert commands.rows("contract", "list") == [contract], "it keeps the date of the first time"
    assert "which is for good" in commands.run("contract", "add", EMAID, "--vehicle", "W", code=1)
    assert "no contract" in commands.run("contract", "cancel", "DE8AC12E45L7899", code=1)
    assert "is no contract identifier" in commands.run("contract", "add", "X", "--vehicle", "W", code=1)
    assert "is no PCID" in commands.run("contract", "add", "DE8AC12E45L7899", "--vehicle", "", code=1)
    assert "check digit is 9" in commands.run("contract", "add", "DE8AC12E45L7899", "--vehicle", "W")


def test_a_token_that_is_there_is_nobody_elses_contract(commands: Commands) -> None:
    commands.run("token", "add", "DE-83D-UIEN83QGZ-D", "--type", "EMAID")
    assert "there is a token" in commands.run("contract", "add", EMAID, "--vehicle", "W", code=1)
    assert commands.run("contract", "list") == "none\n", "nothing of it is left"


def test_without_the_section(commands: Commands) -> None:
    text = commands.config.read_text().replace("[pki]\n", "")
    commands.config.write_text(text)
    said = commands.run("pki", "list", code=1)
    assert "the configuration has no [pki]: add a line [pki]" in said
    assert said.count("\n") == 1
    assert "note: nobody issues it yet" in commands.run("contract", "add", EMAID, "--vehicle", "W")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\x30\x82\xff", "is no PEM file; from DER it is made with: openssl x509"),
        (b"", "there is no PEM certificate in it; from DER"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "in it is damaged"),
    ],
)
def test_a_file_that_is_no_root(
    commands: Commands, tmp_path: Path, content: bytes | None, problem: str
) -> None:
    file = tmp_path / "root.pem"
    if content is not None:
        file.write_bytes(content)
    said = commands.run("pki", "trust", "oem-2", str(file), code=1)
    assert f"{file}" in said
    assert problem in said
    assert said.count("\n") == 1


def test_an_authority_is_revoked_by_the_one_above(commands: Commands, tmp_path: Path) -> None:
    commands.run("pki", "init")
    number = f"{read(tmp_path / 'pki').need('contracts').certificate.serial_number:x}"
    assert commands.run("pki", "revoke", number.upper(), "--why", "key lost") == f"{number}: revoked\n"
    assert "no certificate" in commands.run("pki", "revoke", "77", "--why", "x", code=1)
    assert "no serial number" in commands.run("pki", "revoke", "xyz", "--why", "x", code=1)
    assert commands.rows("pki", "log")[0]["outcome"] == "key lost"
