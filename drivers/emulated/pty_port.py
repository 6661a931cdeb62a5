"""A pseudo terminal as a serial port of ours, at a path that may stay the same from run to run."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

READ_BYTES = 4096
PSEUDO_TERMINALS = "/dev/pts/"


class PtyPort:
    """The device's end of a serial port; `receive` gets what the master writes, as it is delivered."""

    def __init__(self, receive: Callable[[bytes], None], *, link: Path | None = None) -> None:
        self._receive = receive
        self._link = link
        self._line_fd = -1
        self._port_fd = -1
        self.port = ""
        """The pseudo terminal itself."""

    @property
    def path(self) -> str:
        """What a master opens: the link if there is one, else the pseudo terminal."""
        return self.port if self._link is None else str(self._link)

    @property
    def is_open(self) -> bool:
        """Whether there is a pseudo terminal."""
        return self._line_fd >= 0

    def open(self) -> None:
        """Make the pseudo terminal and listen, in the running event loop.

        Raises:
            LinkOccupied: If the link's path is something that is not ours to replace.
            OSError: If there is no pseudo terminal, or the link cannot be made.
        """
        self._line_fd, self._port_fd = os.openpty()
        try:
            tty.setraw(self._port_fd)
            os.set_blocking(self._line_fd, False)
            self.port = os.ttyname(self._port_fd)
            if self._link is not None:
                make_link(self._link, self.port)
        except BaseException:
            self._close_files()
            raise
        asyncio.get_running_loop().add_reader(self._line_fd, self._on_characters)

    def close(self) -> None:
        """Stop listening and leave no file behind."""
        if not self.is_open:
            return
        asyncio.get_running_loop().remove_reader(self._line_fd)
        if self._link is not None:
            remove_link(self._link, self.port)
        self._close_files()

    def write(self, data: bytes) -> None:
        """Hand characters to the master; if nobody reads they are lost, as on a wire."""
        if self.is_open:
            with suppress(BlockingIOError):
                os.write(self._line_fd, data)

    def _close_files(self) -> None:
        os.close(self._line_fd)
        os.close(self._port_fd)
        self._line_fd = self._port_fd = -1

    def _on_characters(self) -> None:
        with suppress(BlockingIOError):
            self._receive(os.read(self._line_fd, READ_BYTES))


class LinkOccupied(Exception):
    """The path wanted for a link to the pseudo terminal holds something else."""


def make_link(link: Path, port: str) -> None:
    """Point `link` at `port` in one step, replacing a link that an earlier run left behind.

    Raises:
        LinkOccupied: If there is something else.
        OSError: If the directory is missing or not writable.
    """
    ours = link.is_symlink() and str(link.readlink()).startswith(PSEUDO_TERMINALS)
    if not ours and os.path.lexists(link):
        raise LinkOccupied(f"{link} exists and is no link to a pseudo terminal: remove it or choose another")
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        fresh.symlink_to(port)
    except OSError as error:  # it names a path that nobody has asked for
        raise OSError(error.errno, error.strerror, str(link)) from error
    fresh.replace(link)


def remove_link(link: Path, port: str) -> None:
    """Remove the link unless somebody else has pointed it elsewhere since."""
    if link.is_symlink() and str(link.readlink()) == port:
        link.unlink()
