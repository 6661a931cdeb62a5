from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.security.vault import Vault
from agent.troubles.certificates import SOON, Term, terms, troubles
from agent.troubles.trouble import EXPIRED, EXPIRES_SOON, Trouble
from tests.unit.agent.security.vaults import Pki

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path / "certificates")
    vault.open()
    return vault


def installed(vault: Vault, begins: timedelta, ends: timedelta) -> None:
    vault.client.install(f"key {begins}", "chain", NOW + begins, NOW + ends)


def test_soon_and_over() -> None:
    known = tuple(Term(str(days), NOW + days * DAY) for days in (-1, 29, 31))
    assert list(troubles(known, NOW)) == [Trouble("-1", EXPIRED), Trouble("29", EXPIRES_SOON)]
    assert list(troubles(known, NOW - 3 * DAY)) == [Trouble("-1", EXPIRES_SOON)]


def test_the_certificate_in_use_counts(vault: Vault) -> None:
    installed(vault, -100 * DAY, 5 * DAY)
    installed(vault, 2 * DAY, 400 * DAY)
    (own,) = terms(vault, NOW)
    assert own.until - NOW < SOON, "the newer one is not valid yet"
    (own,) = terms(vault, NOW + 3 * DAY)
    assert own.until - NOW > SOON
    (own,) = terms(vault, NOW + 500 * DAY)
    assert list(troubles((own,), NOW + 500 * DAY)) == [Trouble(own.what, EXPIRED)]


def test_roots_are_told_by_their_name(vault: Vault) -> None:
    pki = Pki()
    vault.roots.write(vault.roots.name("CSMS", "1"), pki.root_pem)
    (root,) = terms(vault, NOW)
    assert root.what == "root certificate Example Root"
    assert root.until > NOW
    vault.roots.write(vault.roots.name("Manufacturer", "1"), pki.root_pem)
    assert len(terms(vault, NOW)) == 1, "the link's only"


def test_without_certificates_there_is_nothing_to_tell(vault: Vault) -> None:
    assert terms(vault, NOW) == ()
    vault.roots.write(vault.roots.name("CSMS", "1"), "no certificate")
    assert terms(vault, NOW) == (), "the link to the backend says why"
