"""The technician's way in: a unix socket that answers one JSON line with one JSON line.

Only who may open the socket may use it: it is made with mode 0660 in a directory of the agent's own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

log = logging.getLogger(__name__)

Command = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

_LINE_LIMIT = 65_536
_IDLE_S = 30.0


class ControlError(Exception):
    """The request cannot be carried out; the message goes back to the technician."""


class UnknownEvse(ControlError):
    """The request names an EVSE that the station does not have."""

    def __init__(self, evse_id: object, evse_ids: Collection[int]) -> None:
        super().__init__(f"there is no EVSE {evse_id}; there are {sorted(evse_ids)}")


class ControlServer:
    """Serves named commands while it listens."""

    def __init__(self, path: Path, commands: Mapping[str, Command]) -> None:
        self._path = path
        self._commands = commands
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen inside; a socket left behind by a killed process is replaced.

        Raises:
            ControlError: If the socket cannot be made.
        """
        server = await self._listen()
        try:
            yield
        finally:
            server.close()
            for task in list(self._serving):
                task.cancel()
            with suppress(FileNotFoundError):
                self._path.unlink()

    async def _listen(self) -> asyncio.Server:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                self._path.unlink()
            server = await asyncio.start_unix_server(self._serve, self._path, limit=_LINE_LIMIT)
            self._path.chmod(0o660)
        except OSError as error:
            raise ControlError(
                f"{self._path}: the control socket cannot be made ({error.strerror or error}); "
                "its directory must belong to the agent's user"
            ) from error
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            answer = await self._answer_line(reader)
            writer.write(msgspec.json.encode(answer) + b"\n")
            async with asyncio.timeout(_IDLE_S):
                await writer.drain()
        except (TimeoutError, OSError) as error:
            log.info("control socket: %s", error)
        except asyncio.CancelledError:
            log.debug("control socket closed while somebody was asking")
        finally:
            self._serving.discard(task)
            writer.close()

    async def _answer_line(self, reader: asyncio.StreamReader) -> Mapping[str, Any]:
        async with asyncio.timeout(_IDLE_S):
            try:
                line = await reader.readline()
            except ValueError:
                return {"error": f"a request has at most {_LINE_LIMIT} bytes"}
        return await self._answer(line)

    async def _answer(self, line: bytes) -> Mapping[str, Any]:
        try:
            request = msgspec.json.decode(line, type=dict[str, Any])
        except msgspec.DecodeError:
            request = {}
        wanted = request.get("do")
        command = self._commands.get(wanted) if isinstance(wanted, str) else None
        if command is None:
            return {"error": f"expected a JSON line with do = {', '.join(sorted(self._commands))}"}
        try:
            return await command(request)
        except ControlError as error:
            return {"error": str(error)}
        except Exception:  # the boundary between a technician's request and the charging sessions
            log.exception("%s failed", wanted)
            return {"error": f"{wanted} failed; see the agent's log"}


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
    try:
        answer = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ControlError(f"the agent at {path} ended before it answered") from error
    if "error" in answer:
        raise ControlError(str(answer["error"]))
    return answer
