"""The technician's way in: a unix socket that answers one JSON line with one JSON line.

Only who may open the socket may use it: it is made with mode 0660 in a directory of the agent's own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

log = logging.getLogger(__name__)

Command = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

_LINE_LIMIT = 65_536
_IDLE_S = 30.0


class ControlError(Exception):
    """The request cannot be carried out; the message goes back to the technician."""


class ControlServer:
    """Serves named commands until closed."""

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        self._path = path
        self._commands = commands

    async def run(self) -> None:
        """Listen until cancelled; a socket left behind by a killed process is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            self._path.unlink()
        server = await asyncio.start_unix_server(self._serve, self._path, limit=_LINE_LIMIT)
        self._path.chmod(0o660)
        try:
            async with server:
                await server.serve_forever()
        finally:
            with suppress(FileNotFoundError):
                self._path.unlink()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_IDLE_S):
                line = await reader.readline()
            writer.write(msgspec.json.encode(await self._answer(line)) + b"\n")
            await writer.drain()
        except (TimeoutError, OSError, ValueError) as error:
            log.info("control socket: %s", error)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Mapping[str, Any]:
        try:
            request = msgspec.json.decode(line, type=dict[str, Any])
            command = self._commands[request["do"]]
        except (msgspec.DecodeError, KeyError):
            return {"error": f"expected a JSON line with do = {', '.join(sorted(self._commands))}"}
        try:
            return await command(request)
        except ControlError as error:
            return {"error": str(error)}


def ask(path: Path, request: Mapping[str, Any], timeout_s: float = 60.0) -> dict[str, Any]:
    """Send a request to a running agent and return its answer.

    Raises:
        ControlError: If the agent does not run, or refuses.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(timeout_s)
            agent.connect(os.fspath(path))
            agent.sendall(msgspec.json.encode(request) + b"\n")
            line = b"".join(iter(lambda: agent.recv(_LINE_LIMIT), b""))
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise ControlError(
            f"no agent listens at {path}; is it running, and with this station file?"
        ) from error
    except OSError as error:
        raise ControlError(f"the agent at {path} cannot be asked: {error}") from error
    answer = msgspec.json.decode(line, type=dict[str, Any])
    if "error" in answer:
        raise ControlError(str(answer["error"]))
    return answer
