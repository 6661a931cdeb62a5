"""`chargehand-backend` as a user calls it: as a process."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from backend.cli import main
from backend.csms.passwords import matches
from tests.stack.forked import command
from tests.unit.backend import seed

PASSWORD = "a-password-of-16-or-more"


class Cli:
    """Runs commands with one configuration file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "backend.toml"

    def call(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command("backend.cli", *arguments),
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | environment,
            timeout=50,
        )

    def run(self, *arguments: str) -> str:
        done = self.call(*arguments, "--config", str(self.config))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        done = self.call(*arguments, "--config", str(self.config))
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stderr.startswith("chargehand-backend: ")
        assert "Traceback" not in done.stderr
        return done.stderr

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "chargehand.db")) as database:
            return database.execute(query).fetchall()


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    cli = Cli(tmp_path)
    cli.run("init")
    return cli


def test_init_makes_a_private_database_and_says_what_is_next(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    first = cli.run("init")
    assert "(new: look it through)" in first
    assert "station add" in first
    assert "serve" in first
    assert stat.S_IMODE((tmp_path / "chargehand.db").stat().st_mode) == 0o600
    assert "(new" not in cli.run("init")
    assert cli.rows("SELECT location_id, country, time_zone FROM locations") == [
        ("SITE-1", "DEU", "Europe/Berlin")
    ]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    (tmp_path / "chargehand.db").write_bytes(b"something else altogether " * 1000)
    for words in (("init",), ("station", "list")):
        said = cli.refused(*words)
        assert "chargehand.db cannot be used: file is not a database" in said


def test_stations(cli: Cli) -> None:
    assert "CS-1: added" in cli.run("station", "add", "CS-1", "--password", PASSWORD)
    said = cli.run("station", "add", "CS-2")
    assert 'url = "ws://127.0.0.1:9000/ocpp"' in said
    generated = said.partition("shown only now: ")[2].splitlines()[0]
    assert len(generated) == 32
    hashes = dict(cli.rows("SELECT identity, password_hash FROM charging_stations"))
    assert matches(PASSWORD, hashes["CS-1"])
    assert matches(generated, hashes["CS-2"])
    assert generated not in (cli.folder / "chargehand.db").read_bytes().decode("latin-1")

    assert "--replace" in cli.refused("station", "add", "CS-1")
    assert "new password" in cli.run("station", "add", "CS-1", "--replace")
    hashes = dict(cli.rows("SELECT identity, password_hash FROM charging_stations"))
    assert not matches(PASSWORD, hashes["CS-1"])

    listed = json.loads(cli.run("station", "list", "--json"))
    assert [(station["id"], station["registration"]) for station in listed] == [
        ("CS-1", "Accepted"),
        ("CS-2", "Accepted"),
    ]
    page = cli.run("station", "list", "--limit", "1").splitlines()
    assert page[0].split() == [
        "id", "registration", "device", "last_seen_at", "connectors", "available",
    ]  # fmt: skip
    assert page[1].startswith("CS-1 ")
    assert page[2] == "more: --offset 1"
    assert cli.run("station", "list", "--limit", "1", "--offset", "1").splitlines()[1].startswith("CS-2 ")


def test_tokens(cli: Cli) -> None:
    cli.run("token", "add", "04A2B3C4")
    cli.run("token", "add", "driver-17", "--type", "Central", "--expires", "2020-01-01")
    assert "exists already" in cli.refused("token", "add", "04a2b3c4")
    listed = json.loads(cli.run("token", "list", "--json"))
    assert [(token["uid"], token["type"], token["status"]) for token in listed] == [
        ("driver-17", "APP_USER", "expired"),
        ("04A2B3C4", "RFID", "valid"),
    ]
    assert listed[1]["contract_id"] == "DE-CHH-C04A2B3C4"
    assert listed[0]["expires_at"] == "2020-01-01T00:00:00Z"
    assert cli.run("token", "block", "04A2b3c4") == "04A2b3c4 (RFID): blocked\n"
    assert "blocked" in cli.run("token", "list")
    assert cli.run("token", "unblock", "04A2B3C4") == "04A2B3C4 (RFID): may charge again\n"
    assert "token list" in cli.refused("token", "block", "NOBODY")


def test_tariffs(cli: Cli) -> None:
    file = cli.folder / "tariff.json"
    file.write_text(json.dumps(seed.TARIFF))
    said = cli.run("tariff", "set", str(file))
    assert "STANDARD: set for all stations" in said
    assert "0.4 EUR per kWh + 20 % VAT" in said
    assert "free of charge: TIME" in said
    file.write_text(json.dumps(seed.TARIFF | {"start_date_time": "2999-01-01T00:00:00Z", "currency": "CHF"}))
    assert "the operator's is EUR" in cli.run("tariff", "set", str(file))
    listed = json.loads(cli.run("tariff", "list", "--json"))
    assert [tariff["in_use"] for tariff in listed] == [False, True]

    file.write_text(json.dumps(seed.TARIFF | {"elements": []}))
    assert "not an OCPI 2.2.1 tariff" in cli.refused("tariff", "set", str(file))
    assert "cannot be read" in cli.refused("tariff", "set", str(cli.folder / "none.json"))
    assert len(cli.rows("SELECT 1 FROM tariffs")) == 2


def test_cdrs(cli: Cli) -> None:
    assert cli.run("cdr", "list") == "none\n"
    assert "cdr list" in cli.refused("cdr", "show", "CDR-1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("station", "--config", "FILE", "list"),
        ("station", "list", "--config", "FILE"),
        ("station", "--config", "no-such-file", "list", "--config", "FILE"),
    ],
)
def test_the_configuration_may_be_named_at_any_level(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli.call(*(str(cli.config) if each == "FILE" else each for each in arguments))
    assert (done.returncode, done.stdout) == (0, "none\n"), done.stderr


def test_the_configuration_may_be_named_by_the_environment(cli: Cli) -> None:
    assert cli.call("token", "list", CHARGEHAND_BACKEND=str(cli.config)).stdout == "none\n"


def test_a_wrong_configuration_ends_with_78(cli: Cli) -> None:
    cli.config.write_text(cli.config.read_text().replace("port = 9000", "port = -1"))
    done = cli.call("serve", "--config", str(cli.config))
    assert done.returncode == 78
    assert f"{cli.config}:" in done.stderr
    assert "ocpp.port" in done.stderr


def test_commands_before_init_say_so(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    done = cli.call("token", "list", "--config", str(cli.config))
    assert done.returncode == 78
    assert "init --config" in done.stderr
    cli.run("init")
    (tmp_path / "chargehand.db").unlink()
    assert "chargehand-backend init" in cli.refused("token", "list")
    assert not (tmp_path / "chargehand.db").exists()
    (tmp_path / "chargehand.db").touch()
    assert "chargehand-backend init" in cli.refused("token", "list")


COMMANDS = [
    (), ("init",), ("serve",), ("station",), ("station", "add"), ("station", "list"), ("token",),
    ("token", "add"), ("token", "list"), ("token", "block"), ("token", "unblock"), ("tariff",),
    ("tariff", "set"), ("tariff", "list"), ("cdr",), ("cdr", "list"), ("cdr", "show"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_teaches(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "usage: chargehand-backend" in said
    assert "--config" in said or not command


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("station",),
        ("frobnicate",),
        ("token", "list", "--limit", "-1"),
        ("token", "list", "--limit", "many"),
        ("token", "add", "X", "--expires", "soon"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_reader_that_goes_away_ends_the_command_without_a_word(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    init = command("backend.cli", "init")
    environment = {**os.environ, "CHARGEHAND_BACKEND": str(tmp_path / "backend.toml")}
    with open(writes, "wb") as gone:  # noqa: PTH123 - a file descriptor
        done = subprocess.run(init, stdout=gone, stderr=subprocess.PIPE, env=environment, check=False)
    assert (done.returncode, done.stderr) == (141, b"")
