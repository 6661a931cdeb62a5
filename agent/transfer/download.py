"""Fetches one file, whatever the protocol: bounded in size, disk, memory and patience, and resumable."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from agent.transfer.errors import Interrupted, NoSpace, TooLarge
from agent.transfer.location import Location
from agent.transfer.partial import Partial
from agent.transfer.remote import Means, RemoteFile, Resume

Open = Callable[[Location, Resume | None, Means], AbstractContextManager[RemoteFile]]

_LEAST_BYTES = 1024
"""What must come in the time that nothing may come for: a byte now and then is no download."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a download may take."""

    most_bytes: int
    reserve_bytes: int
    """What must stay free on the disk."""
    sync_every_bytes: int = 4 * 1024 * 1024


def download(
    location: Location,
    target: Path,
    bounds: Bounds,
    open_remote: Open,
    means: Means,
    progress: Callable[[int, int | None], None],
) -> None:
    """Fetch the file to `target`, which then is whole and durable; `progress` gets bytes so far and in all.

    Raises:
        TransferError: If it did not come; what came is kept for the next time if the server allows that.
        Cancelled: If it is not wanted any more.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with Partial(target, location, bounds.sync_every_bytes) as partial:
            _download(location, bounds, open_remote, means, progress, partial)
    except OSError as error:
        if error.errno in _FULL:
            raise NoSpace(f"no space for {target.name} on our disk") from error
        raise Interrupted(f"{target}: {error.strerror or error}") from error


def _download(
    location: Location,
    bounds: Bounds,
    open_remote: Open,
    means: Means,
    progress: Callable[[int, int | None], None],
    partial: Partial,
) -> None:
    resume = partial.resume()
    with open_remote(location, resume, means) as remote:
        if remote.begins_at not in {0, 0 if resume is None else resume.offset}:
            partial.drop()
            raise Interrupted(f"{location} sends another part than was asked for")
        _check_room(partial, remote.begins_at, remote.size, bounds)
        partial.begin(remote.begins_at, remote.validator)
        pace, room = _Pace(means.stall_s), _Room(partial, bounds)
        while block := remote.read():
            means.cancellation.check()
            if partial.size + len(block) > bounds.most_bytes:
                partial.drop()
                raise TooLarge(f"{location} is larger than {bounds.most_bytes} bytes")
            partial.append(block)
            room.took(len(block))
            pace.came(len(block))
            progress(partial.size, remote.size)
        means.cancellation.check()
        if remote.size is not None and partial.size != remote.size:
            raise Interrupted(f"{location} ended after {partial.size} of {remote.size} bytes")
    partial.finish()


def _check_room(partial: Partial, here: int, size: int | None, bounds: Bounds) -> None:
    if size is not None and size > bounds.most_bytes:
        raise TooLarge(f"a file of {size} bytes is larger than {bounds.most_bytes}")
    missing = 0 if size is None else size - here
    free = shutil.disk_usage(partial.directory).free
    if missing + bounds.reserve_bytes > free:
        raise NoSpace(
            f"{missing} bytes are missing, but {free} are free and {bounds.reserve_bytes} must stay so"
        )


class _Room:
    """Notices that the disk fills up, also by somebody else's files."""

    def __init__(self, partial: Partial, bounds: Bounds) -> None:
        self._partial = partial
        self._bounds = bounds
        self._unchecked_bytes = 0

    def took(self, count: int) -> None:
        self._unchecked_bytes += count
        if self._unchecked_bytes >= self._bounds.sync_every_bytes:
            _check_room(self._partial, 0, None, self._bounds)
            self._unchecked_bytes = 0


class _Pace:
    """Notices a server that sends just enough not to be silent."""

    def __init__(self, window_s: float) -> None:
        self._window_s = window_s
        self._since_s = time.monotonic()
        self._bytes = 0

    def came(self, count: int) -> None:
        self._bytes += count
        if time.monotonic() - self._since_s < self._window_s:
            return
        if self._bytes < _LEAST_BYTES:
            raise Interrupted(f"only {self._bytes} bytes in {self._window_s:.0f} s")
        self._since_s, self._bytes = time.monotonic(), 0
