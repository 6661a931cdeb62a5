"""Keeps the station connected and registered: connect, announce, serve, and begin again after a loss."""

from __future__ import annotations

import asyncio
import base64
import logging
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidURI
from websockets.frames import CloseCode
from websockets.typing import Subprotocol

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.verdicts import Verdict
from agent.csms.backoff import BackOff
from agent.csms.connection import CallFailed, Connection
from agent.csms.delivery import Delivery
from agent.csms.dialect import After, Context, Dialect, Reply
from agent.csms.identity import Identity
from agent.csms.notices import Notices
from agent.csms.statuses import Statuses
from agent.station.station import Station
from agent.store.database import StoreError
from agent.system.clock import ImplausibleTime, StationClock
from agent.transactions.records import Sample, Token
from agent.variables.model import DeviceModel
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages.fields import Payload

log = logging.getLogger(__name__)

_TIMEOUT = "OCPPCommCtrlr.MessageTimeout[Default]"
_HEARTBEAT = "OCPPCommCtrlr.HeartbeatInterval"
_OPEN_TIMEOUT_S = 20.0
_SHORTEST_WAIT_S = 0.2
_DAY_S = 86_400.0
_TICK_S = 0.5
_PASSWORD = "SecurityCtrlr.BasicAuthPassword"  # noqa: S105 - the variable's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the backend is and how this station is known there."""

    url: str
    password: str
    tls: ssl.SSLContext | None
    log_frames: bool


class CsmsClient:
    """The agent's link to the backend, over any number of connections."""

    def __init__(
        self,
        endpoint: Endpoint,
        identity: Identity,
        dialect: Dialect,
        settings: DeviceModel,
        clock: StationClock,
        boot_reason: str,
        alive: Callable[[], None],
    ) -> None:
        self._endpoint = endpoint
        self._identity = identity
        self._dialect = dialect
        self._settings = settings
        self._clock = clock
        self._boot_reason = boot_reason
        self._alive = alive
        self._connection: Connection | None = None
        self._registration: Literal["Accepted", "Pending", "Rejected"] | None = None
        self._boot_asked = asyncio.Event()
        self._boot_due_s = 0.0
        self._lost_s: float | None = None
        self._tasks = asyncio.TaskGroup()
        self._station: Station | None = None
        self._delivery: Delivery | None = None
        self._notices: Notices | None = None
        self._statuses = Statuses(dialect, clock)

    def attach(self, station: Station, delivery: Delivery, notices: Notices) -> None:
        """Give the client what it serves; the station in turn needs the client, so this comes second."""
        self._station = station
        self._delivery = delivery
        self._notices = notices

    # what the station asks of us

    @property
    def is_online(self) -> bool:
        """Whether the backend can be reached and has accepted this station."""
        return self._connection is not None and self.is_registered

    @property
    def is_registered(self) -> bool:
        """Whether the backend has accepted this station since it started."""
        return self._registration == "Accepted"

    @property
    def state(self) -> str:
        """Return a word for the technician."""
        if self._connection is None:
            return "disconnected"
        return "accepted" if self.is_registered else "not accepted yet"

    def evse_changed(self, evse_id: int) -> None:
        """Send the connector's status if it changed."""
        self._statuses.evse_changed(evse_id)

    async def check_token(self, token: Token) -> Verdict:
        """Ask the backend about a token (C01).

        Raises:
            BackendUnreachable: If it cannot be asked.
        """
        if not self.is_online:
            raise BackendUnreachable(self.state)
        try:
            response = await self.call(self._dialect.authorize(token))
        except CallFailed as failure:
            raise BackendUnreachable(str(failure)) from failure
        return self._dialect.read_verdict(response)

    async def send_meter_values(self, evse_id: int, sample: Sample) -> None:
        """Send meter values outside a transaction, if online; they are not kept."""
        if self.is_online:
            try:
                await self.call(self._dialect.meter_values(evse_id, sample))
            except CallFailed as failure:
                log.info("meter values not delivered: %s", failure)

    async def call(self, request: Payload) -> Payload:
        """Send a request over the connection there is.

        Raises:
            CallFailed: If there is none, or the request failed.
        """
        if self._connection is None:
            raise CallFailed("no connection to the backend", is_answered=False, is_disconnected=True)
        return await self._connection.call(request, self._timeout_s())

    # connecting

    async def run(self) -> None:
        """Stay connected until cancelled."""
        async with asyncio.TaskGroup() as self._tasks:
            await self._stay_connected()

    async def _stay_connected(self) -> None:
        attempt = 0
        while True:
            if await self._connect_once():
                attempt = 0
            attempt += 1
            wait_s = max(_SHORTEST_WAIT_S, self._back_off().wait_s(attempt, random.random))
            log.info("connecting to the backend again in %.1f s", wait_s)
            await self._rest(wait_s)

    def _back_off(self) -> BackOff:
        return BackOff(
            minimum_s=self._settings.integer("OCPPCommCtrlr.RetryBackOffWaitMinimum"),
            random_range_s=self._settings.integer("OCPPCommCtrlr.RetryBackOffRandomRange"),
            repeat_times=self._settings.integer("OCPPCommCtrlr.RetryBackOffRepeatTimes"),
        )

    async def _rest(self, wait_s: float) -> None:
        until_s = time.monotonic() + wait_s
        while (left_s := until_s - time.monotonic()) > 0:
            self._alive()
            await asyncio.sleep(min(left_s, _TICK_S))

    async def _connect_once(self) -> bool:
        """Connect and serve; return whether a connection came about."""
        self._alive()
        try:
            socket = await self._open()
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            log.warning("no connection to %s: %s", self._endpoint.url, error)
            return False
        async with socket:
            if socket.subprotocol != self._dialect.version.subprotocol:
                log.error("the backend does not speak %s at this address", self._dialect.version.subprotocol)
                return False
            await self._serve(socket)
        return True

    async def _open(self) -> ClientConnection:
        station_id = self._identity.station_id
        password = self._settings.text(_PASSWORD) or self._endpoint.password
        headers = {}
        if password:
            credentials = base64.b64encode(f"{station_id}:{password}".encode()).decode()
            headers["Authorization"] = f"Basic {credentials}"
        ping_s = self._settings.integer("OCPPCommCtrlr.WebSocketPingInterval") or None
        return await connect(
            f"{self._endpoint.url.rstrip('/')}/{quote(station_id, safe='')}",
            subprotocols=[Subprotocol(self._dialect.version.subprotocol)],
            additional_headers=headers,
            ssl=self._endpoint.tls,
            open_timeout=_OPEN_TIMEOUT_S,
            ping_interval=ping_s,
            ping_timeout=ping_s,
            close_timeout=5,
            max_size=1_048_576,
            compression=None,
            proxy=None,
        )

    async def _serve(self, socket: ClientConnection) -> None:
        serves = frozenset(self._dialect.handlers)
        connection = Connection(
            socket,
            self._dialect.version,
            self._handle,
            self._follow_up,
            serves,
            self._endpoint.log_frames,
        )
        self._connection = connection
        log.info("connected to %s", self._endpoint.url)
        try:
            async with asyncio.TaskGroup() as tasks:
                talking = tasks.create_task(self._talk(connection), name="talk to the backend")
                watching = tasks.create_task(self._show_life(connection), name="watch the link")
                await connection.run()
                talking.cancel()
                watching.cancel()
        except asyncio.CancelledError:
            await socket.close(CloseCode.GOING_AWAY, "the agent stops")
            raise
        finally:
            self._connection = None
            self._lost_s = time.monotonic()

    async def _talk(self, connection: Connection) -> None:
        """Register if this is the first connection after a start, then keep the backend informed."""
        is_back = self.is_registered
        try:
            while not self.is_registered:
                await self._register(await self._await_turn())
        except CallFailed as failure:
            await connection.close(str(failure)[:100])
            return
        self._statuses.connected(self._was_away_long())
        station, delivery, notices = self._attached()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat(connection, at_once=is_back), name="heartbeats")
            tasks.create_task(self._statuses.run(connection, station), name="statuses")
            tasks.create_task(delivery.run(connection), name="delivery")
            tasks.create_task(notices.run(connection, self._timeout_s), name="notices")

    async def _show_life(self, connection: Connection) -> None:
        """Show that calls are given up in time: a slow backend is none of the watchdog's business."""
        while True:
            if not connection.is_overdue:
                self._alive()
            await asyncio.sleep(_TICK_S)

    def _was_away_long(self) -> bool:
        """Whether the link was down longer than OfflineThreshold (B04.FR.01), or is the first."""
        if self._lost_s is None:
            return True
        return time.monotonic() - self._lost_s > self._settings.integer("OCPPCommCtrlr.OfflineThreshold")

    async def _await_turn(self) -> str:
        """Wait until BootNotification may be sent, new connection or not (B02.FR.04); return its reason."""
        try:
            async with asyncio.timeout(max(0.0, self._boot_due_s - time.monotonic())):
                await self._boot_asked.wait()
        except TimeoutError:
            return self._boot_reason
        return "Triggered"

    async def _register(self, reason: str) -> None:
        """Announce the station once (B01); when it is not accepted, the next turn is later (B02, B03).

        Raises:
            CallFailed: If the connection went away.
        """
        self._boot_asked.clear()
        retry_s = self._settings.integer(_HEARTBEAT)
        try:
            request = self._dialect.boot_notification(self._identity, reason)
            answer = self._dialect.read_boot(await self.call(request))
        except CallFailed as failure:
            if failure.is_disconnected:
                raise
            log.warning("not registered: %s", failure)
        else:
            self._follow_time(answer.backend_time)
            log.info("registration %s, interval %d s", answer.status, answer.interval_s)
            self._registration = answer.status
            if self.is_registered:
                await self._take_interval(answer.interval_s)
            retry_s = answer.interval_s or retry_s
        self._boot_due_s = time.monotonic() + retry_s

    async def _take_interval(self, interval_s: int) -> None:
        """Use the heartbeat interval of the answer (B01.FR.04); 0 leaves the choice to the station."""
        entry = next(entry for entry in self._settings if entry.variable.name == _HEARTBEAT)
        if interval_s <= 0:
            return
        try:
            await self._settings.write(entry, str(min(interval_s, entry.variable.maximum or interval_s)))
        except StoreError as error:
            log.error("the backend's heartbeat interval is not used: %s", error)

    async def _beat(self, connection: Connection, *, at_once: bool) -> None:
        """Send Heartbeat after HeartbeatInterval without any other message (G02), and on coming back (B04).

        At least once a day, for the clock (G02.FR.07).
        """
        beat_s = -_DAY_S if at_once else time.monotonic()
        while True:
            now_s = time.monotonic()
            interval_s = self._settings.integer(_HEARTBEAT)
            if now_s - connection.last_sent_s >= interval_s or now_s - beat_s >= _DAY_S:
                beat_s = now_s
                try:
                    response = await self.call(self._dialect.heartbeat())
                    self._follow_time(self._dialect.read_time(response))
                except CallFailed as failure:
                    log.warning("heartbeat: %s", failure)
            await asyncio.sleep(_TICK_S)

    def _follow_time(self, backend_time: datetime) -> None:
        if "Heartbeat" in self._settings.members("ClockCtrlr.TimeSource"):
            try:
                step = self._clock.follow(backend_time)
            except ImplausibleTime as error:
                log.error("the backend's time is not used: %s", error)
                return
            if step is not None:
                log.warning("clock corrected by %.1f s to the backend's", step.total_seconds())

    # what the backend asks of us

    async def _handle(self, action: str, request: Payload) -> Reply:
        if self._registration == "Rejected":
            raise OcppError(ErrorCode.SECURITY_ERROR, "the backend has rejected this station")  # B03.FR.08
        return await self._dialect.handlers[action](request, self._context())

    def _follow_up(self, action: str, after: After) -> None:
        self._tasks.create_task(self._run_after(action, after), name=f"after {action}")

    async def _run_after(self, action: str, after: After) -> None:
        try:
            await after()
        except (CallFailed, StoreError) as error:
            log.warning("after %s: %s", action, error)
        except Exception:  # the boundary between one request of the backend's and the charging sessions
            log.exception("after %s", action)

    def _context(self) -> Context:
        station, _, notices = self._attached()
        return Context(
            station=station,
            identity=self._identity,
            now=self._clock.now,
            backend=self,
            is_registered=lambda: self.is_registered,
            send_boot_notification=self._ask_boot,
            send_status=self._send_status,
            reconnect=self._reconnect,
            notices=notices,
        )

    async def _ask_boot(self) -> None:
        self._boot_asked.set()

    async def _send_status(self, evse_id: int | None) -> None:
        if self._connection is not None:
            station, _, _ = self._attached()
            await self._statuses.send_now(self._connection, station, evse_id)

    async def _reconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close("reconnecting with the new password")

    def _attached(self) -> tuple[Station, Delivery, Notices]:
        if self._station is None or self._delivery is None or self._notices is None:
            raise RuntimeError("attach() comes before run()")
        return self._station, self._delivery, self._notices

    def _timeout_s(self) -> int:
        return self._settings.integer(_TIMEOUT)
