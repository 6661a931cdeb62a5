from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from agent.security.credentials import PASSWORD as NAME
from agent.security.credentials import NoCredentials, Trouble
from agent.security.service import Given
from agent.store.database import StoreError
from agent.store.facts import save_variable
from certs.csr import Subject
from certs.issuing import AUTHORITY, Terms
from certs.pem import write_bundle
from tests.unit.agent.security.vaults import PASSWORD, ROOT, SERIAL, Pki, Safe, safe

NEW = "the-second-password-1"
SUBJECT = Subject(common_name=SERIAL, organization="Example")
REFUSED = Trouble.STATION_REFUSED


@pytest.fixture(scope="module")
def pki() -> Pki:
    return Pki()


def owning(pki: Pki, terms: Terms | None = None) -> Given:
    chain, key = pki.identity(SUBJECT, terms)
    return Given(serial=SERIAL, password=PASSWORD, certificate=chain, key=key)


async def change_password(here: Safe, new: str = NEW) -> None:
    await here.security.credentials.keep_password()
    await here.settings.write(here.settings.entry(NAME), new)
    await here.security.credentials.password_changed()


async def test_a_new_password_is_tried_and_the_one_before_forgotten_once_it_works(tmp_path: Path) -> None:
    """A01.FR.02, A01.FR.11."""
    async with safe(tmp_path) as here:
        credentials = here.security.credentials
        assert credentials.login(1).password == PASSWORD
        await change_password(here)
        login = credentials.login(1)
        assert login.password == NEW
        await credentials.worked(login)
        await credentials.refused(login, REFUSED, "401")
        assert credentials.login(1).password == NEW, "there is no other any more"
        lines = b"".join(await here.security.events.read_log()).decode()
    assert "password changed" in lines
    assert NEW not in lines, "A01.FR.12"
    assert PASSWORD not in lines


async def test_a_password_that_is_refused_gives_way_to_the_one_before(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        credentials = here.security.credentials
        await change_password(here)
        await credentials.refused(credentials.login(1), REFUSED, "401")
        before = credentials.login(1)
        assert before.password == PASSWORD
        await credentials.refused(before, REFUSED, "401")
        assert credentials.login(1).password == NEW, "they take turns"
        await credentials.refused(credentials.login(1), REFUSED, "401")
        await credentials.worked(credentials.login(1))
        assert here.settings.text(NAME) == PASSWORD
    assert here.told.kinds.count("FailedToAuthenticateAtCsms") == 1, "a trouble that lasts is told once"
    async with safe(tmp_path) as here:
        assert here.security.credentials.login(1).password == PASSWORD


async def test_the_one_before_outlives_the_power(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        await change_password(here)
        await here.database.write(lambda opened: save_variable(opened, NAME, NEW))
    async with safe(tmp_path) as here:
        credentials = here.security.credentials
        assert credentials.login(1).password == NEW
        await credentials.refused(credentials.login(1), REFUSED, "401")
        assert credentials.login(1).password == PASSWORD


async def test_after_two_changes_in_a_row_the_one_that_worked_is_fallen_back_to(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        await change_password(here)
        await change_password(here, "the-third-password-12")
        credentials = here.security.credentials
        await credentials.refused(credentials.login(1), REFUSED, "401")
        assert credentials.login(1).password == PASSWORD


async def test_a_password_that_cannot_be_kept_is_not_changed(tmp_path: Path) -> None:
    async with safe(tmp_path) as here:
        (tmp_path / "agent.db").rename(tmp_path / "gone.db")
        with pytest.raises(StoreError):
            await here.security.credentials.keep_password()
        (tmp_path / "gone.db").rename(tmp_path / "agent.db")


async def test_security_profile_3_sends_no_password(tmp_path: Path, pki: Pki) -> None:
    """A00.FR.401, A00.FR.402."""
    async with safe(tmp_path, owning(pki)) as here:
        login = here.security.credentials.login(3)
        assert login.password == ""
        assert login.identity == here.vault.client.all()[0]


async def test_without_a_certificate_there_is_no_profile_3(tmp_path: Path, pki: Pki) -> None:
    async with safe(tmp_path) as here:
        with pytest.raises(NoCredentials, match="certificate"):
            here.security.credentials.login(3)


async def test_with_an_expired_certificate_the_backend_decides(tmp_path: Path, pki: Pki) -> None:
    """A00.FR.430: it is shown all the same; nothing else goes over to profile 3 with it."""
    async with safe(tmp_path, owning(pki, Terms(valid_for=timedelta(days=1)))) as here:
        here.pass_time(timedelta(days=2))
        assert here.security.credentials.login(3).identity == here.vault.client.all()[0]
        assert here.security.credentials.missing(3) is not None


async def renewed(here: Safe, pki: Pki, terms: Terms | None = None) -> None:
    waiting = here.security.signer
    assert await waiting.prepare("client")
    kept = here.vault.client.waiting()
    assert kept is not None
    assert await waiting.take(pki.answer(kept.request, terms), "client") is None


async def test_a_new_certificate_is_tried_and_one_that_is_refused_goes(tmp_path: Path, pki: Pki) -> None:
    async with safe(tmp_path, owning(pki, Terms(valid_from=timedelta(days=-9)))) as here:
        await here.security.certificates.install("CSMS", pki.root_pem)
        credentials = here.security.credentials
        old = credentials.login(3)
        await credentials.worked(old)
        assert not credentials.has_newer()
        await renewed(here, pki)
        assert credentials.has_newer()
        new = credentials.login(3)
        assert new.identity != old.identity
        await credentials.refused(new, REFUSED, "unknown CA")
        again = credentials.login(3)
        assert again.identity == old.identity
        await credentials.worked(again)
        assert here.vault.client.all() == (old.identity,)
        assert not credentials.has_newer()


async def test_a_new_certificate_that_works_stays_with_the_old_one_behind_it(
    tmp_path: Path, pki: Pki
) -> None:
    """A02.FR.09, A02.FR.10: the old one is kept to fall back to."""
    async with safe(tmp_path, owning(pki, Terms(valid_from=timedelta(days=-9)))) as here:
        await here.security.certificates.install("CSMS", pki.root_pem)
        credentials = here.security.credentials
        await credentials.worked(credentials.login(3))
        await renewed(here, pki)
        await credentials.worked(credentials.login(3))
        assert len(here.vault.client.all()) == 2
        assert credentials.login(3).identity == here.vault.client.all()[0]


async def test_failures_without_a_reason_are_not_blamed_on_a_certificate_at_once(
    tmp_path: Path, pki: Pki
) -> None:
    async with safe(tmp_path, owning(pki, Terms(valid_from=timedelta(days=-9)))) as here:
        await here.security.certificates.install("CSMS", pki.root_pem)
        await renewed(here, pki)
        credentials = here.security.credentials
        newest, older = here.vault.client.all()
        seen = []
        for _ in range(4):
            login = credentials.login(3)
            seen.append(login.identity)
            await credentials.refused(login, None, "reset")
        assert seen == [newest, newest, newest, older]


async def test_one_that_becomes_valid_later_is_used_then(tmp_path: Path, pki: Pki) -> None:
    """A02.FR.08, A03.FR.08."""
    async with safe(tmp_path, owning(pki)) as here:
        await here.security.certificates.install("CSMS", pki.root_pem)
        credentials = here.security.credentials
        await credentials.worked(credentials.login(3))
        await renewed(here, pki, Terms(valid_from=timedelta(days=2)))
        assert not credentials.has_newer()
        here.pass_time(timedelta(days=3))
        assert credentials.has_newer()
        assert credentials.login(3).identity == here.vault.client.all()[0]


async def test_what_an_upgrade_needs(tmp_path: Path, pki: Pki) -> None:
    """A05.FR.03."""
    async with safe(tmp_path, Given(serial=SERIAL)) as here:
        credentials = here.security.credentials
        assert "password" in (credentials.missing(1) or "")
        await change_password(here)
        assert credentials.missing(1) is None
        assert "CSMS root" in (credentials.missing(2) or "")
        await here.security.certificates.install("CSMS", pki.root_pem)
        assert credentials.missing(2) is None
        assert "charging station certificate" in (credentials.missing(3) or "")
        await renewed(here, pki)
        assert credentials.missing(3) is None


async def test_without_any_root_the_systems_authorities_are_believed_until_one_works(
    tmp_path: Path, pki: Pki
) -> None:
    async with safe(tmp_path) as here:
        credentials = here.security.credentials
        assert credentials.login(1).roots == ""
        assert credentials.login(2).roots is None
        await here.security.certificates.install("CSMS", pki.root_pem)
        login = credentials.login(2)
        assert login.roots == pki.root_pem
        await credentials.refused(login, Trouble.BACKEND_CERTIFICATE, "unknown")
        assert credentials.login(2).roots is None, "a root that does not fit must not lock the station out"
        await credentials.worked(credentials.login(2))
        await credentials.worked(credentials.login(2))
    async with safe(tmp_path) as here:
        credentials = here.security.credentials
        await credentials.refused(credentials.login(2), Trouble.BACKEND_CERTIFICATE, "unknown")
        assert credentials.login(2).roots == pki.root_pem, "it has worked: nothing else is believed any more"


async def test_the_station_files_roots_are_installed_and_listed(tmp_path: Path, pki: Pki) -> None:
    given = Given(serial=SERIAL, password=PASSWORD, roots=pki.root_pem)
    async with safe(tmp_path, given) as here:
        assert here.security.credentials.login(2).roots == pki.root_pem
        [listed] = await here.security.certificates.listed(["CSMS"], with_v2g_chain=True)
        assert listed.kind == "CSMS"


async def test_a_collection_of_authorities_is_believed_as_it_is(tmp_path: Path, pki: Pki) -> None:
    many = "".join(Pki().root_pem for _ in range(11))
    async with safe(tmp_path, Given(serial=SERIAL, roots=many)) as here:
        assert here.security.credentials.login(2).roots == many
        assert here.settings.value(here.settings.entry("SecurityCtrlr.CertificateEntries")) == "0"


VOUCHED = {"SecurityCtrlr__AdditionalRootCertificateCheck": "true"}


async def test_a_replaced_root_is_fallen_back_to_and_goes_once_the_new_one_works(
    tmp_path: Path, pki: Pki
) -> None:
    """M05.FR.13, M05.FR.14."""
    new = pki.root.below(Subject(common_name="New Root", organization="Example"), AUTHORITY)
    async with safe(tmp_path, Given(serial=SERIAL, roots=pki.root_pem), **VOUCHED) as here:
        credentials = here.security.credentials
        await credentials.worked(credentials.login(2))
        assert await here.security.certificates.install("CSMS", write_bundle((new.certificate,))) is None
        first = credentials.login(2)
        assert (first.roots, first.takes_root_below) == (write_bundle((new.certificate,)), True)
        await credentials.refused(first, Trouble.BACKEND_CERTIFICATE, "unknown")
        assert credentials.login(2).roots == pki.root_pem
        await credentials.refused(credentials.login(2), Trouble.BACKEND_CERTIFICATE, "unknown")
        await credentials.worked(credentials.login(2))
        assert here.vault.roots.names("CSMS", fallback=True) == ()


async def test_a_stranger_replaces_no_root(tmp_path: Path, pki: Pki) -> None:
    """M05.FR.09, M05.FR.10, M05.FR.11, M05.FR.12."""
    async with safe(tmp_path, Given(serial=SERIAL, roots=pki.root_pem), **VOUCHED) as here:
        refused = await here.security.certificates.install("CSMS", Pki().root_pem)
        assert refused is not None
        assert refused.what == "refused"
        assert here.security.credentials.login(2).roots == pki.root_pem
        new = pki.root.below(ROOT, AUTHORITY)
        assert await here.security.certificates.install("CSMS", write_bundle((new.certificate,))) is None
        assert len(here.vault.roots.names("CSMS")) == 1
        assert len(here.vault.roots.names("CSMS", fallback=True)) == 1
