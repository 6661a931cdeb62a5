"""Writes a log into one compressed file, masked, within bounds."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from agent.logs.sources import LogSource

LogKind = Literal["DiagnosticsLog", "SecurityLog"]

MOST_BYTES = 64 * 1024 * 1024
"""Of text, before it is compressed."""
_BATCH_BYTES = 262_144
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def file_name(station_id: str, kind: LogKind, at: datetime) -> str:
    """Return what a log is called: whose, which, when; nothing in it can be taken for a path."""
    return f"{_UNSAFE.sub('-', station_id)}_{kind}_{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.log.gz"


async def collect(
    source: LogSource,
    window: tuple[datetime | None, datetime | None],
    mask: Callable[[str], str],
    target: Path,
) -> int:
    """Write the log to `target` and return how many lines it has; a log that is too long loses its end.

    Raises:
        OSError: If it cannot be read or written.
    """
    await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
    count = size = 0
    batch: list[str] = []
    batch_bytes = 0
    with gzip.open(target, "wt", encoding="utf-8", compresslevel=6) as file:
        async with aclosing(source.lines(*window)) as lines:
            async for line in lines:
                count += 1
                size += len(line)
                batch.append(mask(line))
                batch_bytes += len(line)
                if batch_bytes >= _BATCH_BYTES:
                    await asyncio.to_thread(file.write, "".join(batch))
                    batch, batch_bytes = [], 0
                if size >= MOST_BYTES:
                    batch.append("[the rest is left out]\n")
                    break
        await asyncio.to_thread(file.write, "".join(batch))
    return count


async def has_lines(source: LogSource, window: tuple[datetime | None, datetime | None]) -> bool:
    """Whether the log has anything in this window.

    Raises:
        OSError: If it cannot be read.
    """
    async with aclosing(source.lines(*window)) as lines:
        async for _ in lines:
            return True
    return False
