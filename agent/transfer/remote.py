"""What every protocol's client gives the download: a file that is read block by block."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from agent.transfer.cancellation import Cancellation
from agent.transfer.host_keys import HostKeys

BLOCK_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """What is here already, and how to know that the rest belongs to it."""

    offset: int
    validator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a client needs besides the address."""

    tls: Callable[[], ssl.SSLContext]
    host_keys: HostKeys
    stall_s: float
    """How long nothing may come."""
    cancellation: Cancellation


class RemoteFile(Protocol):
    """A file being fetched."""

    begins_at: int
    """The offset of the first byte that `read` returns: what was asked for, or 0."""
    size: int | None
    """Of the whole file, if the server says it."""
    validator: str | None
    """What stays the same exactly as long as the file does; None if the server has no such thing."""

    def read(self) -> bytes:
        """Return the next block; b"" at the end.

        Raises:
            TransferError: If there is no more although there should be.
        """


def shut(connection: socket.socket) -> None:
    """Wake whoever waits for this socket, in whichever thread."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
