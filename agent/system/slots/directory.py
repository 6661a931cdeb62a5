"""Slots that are two folders, for systems without a bootloader that knows slots.

    ROOT/a, ROOT/b      the slots; each holds one unpacked firmware
    ROOT/current        a link to the one that the next start takes
    ROOT/trial          exists while `current` is on trial: its first line is the slot to go back to, and
                        `chargehand-slot-guard`, which runs before each start, adds a line per start

A firmware is a tar archive, compressed or not, whose folder `chargehand` holds what is unpacked and whose
`chargehand/VERSION` is the version. The link is replaced in one step: a power cut leaves one or the other.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.system.slots.port import ImageRefused, SlotError

NAMES = ("a", "b")
VERSION = "VERSION"
_TOP = "chargehand"
_MOST_FILES = 50_000


class DirectorySlots:
    """Implements `Slots`; `started_from` is the slot that the running process was started from."""

    def __init__(
        self, root: Path, started_from: str, restart: Callable[[], Awaitable[None]], most_bytes: int
    ) -> None:
        self._root = root
        self._started_from = started_from
        self._restart = restart
        self._most_bytes = most_bytes

    async def install(self, image: Path) -> str:
        """Unpack into the other folder."""
        slot = _other(self._started_from)
        if await self.next() == slot:
            raise SlotError(f"{self._root}: {slot} is to be started next; it is not written now")
        await asyncio.to_thread(self._unpack, image, slot)
        return slot

    async def running(self) -> str:
        """Return the folder that the link led to when this process started."""
        return self._started_from

    async def next(self) -> str:
        """Return the folder that the link leads to."""
        return linked(self._root)

    async def try_out(self, slot: str) -> None:
        """Set the link; the trial is noted first, so that no start is without its guard."""
        self._write_trial(_other(slot))
        self._link(slot)

    async def confirm(self) -> None:
        """End the trial."""
        with _slot_errors(self._root):
            (self._root / "trial").unlink(missing_ok=True)
            _sync_directory(self._root)

    async def reject(self, slot: str) -> None:
        """Set the link back, then end the trial."""
        self._link(_other(slot))
        await self.confirm()

    async def restart(self) -> None:
        """End this process so that systemd starts what the link leads to."""
        await self._restart()

    def _unpack(self, image: Path, slot: str) -> None:
        target = self._root / slot
        with _slot_errors(self._root):
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
        try:
            with tarfile.open(image) as archive:
                archive.extractall(target, members=self._members(archive), filter="data")
        except (tarfile.TarError, EOFError, ValueError) as error:
            raise ImageRefused(f"{image.name} is no firmware: {error}") from error
        except OSError as error:
            if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
                raise ImageRefused(f"{image.name} contradicts itself: {error.strerror}") from error
            raise SlotError(f"{target} cannot be written: {error.strerror or error}") from error
        if not (target / VERSION).is_file():
            raise ImageRefused(f"{image.name} has no {_TOP}/{VERSION}")
        with _slot_errors(self._root):
            os.sync()

    def _members(self, archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
        """Return what is to be unpacked: all of it under one folder, whose name goes, and not too much."""
        members: list[tarfile.TarInfo] = []
        size = 0
        for member in archive:
            size += member.size
            if len(members) >= _MOST_FILES or size > self._most_bytes:
                raise ImageRefused(f"the firmware unpacks to more than {self._most_bytes} bytes")
            top, _, rest = member.name.removeprefix("./").partition("/")
            if top in {"", ".", _TOP} and not rest:
                continue
            if top != _TOP:
                raise ImageRefused(f"the firmware has more at its top than {_TOP}: {member.name[:80]}")
            members.append(_renamed(member, rest))
        return members

    def _write_trial(self, back_to: str) -> None:
        with _slot_errors(self._root):
            _replace_text(self._root / "trial", f"{back_to}\n")

    def _link(self, slot: str) -> None:
        with _slot_errors(self._root):
            link(self._root, slot)


def linked(root: Path) -> str:
    """Return the slot that the link leads to.

    Raises:
        SlotError: If it leads to none.
    """
    try:
        name = (root / "current").readlink().name
    except OSError as error:
        raise SlotError(f"{root}/current is no link to a slot: {error.strerror}") from error
    if name not in NAMES:
        raise SlotError(f"{root}/current leads to {name}; expected {' or '.join(NAMES)}")
    return name


def link(root: Path, slot: str) -> None:
    """Let the next start take this slot.

    Raises:
        OSError: If the link cannot be made; the old one is there then.
    """
    fresh = root / "current.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(slot)
    fresh.replace(root / "current")
    _sync_directory(root)


def _other(slot: str) -> str:
    return NAMES[1 - NAMES.index(slot)]


def _renamed(member: tarfile.TarInfo, name: str) -> tarfile.TarInfo:
    """Return the entry under its new name; a hard link's target is a name of the archive too."""
    if member.islnk():
        target = member.linkname.removeprefix("./").removeprefix(f"{_TOP}/")
        return member.replace(name=name, linkname=target, deep=False)
    return member.replace(name=name, deep=False)


def _replace_text(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _slot_errors(root: Path) -> Iterator[None]:
    """Turn what the file system raises into our own error."""
    try:
        yield
    except OSError as error:
        raise SlotError(f"{root} cannot be changed: {error.strerror or error}") from error
