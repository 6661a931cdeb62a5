"""A local controller's part: fetches a firmware once and offers it to the stations around (L03, L04).

A file that is offered is called by its MD5 checksum, which is how the backend names it, and stays until it is
withdrawn, power cuts or not. What was being fetched when the power failed is fetched again.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from agent.firmware.file_server import FileServer
from agent.firmware.ports import Tell
from agent.store import facts
from agent.store.database import Database, StoreError
from agent.transfer.download import Bounds
from agent.transfer.errors import TransferError
from agent.transfer.location import parse_location
from agent.transfer.partial import discard
from agent.transfer.transfers import Transfers

log = logging.getLogger(__name__)

PublishStatus = Literal[
    "Downloading",
    "Downloaded",
    "DownloadFailed",
    "ChecksumVerified",
    "InvalidChecksum",
    "Published",
    "PublishFailed",
]
Withdrawal = Literal["DownloadOngoing", "NoFirmware", "Unpublished"]

_FACT = "publishing"
_CHECKSUM = re.compile(r"[0-9a-f]{32}")
_BLOCK_BYTES = 262_144
_STORE_RETRY_S = 5.0
_SHORTEST_PAUSE_S = 0.1


class PublishRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the backend wants offered."""

    request_id: int
    location: str
    checksum: str
    retries: int = 0
    retry_interval_s: int = 0


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """A state that a request came to, for the backend; `locations` are where a published file is.

    `why` says in words what went wrong. Stored as JSON: add members with a default only.
    """

    status: PublishStatus
    request_id: int
    locations: tuple[str, ...] = ()
    why: str = ""


class Publisher(Protocol):
    """The files that this station offers, as those who ask for them see it."""

    @property
    def is_controller(self) -> bool:
        """Whether it offers any at all."""

    async def request(self, request: PublishRequest) -> str:
        """Accept a file to offer and return "", or why not.

        Raises:
            StoreError: If it could not be made durable.
        """

    async def withdraw(self, checksum: str) -> Withdrawal:
        """Offer a file no more."""

    def last_status(self) -> Publishing | None:
        """Return what was told last; None once it is published, or if there was nothing."""


class NoPublisher:
    """A station that is no local controller."""

    is_controller = False

    async def request(self, request: PublishRequest) -> str:
        """Refuse."""
        return "this station is no local controller"

    async def withdraw(self, checksum: str) -> Withdrawal:
        """There is nothing."""
        return "NoFirmware"

    def last_status(self) -> Publishing | None:
        """There is nothing to tell."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where files are kept, and how the stations around reach them."""

    directory: Path
    url: str
    bounds: Bounds


class LocalPublisher:
    """Fetches, checks, offers and withdraws; one request at a time."""

    is_controller = True

    def __init__(
        self, place: Place, server: FileServer, transfers: Transfers, tell: Tell, database: Database
    ) -> None:
        self._place = place
        self._server = server
        self._transfers = transfers
        self._tell = tell
        self._database = database
        self._ongoing: PublishRequest | None = None
        self._last: Publishing | None = None
        self._requested = asyncio.Event()

    async def request(self, request: PublishRequest) -> str:
        """Accept unless another file is being fetched (L03.FR.05)."""
        if not _CHECKSUM.fullmatch(request.checksum.lower()):
            return "an MD5 checksum has 32 hexadecimal digits"
        if self._ongoing is not None:
            return f"request {self._ongoing.request_id} is not over yet"
        request = msgspec.structs.replace(request, checksum=request.checksum.lower())
        await self._database.write(lambda opened: facts.save(opened, _FACT, _encoded(request)))
        self._ongoing = request
        self._requested.set()
        return ""

    async def withdraw(self, checksum: str) -> Withdrawal:
        """Offer a file no more, unless somebody is fetching it, or we are (L04)."""
        checksum = checksum.lower()
        is_ours = self._ongoing is not None and self._ongoing.checksum == checksum
        if is_ours or self._server.is_serving(checksum):
            return "DownloadOngoing"
        if not _CHECKSUM.fullmatch(checksum) or not self._path(checksum).exists():
            return "NoFirmware"
        self._path(checksum).unlink()
        return "Unpublished"

    @property
    def is_busy(self) -> bool:
        """Whether a request is being carried out."""
        return self._ongoing is not None

    def last_status(self) -> Publishing | None:
        """Return what was told last (L03.FR.11); None once it is published (L03.FR.10)."""
        return None if self._last is None or self._last.status == "Published" else self._last

    async def run(self) -> None:
        """Listen, and carry out what is asked for, until cancelled."""
        await self._restore()
        async with self._server.listening():
            while True:
                await self._requested.wait()
                self._requested.clear()
                if self._ongoing is not None:
                    await self._carry_out(self._ongoing)

    async def _restore(self) -> None:
        stored = await self._database.read(lambda opened: facts.load(opened, _FACT))
        with suppress(msgspec.DecodeError):
            self._ongoing = None if stored is None else msgspec.json.decode(stored, type=PublishRequest)
        if self._ongoing is not None:
            self._requested.set()

    async def _carry_out(self, request: PublishRequest) -> None:
        """Carry a request out and tell how it ended; who hears that may make the next one at once."""
        try:
            end = await self._publish(request)
            self._ongoing = None
            await self._report(end)
            await self._database.write(lambda opened: _forget(opened, request))
        except StoreError as error:
            log.error("publishing: %s; it begins again after a restart", error)
            await asyncio.sleep(_STORE_RETRY_S)
        except Exception:  # the boundary between one request and the charging sessions
            log.exception("publishing %s failed", request.checksum)
        if self._ongoing is request:
            self._ongoing = None

    async def _publish(self, request: PublishRequest) -> Publishing:
        """Return how it ended; that is still to be told."""
        number, target = request.request_id, self._place.directory / f"{request.checksum}.incoming"
        failure = await self._fetch(request, target)
        if failure is not None:
            await asyncio.to_thread(discard, target)
            return Publishing(status="DownloadFailed", request_id=number, why=failure)
        found = await asyncio.to_thread(_checksum, target)
        if found != request.checksum:
            await asyncio.to_thread(discard, target)
            why = f"the file's MD5 checksum is {found}"
            return Publishing(status="InvalidChecksum", request_id=number, why=why)
        await self._report(Publishing(status="ChecksumVerified", request_id=number))
        try:
            if not self._server.is_listening:
                raise OSError("nobody could fetch it: the address cannot be listened on")
            target.replace(self._path(request.checksum))
        except OSError as error:
            log.error("firmware not published: %s", error)
            await asyncio.to_thread(discard, target)
            return Publishing(status="PublishFailed", request_id=number, why=str(error))
        address = f"{self._place.url.rstrip('/')}/{request.checksum}"
        return Publishing(status="Published", request_id=number, locations=(address,))

    async def _fetch(self, request: PublishRequest, target: Path) -> str | None:
        """Return why the file could not be fetched, None if it was."""
        await self._report(Publishing(status="Downloading", request_id=request.request_id))
        why = ""
        for attempt in range(request.retries + 1):
            if attempt:
                await asyncio.sleep(max(_SHORTEST_PAUSE_S, request.retry_interval_s))
            try:
                await self._transfers.download(parse_location(request.location), target, self._place.bounds)
            except TransferError as error:
                log.error("firmware to publish not fetched, attempt %d: %s", attempt + 1, error)
                why = str(error)
                if not error.may_pass:
                    break
            else:
                await self._report(Publishing(status="Downloaded", request_id=request.request_id))
                return None
        return why

    async def _report(self, record: Publishing) -> None:
        self._last = record
        await self._tell(record)

    def _path(self, checksum: str) -> Path:
        return self._place.directory / checksum


def _encoded(request: PublishRequest) -> str:
    return msgspec.json.encode(request).decode()


def _forget(opened: sqlite3.Connection, request: PublishRequest) -> None:
    """Begin no more with this request after a restart; another may have taken its place already."""
    if facts.load(opened, _FACT) == _encoded(request):
        facts.forget(opened, _FACT)


def _checksum(file: Path) -> str:
    """Return the MD5 over the whole file (L03.FR.02)."""
    digest = md5(usedforsecurity=False)
    with file.open("rb") as source:
        while block := source.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
