from __future__ import annotations

from pathlib import Path

import pytest

from agent.config.load import load_config
from agent.config.sections import Config, ConfigError, CsmsSection
from agent.network.book import NetworkBook
from agent.network.profiles import NetworkProfile
from agent.security.service import Given, open_security
from agent.security.station_file import given, refuse_lower, security_profile
from agent.security.vault import NotAdopted
from certs.csr import Subject
from tests.unit.agent.security.vaults import PASSWORD, Pki, Told, safe
from tests.unit.agent.station_file import RIGHT

WSS = "wss://csms.example/ocpp"


def config(directory: Path, csms: str) -> Config:
    """Load the right station file with another [csms]."""
    begin = RIGHT.index("[csms]")
    rest = RIGHT[RIGHT.index("\n[", begin) :]
    path = directory / "station.toml"
    path.write_text(f"{RIGHT[:begin]}[csms]\n{csms}\n{rest}", "utf-8")
    return load_config(path)


@pytest.mark.parametrize(
    ("csms", "field"),
    [
        ('url = "ws://a/o"\ncertificate_file = "c"\nkey_file = "k"', "certificate_file"),
        (f'url = "{WSS}"\ncertificate_file = "c"', "key_file"),
        (f'url = "{WSS}"\nkey_file = "k"', "key_file"),
        (f'url = "{WSS}"\nsecurity_profile = 1', "security_profile"),
        ('url = "ws://a/o"\nsecurity_profile = 2', "security_profile"),
        (f'url = "{WSS}"\nsecurity_profile = 2', "security_profile"),
        (f'url = "{WSS}"\nsecurity_profile = 4', "security_profile"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_opened(
    tmp_path: Path, csms: str, field: str
) -> None:
    """A00.FR.004."""
    with pytest.raises(ConfigError, match=field):
        config(tmp_path, csms)


@pytest.mark.parametrize(
    ("section", "profile"),
    [
        (CsmsSection(url="ws://a/o"), 1),
        (CsmsSection(url=WSS), 2),
        (CsmsSection(url=WSS, certificate_file="c", key_file="k"), 3),
        (CsmsSection(url=WSS, password=PASSWORD, certificate_file="c", key_file="k", security_profile=2), 2),
        (CsmsSection(url=WSS, security_profile=3), 3),
    ],
)
def test_the_profile_is_what_is_asked_for_or_what_the_rest_amounts_to(
    section: CsmsSection, profile: int
) -> None:
    assert security_profile(section) == profile


def test_the_files_that_are_named_are_read(tmp_path: Path) -> None:
    for name in ("ca", "cert", "key"):
        (tmp_path / name).write_text(f"{name} text", "ascii")
    csms = "\n".join(
        f'{key} = "{tmp_path / name}"'
        for key, name in (("ca_file", "ca"), ("certificate_file", "cert"), ("key_file", "key"))
    )
    found = given(config(tmp_path, f'url = "{WSS}"\n{csms}'))
    assert (found.roots, found.certificate, found.key) == ("ca text", "cert text", "key text")


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    loaded = config(tmp_path, f'url = "{WSS}"\nca_file = "{path}"')
    with pytest.raises(ConfigError, match="ca_file"):
        given(loaded)


def test_without_a_serial_number_certificates_name_the_identity(tmp_path: Path) -> None:
    assert (
        given(config(tmp_path, f'url = "{WSS}"')).serial == load_config(tmp_path / "station.toml").station.id
    )


@pytest.mark.parametrize("what", ["no certificate", "other key", "no roots"])
async def test_files_that_hold_something_else_are_not_adopted(tmp_path: Path, what: str) -> None:
    pki = Pki()
    chain, key = pki.identity(Subject(common_name="SN", organization="O"))
    _, other = pki.identity(Subject(common_name="SN", organization="O"))
    wrong = {
        "no certificate": Given(serial="SN", certificate="text", key=key),
        "other key": Given(serial="SN", certificate=chain, key=other),
        "no roots": Given(serial="SN", roots="text"),
    }[what]
    async with safe(tmp_path) as here:
        with pytest.raises(NotAdopted) as refusal:
            await open_security(
                tmp_path / "other", here.database, here.settings, Told(), lambda: here.clock[0], wrong
            )
    assert refusal.value.file.startswith("csms.")


async def test_what_the_station_has_reached_is_not_given_up_in_silence(tmp_path: Path) -> None:
    """A00.FR.005."""
    async with safe(tmp_path) as here:
        book = NetworkBook(here.database, here.settings, NetworkProfile(url=WSS, security=2))
        await book.restore()
        book.next()
        book.connected()
        await book.worked()
        lower = CsmsSection(url="ws://a/o")
        again = NetworkBook(here.database, here.settings, NetworkProfile(url=lower.url, security=1))
        await again.restore()
        with pytest.raises(ConfigError, match="allow_lower_security"):
            await refuse_lower(again, lower, here.security.events)
        meant = CsmsSection(url="ws://a/o", allow_lower_security=True)
        await refuse_lower(again, meant, here.security.events)
        assert here.told.kinds == ["ReconfigurationOfSecurityParameters"]
