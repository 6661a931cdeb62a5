"""Security events (A04): written down first, then told to the backend in their order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol

from agent.store import security_log
from agent.store.database import Database, StoreError
from agent.store.security_log import SecurityEvent

log = logging.getLogger(__name__)

EventType = Literal[
    "AttemptedReplayAttacks",
    "CsmsFailedToAuthenticate",
    "DiscardedRenewedClientCertificate",
    "FailedToAuthenticateAtCsms",
    "FirmwareUpdated",
    "InvalidChargingStationCertificate",
    "InvalidCsmsCertificate",
    "InvalidFirmwareSignature",
    "InvalidFirmwareSigningCertificate",
    "InvalidMessages",
    "InvalidTLSCipherSuite",
    "InvalidTLSVersion",
    "MaintenanceLoginAccepted",
    "MaintenanceLoginFailed",
    "MemoryExhaustion",
    "ReconfigurationOfSecurityParameters",
    "ResetOrReboot",
    "SecurityLogWasCleared",
    "SettingSystemTime",
    "StartupOfTheDevice",
    "TamperDetectionActivated",
]
"""The standard's names. The backend is told of all; the standard wants it told of the critical ones."""

_INFO_LENGTH = 255


class Queue(Protocol):
    """Keeps what the backend must be told, over power cuts and offline times."""

    async def add(self, record: object) -> None:
        """Keep a record until it is told.

        Raises:
            StoreError: If it could not be made durable.
        """


class SecurityEvents:
    """The security log of this station, and the queue of what the backend is told of it."""

    def __init__(self, database: Database, queue: Queue | None, now: Callable[[], datetime]) -> None:
        """Without a queue there is no backend: events are in the log only."""
        self._database = database
        self._queue = queue
        self._now = now

    async def record(self, kind: EventType, info: str = "") -> None:
        """Write an event down and have it told; when this returns it survives a power cut.

        One that cannot be stored is in the journal only: nothing that charges waits for it.
        """
        event = SecurityEvent(at=self._now(), type=kind, info=info[:_INFO_LENGTH])
        log.warning("security event %s%s", kind, f": {info}" if info else "")
        try:
            await self._database.write(lambda opened: security_log.add(opened, event))
            if self._queue is not None:
                await self._queue.add(event)
        except StoreError as error:
            log.error("security event %s not stored: %s", kind, error)

    async def read_log(self, since: datetime | None = None, until: datetime | None = None) -> list[bytes]:
        """Return the security log, a line of text an event, the oldest first.

        Raises:
            StoreError: If it cannot be read.
        """
        return [
            _line(event)
            for event in await self._database.read(security_log.load)
            if (since is None or event.at >= since) and (until is None or event.at <= until)
        ]

    async def clear_log(self) -> None:
        """Forget every entry, and write down that this was done.

        Raises:
            StoreError: If it cannot be cleared.
        """
        await self._database.write(security_log.clear)
        await self.record("SecurityLogWasCleared")


def _line(event: SecurityEvent) -> bytes:
    at = event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    info = " ".join(event.info.split())
    return f"{at} {event.type}{' ' + info if info else ''}\n".encode()
