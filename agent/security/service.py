"""The station's security, put together."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.security.certificates import Certificates
from agent.security.credentials import Credentials, Own
from agent.security.events import Queue, SecurityEvents
from agent.security.signing import Names, Signer
from agent.security.statuses import CertificateStatuses
from agent.security.vault import Vault
from agent.store.database import Database, StoreError
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel
from certs.keystore import KeyStoreError
from certs.root_files import RootFiles

log = logging.getLogger(__name__)

_DIRECTORY = "certificates"
_TICK_S = 60.0
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the station file says. Texts are PEM; "" and None for nothing. `serial` names the station."""

    serial: str
    password: str = ""
    roots: str | None = None
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What happened, who the station is, whom it trusts, and how it gets new certificates."""

    events: SecurityEvents
    credentials: Credentials
    certificates: Certificates
    signer: Signer
    statuses: CertificateStatuses
    roots: RootFiles
    vault: Vault


async def open_security(
    state: Path,
    database: Database,
    settings: DeviceModel,
    queue: Queue | None,
    now: Callable[[], datetime],
    given: Given,
) -> Security:
    """Open the vault in the state directory; without a queue there is no backend to tell.

    Raises:
        StoreError: If the state directory cannot be used.
        NotAdopted: If the station file's certificates cannot be used.
    """
    vault = Vault(state / _DIRECTORY)
    events = SecurityEvents(database, queue, now)
    try:
        await asyncio.to_thread(vault.open)
        await asyncio.to_thread(_adopt, vault, given, now())
    except KeyStoreError as error:
        raise StoreError(str(error)) from error
    own = Own(password=given.password, roots=given.roots)
    credentials = Credentials(vault, database, settings, events, now, own)
    await credentials.restore()
    settings.provide(
        "SecurityCtrlr.CertificateEntries", lambda: str(vault.count()), maximum=vault.most_entries
    )
    statuses = CertificateStatuses(vault, database, now)
    return Security(
        events=events,
        credentials=credentials,
        certificates=Certificates(vault, settings, events, now, lambda: credentials.roots_in_use),
        signer=Signer(vault, settings, events, now, Names(serial=given.serial), statuses.look_again),
        statuses=statuses,
        roots=vault.roots,
        vault=vault,
    )


async def note_clock_steps(clock: StationClock, settings: DeviceModel, events: SecurityEvents) -> None:
    """Write down every correction of the clock beyond TimeAdjustmentReportingThreshold, until cancelled."""
    while True:
        await clock.stepped.wait()
        clock.stepped.clear()
        threshold_s = settings.integer("ClockCtrlr.TimeAdjustmentReportingThreshold")
        if abs(clock.last_step.total_seconds()) > threshold_s:
            await events.record("SettingSystemTime", f"by {clock.last_step.total_seconds():.1f} s")


async def note_exhaustion(
    dropped: Callable[[], int], events: SecurityEvents, tick_s: float = _TICK_S
) -> None:
    """Write down that messages had to be dropped for want of flash, at most once a day, until cancelled."""
    known, told_s = dropped(), float("-inf")
    while True:
        await asyncio.sleep(tick_s)
        now = dropped()
        if now > known and time.monotonic() - told_s >= _DAY_S:
            told_s = time.monotonic()
            await events.record("MemoryExhaustion", f"{now - known} messages dropped from the outbox")
        known = now


def _adopt(vault: Vault, given: Given, at: datetime) -> None:
    """Take the station file's certificates over, once: what the backend installs later counts."""
    takes_roots = given.roots is not None and not vault.roots.names("CSMS")
    takes_identity = bool(given.certificate) and not vault.client.all()
    if not takes_roots and not takes_identity:
        return
    from agent.security.adopting import (  # noqa: PLC0415 - memory that only this start needs
        adopt_identity,
        adopt_roots,
    )

    if takes_roots and given.roots is not None:
        adopted = adopt_roots(vault, given.roots, at)
        log.info("the station file's CA certificates are %s", "installed" if adopted else "used as they are")
    if takes_identity:
        adopt_identity(vault, given.certificate, given.key)
        log.info("the station file's certificate and key are installed")
