"""The file transfers of this station, in threads, over whichever protocol the address says."""

from __future__ import annotations

import asyncio
import importlib
import logging
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

from agent.transfer.cancellation import Cancellation
from agent.transfer.download import Bounds, Open, download
from agent.transfer.errors import Interrupted
from agent.transfer.host_keys import HostKeys
from agent.transfer.location import Location
from agent.transfer.remote import Means
from agent.transfer.threads import in_thread

log = logging.getLogger(__name__)

PROTOCOLS = ("HTTP", "HTTPS", "FTP", "FTPS", "SFTP")
"""What `OCPPCommCtrlr.FileTransferProtocols` says."""

_MODULES = {"http": "http", "https": "http", "ftp": "ftp", "ftps": "ftp", "sftp": "sftp"}
_PROGRESS_STEP = 10
"""Per cent between two lines in the log."""


class Transfers:
    """Fetches and sends files. A client is loaded when it is first needed: SFTP's alone takes 9 MB."""

    def __init__(
        self,
        tls: Callable[[], ssl.SSLContext],
        host_keys: HostKeys,
        *,
        stall_s: float = 30.0,
        longest_s: float = 43_200.0,
    ) -> None:
        self._tls = tls
        self._host_keys = host_keys
        self._stall_s = stall_s
        self._longest_s = longest_s

    async def download(self, location: Location, target: Path, bounds: Bounds) -> None:
        """Fetch a file to `target`, resuming what an earlier attempt has left.

        Raises:
            TransferError: If it did not come.
        """
        progress = _Progress(location)

        def work(cancellation: Cancellation) -> None:
            download(location, target, bounds, opener(location), self._means(cancellation), progress)

        await self._within(location, in_thread("download", work))

    async def upload(self, location: Location, file: Path, name: str) -> None:
        """Send a file; `name` is what it is to be called there if the address is a folder.

        Raises:
            TransferError: If it was not taken.
        """

        def work(cancellation: Cancellation) -> None:
            _send(location)(location, file, name, self._means(cancellation))

        await self._within(location, in_thread("upload", work))

    async def _within(self, location: Location, work: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(self._longest_s):
                await work
        except TimeoutError as error:
            raise Interrupted(f"{location} took longer than {self._longest_s:.0f} s") from error

    def _means(self, cancellation: Cancellation) -> Means:
        return Means(
            tls=self._tls, host_keys=self._host_keys, stall_s=self._stall_s, cancellation=cancellation
        )


class _Progress:
    """Writes a line now and then."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._next_percent = _PROGRESS_STEP

    def __call__(self, here: int, size: int | None) -> None:
        if size and here * 100 // size >= self._next_percent:
            percent = here * 100 // size
            log.info("%s: %d %% of %d bytes", self._location, percent, size)
            self._next_percent = percent - percent % _PROGRESS_STEP + _PROGRESS_STEP


def opener(location: Location) -> Open:
    """Return what opens a file there."""
    return cast("Open", getattr(_client(location), f"open_{_MODULES[location.scheme]}"))


def _send(location: Location) -> Callable[[Location, Path, str, Means], None]:
    return cast(
        "Callable[[Location, Path, str, Means], None]",
        getattr(_client(location), f"send_{_MODULES[location.scheme]}"),
    )


def _client(location: Location) -> object:
    return importlib.import_module(f"agent.transfer.{_MODULES[location.scheme]}")
