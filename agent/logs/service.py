"""Sends logs where the backend wants them, one at a time, and tells how it went (N01)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from agent.logs.collecting import LogKind, collect, file_name, has_lines
from agent.logs.masking import mask
from agent.logs.sources import LogSource
from agent.store import facts
from agent.store.database import Database, StoreError
from agent.transfer.errors import AccessDenied, BadLocation, NotSupported, Refused, TransferError
from agent.transfer.location import parse_location
from agent.transfer.transfers import Transfers

log = logging.getLogger(__name__)

UploadStatus = Literal[
    "Uploading",
    "Uploaded",
    "UploadFailure",
    "BadMessage",
    "NotSupportedOperation",
    "PermissionDenied",
    "AcceptedCanceled",
]

_FACT = "log-upload"
_SHORTEST_PAUSE_S = 0.1


class LogRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which log the backend wants, and where."""

    request_id: int
    kind: LogKind
    location: str
    oldest: datetime | None = None
    latest: datetime | None = None
    retries: int = 0
    retry_interval_s: int = 0


class LogStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an upload, for the backend."""

    status: UploadStatus
    request_id: int
    why: str = ""
    """What kept it from being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAnswer:
    """What is answered to a request; without a `file_name` it is refused."""

    file_name: str | None
    has_cancelled: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogMeans:
    """What the service works with."""

    station_id: str
    directory: Path
    sources: Mapping[LogKind, LogSource]
    secrets: Callable[[], Iterable[str]]
    tell: Callable[[object], Awaitable[None]]
    now: Callable[[], datetime]


class LogService:
    """The station's uploads of logs."""

    def __init__(self, means: LogMeans, transfers: Transfers, database: Database) -> None:
        self._means = means
        self._transfers = transfers
        self._database = database
        self._ongoing: LogRequest | None = None
        self._task: asyncio.Task[None] | None = None
        self._deciding = asyncio.Lock()
        self._is_restored = False

    async def _restore(self) -> None:
        """Tell, once, that an upload which a power cut ended has failed; the log is not what it was."""
        if self._is_restored:
            return
        stored = await self._database.read(lambda opened: facts.load(opened, _FACT))
        if stored is not None:
            await self._means.tell(LogStatus(status="UploadFailure", request_id=int(stored)))
            await self._remember(None)
        self._is_restored = True

    async def request(self, request: LogRequest) -> LogAnswer:
        """Begin to send a log, in place of one being sent (N01.FR.12); refuse without any (N01.FR.05).

        Raises:
            StoreError: If it could not be made durable.
        """
        async with self._deciding:
            await self._restore()
            source = self._means.sources.get(request.kind)
            if source is None:
                return LogAnswer(file_name=None, why=f"this station keeps no {request.kind}")
            if not await _has_anything(source, request):
                return LogAnswer(file_name=None, why="there is nothing in this log for this time")
            has_cancelled = await self._cancel()
            name = file_name(self._means.station_id, request.kind, self._means.now())
            await self._remember(request.request_id)
            self._ongoing = request
            self._task = asyncio.create_task(self._send(request, source, name), name="log upload")
            return LogAnswer(file_name=name, has_cancelled=has_cancelled)

    def last_status(self) -> LogStatus | None:
        """Return what goes on; None if nothing does (N01.FR.13)."""
        if self._ongoing is None:
            return None
        return LogStatus(status="Uploading", request_id=self._ongoing.request_id)

    async def run(self) -> None:
        """Tell of what a power cut ended; end what goes on when cancelled."""
        try:
            async with self._deciding:
                await self._restore()
        except StoreError as error:
            log.error("an upload that a power cut ended is not told of yet: %s", error)
        try:
            await asyncio.Event().wait()
        finally:
            if self._task is not None:
                self._task.cancel()
                await asyncio.gather(self._task, return_exceptions=True)

    async def _cancel(self) -> bool:
        """End the upload that goes on, and tell so (N01.FR.20); return whether there was one."""
        cancelled = self._ongoing
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if cancelled is None:
            return False
        await self._means.tell(LogStatus(status="AcceptedCanceled", request_id=cancelled.request_id))
        return True

    async def _send(self, request: LogRequest, source: LogSource, name: str) -> None:
        """Collect, send and tell. A failure of ours is an upload that failed."""
        file = self._means.directory / name
        try:
            await self._tell(request, "Uploading")
            status: UploadStatus
            why = ""
            try:
                masked = mask(self._means.secrets())
                lines = await collect(source, (request.oldest, request.latest), masked, file)
                log.info("%s: %d lines", name, lines)
                status, why = await self._upload(request, file, name)
            except OSError as error:
                log.error("%s cannot be collected: %s", name, error)
                status, why = "UploadFailure", "it cannot be collected"
            self._ongoing = None
            await self._tell(request, status, why)
            await self._remember(None)
        except StoreError as error:
            log.error("log upload %d: %s", request.request_id, error)
        except Exception:  # the boundary between an upload and the charging sessions
            log.exception("log upload %d failed", request.request_id)
        finally:
            self._ongoing = None
            with suppress(OSError):
                file.unlink(missing_ok=True)

    async def _upload(self, request: LogRequest, file: Path, name: str) -> tuple[UploadStatus, str]:
        """Send the file, and return what became of it and why."""
        status: UploadStatus = "UploadFailure"
        why = ""
        for attempt in range(request.retries + 1):
            if attempt:
                await asyncio.sleep(max(_SHORTEST_PAUSE_S, request.retry_interval_s))
            try:
                await self._transfers.upload(parse_location(request.location), file, name)
            except TransferError as error:
                log.error("%s not sent, attempt %d: %s", name, attempt + 1, error)
                status, why = _status(error), str(error)
                if not error.may_pass:
                    break
            else:
                return "Uploaded", ""
        return status, why

    async def _tell(self, request: LogRequest, status: UploadStatus, why: str = "") -> None:
        await self._means.tell(LogStatus(status=status, request_id=request.request_id, why=why))

    async def _remember(self, request_id: int | None) -> None:
        if request_id is None:
            await self._database.write(lambda opened: facts.forget(opened, _FACT))
        else:
            await self._database.write(lambda opened: facts.save(opened, _FACT, str(request_id)))


async def _has_anything(source: LogSource, request: LogRequest) -> bool:
    try:
        return await has_lines(source, (request.oldest, request.latest))
    except OSError as error:
        log.error("%s cannot be read: %s", request.kind, error)
        return False


def _status(error: TransferError) -> UploadStatus:
    """Return the status that says best why an upload failed (N01.FR.10)."""
    match error:
        case BadLocation():
            return "BadMessage"
        case Refused(is_our_fault=True):
            return "BadMessage"
        case NotSupported():
            return "NotSupportedOperation"
        case AccessDenied():
            return "PermissionDenied"
        case _:
            return "UploadFailure"
