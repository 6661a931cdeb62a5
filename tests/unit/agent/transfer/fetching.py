"""A station's transfers, with short patience."""

from __future__ import annotations

import random
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from agent.transfer.cancellation import Cancellation
from agent.transfer.download import Bounds, download
from agent.transfer.host_keys import HostKeys
from agent.transfer.location import parse_location
from agent.transfer.remote import Means
from agent.transfer.threads import in_thread
from agent.transfer.transfers import Transfers, opener

BOUNDS = Bounds(most_bytes=10_000_000, reserve_bytes=0, sync_every_bytes=65_536)
CONTENT = random.Random(1).randbytes(1_000_000)


def transfers(
    directory: Path,
    *,
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    pinned: Mapping[str, str] | None = None,
    learns: bool = True,
    stall_s: float = 5.0,
    longest_s: float = 60.0,
) -> Transfers:
    host_keys = HostKeys(directory / "sftp-hosts", pinned or {}, learns=learns)
    return Transfers(tls, host_keys, stall_s=stall_s, longest_s=longest_s)


async def fetched(own: Transfers, url: str, target: Path, bounds: Bounds = BOUNDS) -> bytes:
    """Return what came, which nothing else is left beside."""
    await own.download(parse_location(url), target, bounds)
    leftovers = {path.name for path in target.parent.glob(f"{target.name}*")}
    assert leftovers == {target.name}
    return target.read_bytes()


class _Enough(Exception):
    pass


async def begun(url: str, target: Path, size: int) -> None:
    """Leave the first part of a file behind, at least `size` bytes of it."""
    location = parse_location(url)

    def stop(here: int, whole: int | None) -> None:
        if here >= size:
            raise _Enough

    def work(cancellation: Cancellation) -> None:
        host_keys = HostKeys(target.parent / "sftp-hosts", {}, learns=True)
        means = Means(
            tls=ssl.create_default_context, host_keys=host_keys, stall_s=5, cancellation=cancellation
        )
        download(location, target, BOUNDS, opener(location), means, stop)

    with pytest.raises(_Enough):
        await in_thread("part", work)
