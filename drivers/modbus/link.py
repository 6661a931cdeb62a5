"""What carries bytes: a serial port or a connection, opened on demand and heard by callback."""

from __future__ import annotations

from typing import Protocol


class LinkError(Exception):
    """The link cannot be opened or was lost; the message says why and what to do."""


class Ear(Protocol):
    """Who listens on a link."""

    def heard(self, data: bytes) -> None:
        """Take bytes that came."""

    def lost(self, why: str) -> None:
        """Learn that the link broke without having been closed by us."""


class Link(Protocol):
    """A serial port or a connection; used by one task only."""

    @property
    def name(self) -> str:
        """The port or address, for people."""

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent now."""

    async def open(self, ear: Ear, timeout_s: float) -> None:
        """Open the link and let `ear` hear.

        Raises:
            LinkError: If that fails.
        """

    def send(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            LinkError: If the link does not take them; it is dropped then.
        """

    def drop(self) -> None:
        """Give the port or the connection up; `open` makes another."""

    def close(self) -> None:
        """Give up everything, also what waits for connections."""
