"""M06: what vehicles are told of the station's certificates is asked for ahead."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.ocsp import load_der_ocsp_response

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.contract import StatusQuestion
from agent.security.signing import Purpose
from agent.store import certificate_statuses
from certs.issuing import AUTHORITY, Authority, Terms
from certs.key_kinds import KeyKind, new_key_of
from certs.pem import write_bundle
from tests.stack.ocsp import DAY, answer, as_text
from tests.unit.agent.security.vaults import ROOT, SUB_CA, Safe, safe

URL = "http://ocsp.example/"
SECC = Terms(usage=("digital_signature", "key_agreement"), ocsp_url=URL)


@dataclass
class Responders:
    """A V2G root with an authority below it, and what both answer by way of the backend."""

    keys: KeyKind = "P-256"
    purpose: Purpose = "secc"
    lasts: timedelta | None = 60 * DAY
    trouble: str = ""
    asked: list[str] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.root = Authority.root(ROOT, key=new_key_of(self.keys))
        self.sub_ca = self.root.below(SUB_CA, replace(AUTHORITY, ocsp_url=URL), new_key_of(self.keys))
        self.issued: dict[str, tuple[x509.Certificate, Authority]] = {}
        self.note(self.sub_ca.certificate, self.root)

    def note(self, certificate: x509.Certificate, issuer: Authority) -> str:
        number = f"{certificate.serial_number:x}"
        self.issued[number] = certificate, issuer
        return number

    async def status(self, question: StatusQuestion) -> str | None:
        self.asked.append(question.named.serial_number)
        self.answered.set()
        certificate, issuer = self.issued[question.named.serial_number]
        match self.trouble:
            case "silent":
                raise BackendUnreachable("no connection")
            case "none":
                return None
            case "wrong":
                return as_text(answer(self.root.certificate, self.root))
            case "garbage":
                return "no base64"
            case _:
                is_revoked = self.trouble == "revoked"
                return as_text(answer(certificate, issuer, lasts=self.lasts, is_revoked=is_revoked))

    async def certify(self, here: Safe, age: timedelta = timedelta(hours=1)) -> list[str]:
        """Have the station take a new certificate; return the numbers of it and of its authority."""
        signer = here.security.signer
        assert await signer.prepare(self.purpose)
        waiting = signer.waiting(self.purpose)
        assert waiting is not None
        chain = self.sub_ca.answer(waiting, replace(SECC, valid_from=-age))
        assert await signer.take(write_bundle(chain), self.purpose) is None
        return [self.note(chain[0], self.sub_ca), f"{self.sub_ca.certificate.serial_number:x}"]

    def heard(self) -> list[str]:
        asked, self.asked = self.asked, []
        return asked


def station(path: Path) -> Any:
    return safe(path, SecurityCtrlr__OrganizationName="Operator")


async def trusting(here: Safe, responders: Responders) -> None:
    assert (
        await here.security.certificates.install("V2G", write_bundle((responders.root.certificate,))) is None
    )


async def test_the_word_on_every_certificate_below_the_root_is_kept(tmp_path: Path) -> None:
    """M06.FR.06: once, over restarts, and there is nothing to ask before there is a certificate."""
    responders = Responders()
    async with station(tmp_path) as here:
        await trusting(here, responders)
        await here.security.statuses.refresh(responders)
        assert (responders.heard(), await here.security.statuses.answers()) == ([], ())
        chain = await responders.certify(here)
        await here.security.statuses.refresh(responders)
        assert responders.heard() == chain
        await here.security.statuses.refresh(responders)
    async with station(tmp_path) as here:
        await here.security.statuses.refresh(responders)
        assert responders.heard() == []
        leaf, sub_ca = await here.security.statuses.answers()
    assert leaf is not None
    assert sub_ca is not None
    assert leaf != sub_ca


async def test_both_chains_for_vehicles_are_asked_about(tmp_path: Path) -> None:
    """M06.FR.06: that of ISO 15118-2, and that of -20; either is found by its leaf."""
    of_2, of_20 = Responders(), Responders(keys="P-521", purpose="secc20")
    async with station(tmp_path) as here:
        for responders in (of_2, of_20):
            await trusting(here, responders)
        numbers = [await one.certify(here) for one in (of_2, of_20)]
        of_2.issued |= of_20.issued
        await here.security.statuses.refresh(of_2)
        assert of_2.heard() == numbers[0] + numbers[1]
        for (leaf, _), responders in (
            (of_2.issued[numbers[0][0]], of_2),
            (of_20.issued[numbers[1][0]], of_20),
        ):
            word = await here.security.statuses.answer_about(leaf)
            assert word is not None
            assert load_der_ocsp_response(word).serial_number == leaf.serial_number
            assert await here.security.statuses.answer_about(responders.root.certificate) is None
        assert None not in await here.security.statuses.answers()


async def test_a_new_certificate_has_all_of_them_asked_for_anew(tmp_path: Path) -> None:
    """M06.FR.07: at once, the authorities above it, too."""
    responders = Responders()
    async with station(tmp_path) as here:
        await trusting(here, responders)
        await responders.certify(here)
        running = asyncio.create_task(here.security.statuses.run(responders))
        async with asyncio.timeout(5):
            while len(responders.asked) < 2:
                await asyncio.sleep(0.01)
        responders.heard()
        chain = await responders.certify(here, age=timedelta(minutes=5))
        async with asyncio.timeout(5):
            while len(responders.asked) < 2:
                await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert responders.heard() == chain


async def test_it_is_asked_for_every_week_and_before_it_is_outdated(tmp_path: Path) -> None:
    """M06.FR.10."""
    responders = Responders()
    async with station(tmp_path) as here:
        await trusting(here, responders)
        chain = await responders.certify(here)
        await here.security.statuses.refresh(responders)
        for _ in range(2):
            responders.heard()
            here.pass_time(5 * DAY)
            await here.security.statuses.refresh(responders)
            assert responders.heard() == []
            here.pass_time(1 * DAY)
            await here.security.statuses.refresh(responders)
            assert responders.heard() == chain


async def test_an_answer_counts_until_the_next_one_and_is_asked_for_before(tmp_path: Path) -> None:
    responders = Responders(lasts=timedelta(hours=10))
    async with station(tmp_path) as here:
        await trusting(here, responders)
        chain = await responders.certify(here)
        await here.security.statuses.refresh(responders)
        responders.heard()
        here.pass_time(timedelta(hours=8, minutes=50))
        await here.security.statuses.refresh(responders)
        assert responders.heard() == []
        here.pass_time(timedelta(minutes=30))
        responders.trouble = "silent"
        await here.security.statuses.refresh(responders)
        assert responders.heard() == chain
        assert None not in await here.security.statuses.answers(), "the one before still counts"
        here.pass_time(timedelta(hours=1))
        assert await here.security.statuses.answers() == (None, None)


@pytest.mark.parametrize("trouble", ["silent", "none", "wrong", "garbage"])
async def test_what_is_no_answer_is_not_kept_and_not_asked_for_all_the_time(
    tmp_path: Path, trouble: str
) -> None:
    responders = Responders(trouble=trouble)
    async with station(tmp_path) as here:
        await trusting(here, responders)
        chain = await responders.certify(here)
        for _ in range(2):
            await here.security.statuses.refresh(responders)
        assert responders.heard() == chain
        assert await here.security.statuses.answers() == (None, None)


async def test_what_was_stored_is_believed_anew_after_a_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """M06: an answer that the certificate's authority did not sign is shown to nobody, wherever it lay."""
    caplog.set_level("INFO")
    responders, impostor = Responders(), Responders()
    async with station(tmp_path) as here:
        await trusting(here, responders)
        chain = await responders.certify(here)
        await here.security.statuses.refresh(responders)
        leaf, _ = responders.issued[chain[0]]
        forged = answer(leaf, impostor.sub_ca)

        def forge(opened: sqlite3.Connection) -> None:
            for name, kept in certificate_statuses.load(opened).items():
                if name.endswith(chain[0]):
                    certificate_statuses.save(opened, name, replace(kept, answer=forged))

        await here.database.write(forge)
    responders.heard()
    async with station(tmp_path) as here:
        first, second = await here.security.statuses.answers()
        assert (first, second is None) == (None, False)
        await here.security.statuses.refresh(responders)
        assert responders.heard() == chain[:1]
        assert None not in await here.security.statuses.answers()
    assert f"status of certificate {chain[0]}: " in caplog.text


async def test_what_may_change_at_once_is_shown_to_nobody_and_not_asked_for_all_the_time(
    tmp_path: Path,
) -> None:
    responders = Responders(lasts=None)
    async with station(tmp_path) as here:
        await trusting(here, responders)
        chain = await responders.certify(here)
        for _ in range(2):
            await here.security.statuses.refresh(responders)
        assert responders.heard() == chain
        assert await here.security.statuses.answers() == (None, None)


async def test_a_vehicle_learns_that_a_certificate_is_revoked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    responders = Responders(trouble="revoked")
    async with station(tmp_path) as here:
        await trusting(here, responders)
        leaf, _ = await responders.certify(here)
        await here.security.statuses.refresh(responders)
        assert None not in await here.security.statuses.answers()
    assert f"certificate {leaf}, shown to vehicles, is revoked" in caplog.text


async def test_without_the_root_nothing_is_asked(tmp_path: Path) -> None:
    responders = Responders()
    async with station(tmp_path) as here:
        await trusting(here, responders)
        await responders.certify(here)
        for name in here.vault.roots.names("V2G"):
            here.vault.roots.delete(name)
        await here.security.statuses.refresh(responders)
        assert responders.heard() == []
        await trusting(here, responders)
        await here.security.statuses.refresh(responders)
        assert len(responders.heard()) == 2


async def test_a_new_certificate_whose_root_has_gone_is_fallen_back_from(tmp_path: Path) -> None:
    old, new = Responders(), Responders()
    async with station(tmp_path) as here:
        await trusting(here, old)
        known = set(here.vault.roots.names("V2G"))
        await trusting(here, new)
        before = await old.certify(here, age=timedelta(hours=2))
        await new.certify(here)
        for name in set(here.vault.roots.names("V2G")) - known:
            here.vault.roots.delete(name)
        await here.security.statuses.refresh(old)
        assert old.heard() == before
        await here.security.statuses.refresh(old)
        assert old.heard() == [], "nor is anything asked for again meanwhile"
        await trusting(here, new)
        await here.security.statuses.refresh(new)
        assert len(new.heard()) == 2
