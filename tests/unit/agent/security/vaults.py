"""A station's security over a state directory, and a hierarchy that certifies what it asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agent.security.service import Given, Security, open_security
from agent.security.vault import Vault
from agent.store.database import Database
from agent.store.facts import load_variables
from agent.store.security_log import SecurityEvent
from certs.csr import Subject
from certs.issuing import AUTHORITY, Authority, Terms, key_text
from certs.pem import write_bundle
from tests.unit.agent.hardware import MemorySettings

SERIAL = "SN-0001"
PASSWORD = "pass-word-of-sixteen"
ROOT = Subject(common_name="Example Root", organization="Example")
SUB_CA = replace(ROOT, common_name="Example Sub-CA")


@dataclass
class Told:
    """What the backend would be told."""

    events: list[SecurityEvent] = field(default_factory=list)

    async def add(self, record: object) -> None:
        assert isinstance(record, SecurityEvent)
        self.events.append(record)

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.events]


@dataclass
class Safe:
    """The security, what is behind it, and the time it goes by."""

    security: Security
    database: Database
    settings: MemorySettings
    told: Told
    vault: Vault
    clock: list[datetime]

    def pass_time(self, step: timedelta) -> None:
        self.clock[0] += step


@dataclass(frozen=True)
class Pki:
    """A root with an authority below it."""

    root: Authority = field(default_factory=lambda: Authority.root(ROOT))
    sub_ca_terms: Terms = AUTHORITY

    @property
    def root_pem(self) -> str:
        return write_bundle((self.root.certificate,))

    def answer(self, request: str, terms: Terms | None = None) -> str:
        """Certify what was asked for, by an authority below the root."""
        return write_bundle(self.root.below(SUB_CA, self.sub_ca_terms).answer(request, terms))

    def identity(self, subject: Subject, terms: Terms | None = None) -> tuple[str, str]:
        """Return a chain and its key."""
        key, chain = self.root.below(SUB_CA, self.sub_ca_terms).issue(subject, terms)
        return write_bundle(chain), key_text(key)


@asynccontextmanager
async def safe(directory: Path, given: Given | None = None, **settings: str) -> AsyncIterator[Safe]:
    """Open the security of a station, as its start does; entered again, it is the same station."""
    database, model, told = Database(directory / "agent.db"), MemorySettings(**settings), Told()
    await database.open()
    model.restore(await database.read(load_variables))
    clock = [datetime.now(UTC)]
    given = given or Given(serial=SERIAL, password=PASSWORD)
    try:
        security = await open_security(directory, database, model, told, lambda: clock[0], given)
        yield Safe(security, database, model, told, Vault(directory / "certificates"), clock)
    finally:
        await database.close()
