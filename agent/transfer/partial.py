"""A file that is on its way: what is here already, and what it is a part of.

The data grow in `NAME.part`; `NAME.part.json` says where they come from, by which validator the server's file
is known, and how many bytes are surely on the disk. After a power cut only those count.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from agent.transfer.location import Location
from agent.transfer.remote import Resume


class _Mark(msgspec.Struct, frozen=True):
    source: str
    validator: str
    durable_bytes: int


class Partial:
    """Open it (`with`), ask what to resume, begin, append, finish."""

    def __init__(self, target: Path, location: Location, sync_every_bytes: int) -> None:
        self._target = target
        self._data_path = target.with_name(target.name + ".part")
        self._mark_path = target.with_name(target.name + ".part.json")
        self._source = sha256(f"{location}?{location.path.partition('?')[2]}".encode()).hexdigest()
        self._sync_every_bytes = sync_every_bytes
        self._validator: str | None = None
        self._file: IO[bytes] | None = None
        self._unsynced_bytes = 0
        self.size = 0
        self.directory = target.parent

    def __enter__(self) -> Self:
        """Open; the directory must be there."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Keep what came so far, if it can be resumed."""
        if self._file is not None:
            with suppress(OSError):
                self._mark()
            with suppress(OSError):
                self._file.close()
            self._file = None

    def resume(self) -> Resume | None:
        """Return what can be gone on with; None if that is nothing."""
        try:
            mark = msgspec.json.decode(self._mark_path.read_bytes(), type=_Mark)
            size = self._data_path.stat().st_size
        except (OSError, msgspec.DecodeError):
            return None
        offset = min(size, mark.durable_bytes)
        if mark.source != self._source or offset == 0:
            return None
        return Resume(offset=offset, validator=mark.validator)

    def begin(self, offset: int, validator: str | None) -> None:
        """Go on after the first `offset` bytes; the rest that may be there goes."""
        self._validator = validator
        self._file = self._data_path.open("r+b" if offset else "wb")
        self._file.truncate(offset)
        self._file.seek(offset)
        self.size = offset
        if not offset:
            self._mark_path.unlink(missing_ok=True)

    def append(self, block: bytes) -> None:
        """Add what came."""
        file = self._opened()
        file.write(block)
        self.size += len(block)
        self._unsynced_bytes += len(block)
        if self._unsynced_bytes >= self._sync_every_bytes:
            self._mark()

    def finish(self) -> None:
        """Make the file durable under its own name."""
        file = self._opened()
        _sync(file)
        file.close()
        self._file = None
        self._data_path.replace(self._target)
        self._mark_path.unlink(missing_ok=True)
        _sync_directory(self._target.parent)

    def drop(self) -> None:
        """Forget what is here."""
        if self._file is not None:
            self._file.close()
            self._file = None
        discard(self._target)

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            raise RuntimeError("begin() comes first")
        return self._file

    def _mark(self) -> None:
        """Make durable what came, then say so."""
        _sync(self._opened())
        self._unsynced_bytes = 0
        if self._validator is None:
            return
        mark = _Mark(self._source, self._validator, self.size)
        fresh = self._mark_path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(mark))
            _sync(file)
        fresh.replace(self._mark_path)


def discard(target: Path) -> None:
    """Remove a file and whatever came of it so far."""
    for path in (
        target,
        target.with_name(target.name + ".part"),
        target.with_name(target.name + ".part.json"),
    ):
        path.unlink(missing_ok=True)


def _sync(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
