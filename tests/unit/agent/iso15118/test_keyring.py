from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from agent.iso15118.keyring import VaultKeyring
from agent.security.vault import MOST_ROOTS, Vault
from certs.csr import Subject, write_key
from certs.issuing import Authority, Terms
from certs.pem import write_bundle
from certs.root_files import Kind
from certs.roots import Roots
from tests.unit.agent.iso15118.pki import issued


@dataclass
class Clock:
    time: datetime
    is_known: bool = True

    def now(self) -> datetime:
        return self.time


async def no_word(certificate: x509.Certificate) -> bytes | None:
    return None


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    opened = Vault(tmp_path / "certificates")
    opened.open()
    return opened


def trust(vault: Vault, kind: Kind, folder: str) -> None:
    Roots(vault.roots, MOST_ROOTS).install(kind, issued(folder)["root"].chain[0], datetime.now(UTC))


def install(vault: Vault, folder: str, key_of: str = "") -> None:
    secc = issued(folder)["secc"]
    leaf, key = secc.chain[0], issued(key_of)["secc"].key if key_of else secc.key
    (vault.secc20 if folder == "v2g-20" else vault.secc).install(
        write_key(key), write_bundle(secc.chain), leaf.not_valid_before_utc, leaf.not_valid_after_utc
    )


async def test_a_chain_is_shown_from_when_it_is_installed(vault: Vault) -> None:
    words = {issued("v2g-2")["secc"].chain[0]: b"good"}

    async def word(certificate: x509.Certificate) -> bytes | None:
        return words.get(certificate)

    keyring = VaultKeyring(vault, word, Clock(datetime.now(UTC)))
    assert not keyring.has_any()
    assert await keyring.credentials() == ()
    trust(vault, "V2G", "v2g-2")
    install(vault, "v2g-2")
    assert keyring.has_any()
    [shown] = await keyring.credentials()
    assert shown.chain == (*issued("v2g-2")["secc"].chain, issued("v2g-2")["root"].chain[0])
    assert shown.staple == b"good"
    trust(vault, "V2G", "v2g-20")
    install(vault, "v2g-20")
    assert [one.kind for one in await keyring.credentials()] == ["P-521", "P-256"]


async def test_a_chain_whose_root_is_gone_is_not_shown(
    vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    install(vault, "v2g-2")
    keyring = VaultKeyring(vault, no_word, Clock(datetime.now(UTC)))
    for _ in range(3):
        assert await keyring.credentials() == ()
    assert caplog.text.count("is not shown to vehicles") == 1


async def test_a_new_chain_whose_root_is_gone_is_rolled_back_to_the_one_before(vault: Vault) -> None:
    """For vehicles as for the link to the backend: the identity before stays, and is shown again."""
    trust(vault, "V2G", "v2g-2")
    install(vault, "v2g-2")
    root, before = (
        Authority.root(Subject(common_name="New Root", organization="New")),
        issued("v2g-2")["secc"],
    )
    middle = root.below(Subject(common_name="New Sub-CA", organization="New"))
    subject = Subject(common_name="CH-1", organization="New", domain_component="CPO")
    key, chain = middle.issue(subject, Terms(usage=("digital_signature",)))
    roots, now = Roots(vault.roots, MOST_ROOTS), datetime.now(UTC)
    roots.install("V2G", root.certificate, now)
    later = now - timedelta(seconds=1)
    vault.secc.install(write_key(key), write_bundle(chain), later, chain[0].not_valid_after_utc)
    keyring = VaultKeyring(vault, no_word, Clock(now))
    shown = [one.chain[0] for one in await keyring.credentials()]
    assert shown == [chain[0], before.chain[0]]
    [new] = [one for one in roots.all() if one.certificate == root.certificate]
    roots.delete(new)
    assert [one.chain[0] for one in await keyring.credentials()] == [before.chain[0]]


async def test_a_key_of_another_chain_is_not_shown(vault: Vault, caplog: pytest.LogCaptureFixture) -> None:
    trust(vault, "V2G", "v2g-2")
    install(vault, "v2g-2", key_of="v2g-20")
    assert await VaultKeyring(vault, no_word, Clock(datetime.now(UTC))).credentials() == ()
    assert "the key is another one" in caplog.text


async def test_dates_count_once_the_time_is_known(vault: Vault) -> None:
    trust(vault, "V2G", "v2g-2")
    install(vault, "v2g-2")
    clock = Clock(datetime.now(UTC) + timedelta(days=800))
    keyring = VaultKeyring(vault, no_word, clock)
    assert not keyring.has_any()
    assert await keyring.credentials() == ()
    clock.is_known = False
    assert keyring.has_any()
    assert len(await keyring.credentials()) == 1


async def test_vehicles_come_from_roots_of_makers_and_of_v2g(vault: Vault) -> None:
    keyring = VaultKeyring(vault, no_word, Clock(datetime.now(UTC)))
    assert await keyring.vehicle_roots() is None
    trust(vault, "OEM", "oem-20")
    trust(vault, "V2G", "v2g-20")
    roots = await keyring.vehicle_roots()
    assert roots is not None
    assert [one.subject for one in roots.roots] == [
        issued(folder)["root"].chain[0].subject for folder in ("oem-20", "v2g-20")
    ]
