"""A socket that takes the commands of `chargehand-emulate`: one line in, one JSON line out, for programs."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from drivers.emulated.commands import CommandError, execute
from drivers.emulated.rig import Rig

LINE_BYTES: Final = 4096
IDLE_S: Final = 10.0


@asynccontextmanager
async def controlled(rig: Rig, path: Path) -> AsyncIterator[None]:
    """Serve the rig at a unix socket inside; one that an ended process left behind is replaced.

    Raises:
        OSError: If the socket cannot be made, or something else has that name.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, ValueError):  # a caller that goes away or says nothing
            async with asyncio.timeout(IDLE_S):
                line = (await reader.readline()).decode("utf-8", "replace")
            writer.write(json.dumps(await _answer(rig, line)).encode() + b"\n")
            await writer.drain()
        writer.close()

    _make_room(path)
    server = await asyncio.start_unix_server(serve, path, limit=LINE_BYTES)
    os.chmod(path, 0o660)  # noqa: PTH101 - nothing that blocks
    try:
        yield
    finally:
        server.close()
        _remove(path)


def _make_room(path: Path) -> None:
    """Remove a socket at which nobody answers any more, and nothing else."""
    if not path.is_socket():
        if path.exists():
            raise FileExistsError(f"{path} is there already and is no socket: give another name")
        return
    with socket.socket(socket.AF_UNIX) as caller:
        try:
            caller.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise FileExistsError(f"{path} belongs to a program that runs: give another name")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


async def _answer(rig: Rig, line: str) -> dict[str, str]:
    try:
        return {"told": await execute(rig, line)}
    except CommandError as error:
        return {"error": str(error)}
