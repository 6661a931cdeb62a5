from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.config import Config, ConfigError, load_config, shown_url, sqlite_file
from backend.rating.money import RoundingMode, RoundingPolicy, RoundingScope
from backend.starter import STARTER, write_starter

CPO = """\
[cpo]
country_code = "DE"
party_id = "CHH"
currency = "EUR"
time_zone = "Europe/Berlin"
"""


def load(folder: Path, text: str) -> Config:
    path = folder / "backend.toml"
    path.write_text(text, "utf-8")
    return load_config(path)


def problem(folder: Path, text: str) -> tuple[int | None, str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    assert caught.value.path == folder / "backend.toml"
    line = caught.value.line
    at = f"{folder / 'backend.toml'}:{line}: " if line else f"{folder / 'backend.toml'}: "
    assert str(caught.value) == at + caught.value.problem
    return line, caught.value.problem


def test_a_first_time_user_states_the_operator_and_no_more(tmp_path: Path) -> None:
    config = load(tmp_path, CPO)
    assert config.database.url == f"sqlite+aiosqlite:///{tmp_path}/chargehand.db"
    assert sqlite_file(config) == tmp_path / "chargehand.db"
    assert config.api.token_file == str(tmp_path / "api-token")
    assert (config.ocpp.host, config.ocpp.port, config.ocpp.path) == ("127.0.0.1", 9000, "/ocpp")
    assert (config.api.host, config.api.port) == ("127.0.0.1", 9001)
    assert (config.location.country, config.location.time_zone) == ("DEU", "Europe/Berlin")
    assert config.rounding == RoundingPolicy()


def test_relative_paths_count_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that are called elsewhere must find the same database."""
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    (folder / "backend.toml").write_text(
        CPO + '[database]\nurl = "sqlite+aiosqlite:///data/x.db"\n[api]\ntoken_file = "secret"\n'
    )
    config = load_config(Path("config/backend.toml"))
    assert sqlite_file(config) == folder / "data/x.db"
    assert config.api.token_file == str(folder / "secret")


def test_a_server_keeps_its_url_and_its_secret(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://user:p%40ss@db.example/chargehand"
    config = load(tmp_path, CPO + f'[database]\nurl = "{url}"\n')
    assert config.database.url == url
    assert sqlite_file(config) is None
    assert "p%40ss" not in shown_url(config)


def test_the_rounding_of_the_contract(tmp_path: Path) -> None:
    config = load(tmp_path, CPO + 'rounding = "HALF_EVEN/3/LINE"\n')
    assert config.rounding == RoundingPolicy(3, RoundingMode.HALF_EVEN, RoundingScope.LINE)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, ["cpo: is missing", "country_code", "time_zone"]),
        (CPO + "[ocpp]\nprt = 1\n", 7, ["ocpp.prt: unknown", "host, port, path"]),
        ("[opcp]\n" + CPO, 1, ["opcp: unknown", "ocpp"]),
        (CPO.replace('party_id = "CHH"\n', ""), 1, ["cpo.party_id: is missing", '"CHH"']),
        (CPO.replace('"DE"', '"de"'), 2, ["cpo.country_code", '"DE"']),
        (CPO.replace('"EUR"', '"Euro"'), 4, ["cpo.currency", '"EUR"']),
        (CPO.replace("Berlin", "Bärlin"), 5, ["cpo.time_zone", '"Europe/Berlin"']),
        (CPO.replace("Europe/Berlin", "../etc/passwd"), 5, ["cpo.time_zone"]),
        (CPO.replace("Europe/Berlin", ""), 5, ["cpo.time_zone"]),
        (CPO + 'rounding = "UP"\n', 6, ["cpo.rounding", '"HALF_UP/2/TOTAL"']),
        (CPO + 'rounding = "HALF_UP/9/TOTAL"\n', 6, ["cpo.rounding"]),
        (CPO + '[ocpp]\nport = "9000"\n', 7, ["ocpp.port: Expected `int`, got `str`"]),
        (CPO + "[ocpp]\nport = 70000\n", 7, ["ocpp.port", "65535"]),
        (CPO + '[ocpp]\npath = "ocpp"\n', 7, ["ocpp.path", '"/ocpp"']),
        (CPO + '[ocpp]\nhost = ""\n', 7, ["ocpp.host", '"127.0.0.1"']),
        (CPO + '[database]\nurl = "mysql://x/y"\n', 7, ["database.url", "postgresql+asyncpg"]),
        (CPO + '[database]\nurl = "sqlite+aiosqlite://"\n', 7, ["database.url", "name"]),
        (CPO + '[database]\nurl = "nonsense"\n', 7, ["database.url", "sqlite+aiosqlite:///"]),
        (CPO + '[location]\nconnector_format = "PLUG"\n', 7, ["location.connector_format", "SOCKET"]),
        (CPO + "[location]\nlatitude = 52.5\n", 7, ["location.latitude", '"52.520008"']),
        (CPO + '[location]\nname = "x"\ntime_zone = "Nowhere"\n', 8, ["location.time_zone"]),
        (CPO.replace('"DE"', '"BR"') + '[location]\nname = "x"\n', 6, ["location.country: add"]),
        (CPO.replace('"DE"', '"BR"'), None, ["location.country: add"]),
        (CPO + "[ocpp\n", 6, ["not TOML"]),
        ("cpo = 5\n", 1, ["cpo: Expected `object`, got `int`"]),
    ],
)
def test_what_is_wrong_is_named_with_line_and_fix(
    tmp_path: Path, text: str, line: int | None, said: list[str]
) -> None:
    found, message = problem(tmp_path, text)
    assert found == line
    for part in said:
        assert part in message


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(ConfigError, match=r"no such file.*init --config .*none\.toml"):
        load_config(path)


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "backend.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(path)


def test_the_starter_is_right_and_is_not_written_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "backend.toml"
    assert write_starter(path)
    assert path.read_text("utf-8") == STARTER
    assert load_config(path) == load(tmp_path, STARTER)
    path.write_text(CPO, "utf-8")
    assert not write_starter(path)
    assert path.read_text("utf-8") == CPO
    assert path.stat().st_mode & 0o007 == 0


def test_certificates_are_the_operators_wish(tmp_path: Path) -> None:
    assert load(tmp_path, CPO).pki is None
    pki = load(tmp_path, CPO + "[pki]\n").pki
    assert pki is not None
    assert (pki.directory, pki.public_url, pki.responders) == (str(tmp_path / "pki"), "", ())
    assert (pki.station_days, pki.secc_days, pki.contract_days) == (365, 90, 730)
    assert pki.longest_ev_answer == 5600
    text = '[pki]\ndirectory = "x/y"\ntoken_module = "/m.so"\ntoken_label = "t"\ntoken_pin_file = "pin"\n'
    pki = load(tmp_path, CPO + text).pki
    assert pki is not None
    assert pki.directory == str(tmp_path / "x/y")
    assert pki.token_pin_file == str(tmp_path / "pin")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('public_url = "pki.example.com"', 'pki.public_url: .*such as "http://pki.example.com"'),
        ('public_url = "http://pki.example.com/path"', "pki.public_url: "),
        ('responders = ["ftp://x"]', r"pki.responders: .*such as"),
        ("secc_days = 0", "pki.secc_days: .*whole days"),
        ("longest_ev_answer = 9000", "pki.longest_ev_answer: .*7500 in its schema"),
        ('token_module = "/m.so"', "pki.token_module: a token needs token_module, token_label and"),
        ("days = 3", "pki.days: unknown; known here: directory"),
    ],
)
def test_what_is_wrong_with_certificates_is_said_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    number, said = problem(tmp_path, CPO + "[pki]\n" + line)
    assert number == 7
    assert re.search(why, said), said
