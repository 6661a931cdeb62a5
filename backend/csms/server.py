"""The WebSocket server that chargers connect to (OCPP 2.0.1 part 4)."""

from __future__ import annotations

import asyncio
import logging
import socket
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import bindparam, update
from sqlalchemy.exc import DBAPIError
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from backend.csms.authentication import Authentication
from backend.csms.connection import Services, StationConnection
from backend.csms.incoming import Actions
from backend.csms.passwords import PasswordCheck
from backend.csms.registry import Registry
from backend.csms.socket import StationSocket
from backend.db.engine import Database
from backend.db.tables import charging_stations
from ocppj.link import Link
from ocppj.versions import Version

log = logging.getLogger(__name__)
wire_log = logging.getLogger("backend.csms.websocket")
wire_log.setLevel(logging.WARNING)  # who comes and goes is said here, with names

MAX_MESSAGE_BYTES = 1_000_000
"""A larger WebSocket message ends the connection (close code 1009); see `ServerSettings.max_frame_bytes`."""

DRAIN_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """Under which path chargers connect, and what they may send."""

    path: str
    ping_interval_s: float
    max_frame_bytes: int
    """A larger message is refused with a CALLERROR, and the connection goes on."""


class CsmsServer:
    """Accepts charging stations."""

    def __init__(
        self, settings: ServerSettings, database: Database, services: Services, registry: Registry
    ) -> None:
        self._settings = settings
        self._database = database
        self._services = services
        self._registry = registry
        self._passwords = PasswordCheck()
        self._versions: Mapping[str, tuple[Version, Actions]] = {
            Version.V201.subprotocol: (Version.V201, services.actions)
        }

    @asynccontextmanager
    async def running(self, listener: socket.socket) -> AsyncIterator[None]:
        """Serve whoever connects to the listening socket.

        On leaving, what was received is committed and answered before the connections are closed with 1001.
        """
        server = await serve(
            self._handle,
            sock=listener,
            process_request=Authentication(self._database, self._settings.path, self._passwords),
            select_subprotocol=self._select,
            create_connection=StationSocket,
            ping_interval=self._settings.ping_interval_s,
            ping_timeout=self._settings.ping_interval_s,
            max_size=MAX_MESSAGE_BYTES,
            logger=wire_log,
        )
        seen = asyncio.create_task(self._note_seen())
        try:
            yield
        finally:
            await self._close(server, seen)

    async def _close(self, server: Server, seen: asyncio.Task[None]) -> None:
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._services.commits.drained()
        except TimeoutError:
            log.warning("closing although messages are still being stored; the chargers will send them again")
        server.close(code=CloseCode.GOING_AWAY, reason="the backend is stopping")
        await server.wait_closed()
        seen.cancel()
        await asyncio.wait([seen])
        await self._write_seen()
        self._passwords.close()

    def _select(self, _connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
        """Choose the first version offered that is spoken here; chargers offer in order of preference."""
        return next((each for each in offered if each in self._versions), None)

    async def _handle(self, connection: ServerConnection) -> None:
        if not isinstance(connection, StationSocket) or connection.station is None:
            raise AssertionError("the handshake lets only known stations through")
        station = connection.station
        spoken = self._versions.get(connection.subprotocol or "")
        if spoken is None:
            # The standard wants the handshake to succeed without a subprotocol, and the connection closed.
            log.warning("%s offers no OCPP version that is spoken here: closed", station.identity)
            await connection.close(CloseCode.PROTOCOL_ERROR, f"offer one of: {', '.join(self._versions)}")
            return
        version, actions = spoken
        link = Link(
            version,
            new_id=lambda: str(uuid.uuid4()),
            serves=frozenset(actions),
            max_frame_bytes=self._settings.max_frame_bytes,
        )
        pump = StationConnection(connection, station, link, self._services)
        self._registry.add(pump)
        log.info("%s connected, %s", station.identity, version.subprotocol)
        try:
            await pump.run()
        finally:
            self._registry.remove(pump)
            reason = connection.close_reason or ""
            log.info("%s left: %s %s", station.identity, connection.close_code, reason)

    async def _note_seen(self) -> None:
        while True:
            await asyncio.sleep(30)
            await self._write_seen()

    async def _write_seen(self) -> None:
        seen = [{"ref": ref, "seen_at": at} for ref, at in self._registry.take_seen().items()]
        if not seen:
            return
        table = charging_stations
        query = update(table).where(table.c.id == bindparam("ref")).values(last_seen_at=bindparam("seen_at"))
        try:
            await self._database.write(lambda db: db.execute(query, seen))
        except DBAPIError as error:
            log.error("when chargers were last seen is not stored, the database failed: %s", error.orig)
