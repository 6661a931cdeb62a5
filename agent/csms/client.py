"""Keeps the station connected and registered: connect, announce, serve, and begin again after a loss."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any

from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection
from websockets.frames import CloseCode

from agent.authorization.authorizer import BackendUnreachable
from agent.authorization.contract import Evidence
from agent.authorization.verdicts import Verdict
from agent.csms.backend_time import follow
from agent.csms.backoff import BackOff
from agent.csms.connection import CallFailed, Connection
from agent.csms.delivery import Delivery
from agent.csms.dialect import After, CannotBeTold, Context, Dialect, Reply, Services
from agent.csms.identity import Identity
from agent.csms.keepalive import keep_alive
from agent.csms.metrics import LinkFigures, exposition
from agent.csms.notices import Notices
from agent.csms.opening import Access, OpeningFailed, open_socket
from agent.csms.registration import Registration
from agent.csms.reports import Reports
from agent.csms.security_jobs import SigningOver, keep_identity, note_bad_frames
from agent.csms.statuses import Statuses
from agent.csms.streaming import stream
from agent.csms.vehicle_certificates import VehicleCertificates
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.csms.versions import ASSUMED, dialect_of, subprotocols
from agent.network.book import NetworkBook
from agent.network.profiles import NetworkProfile
from agent.store.database import StoreError
from agent.system.boot import Begun
from agent.system.clock import StationClock
from agent.transactions.records import Sample, Token
from agent.variables.model import DeviceModel
from agent.vendors.registry import Answer
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages.fields import Payload
from ocppj.repair import Quirk
from ocppj.versions import Version

log = logging.getLogger(__name__)

_TIMEOUT = "OCPPCommCtrlr.MessageTimeout[Default]"
_HEARTBEAT = "OCPPCommCtrlr.HeartbeatInterval"
_SHORTEST_WAIT_S = 0.2
_DAY_S = 86_400.0
_TICK_S = 0.5
_RANDOM_RANGE = "OCPPCommCtrlr.RetryBackOffRandomRange"


class CsmsClient:
    """The agent's link to the backend, over any number of connections."""

    def __init__(
        self,
        access: Access,
        network: NetworkBook,
        identity: Identity,
        settings: DeviceModel,
        clock: StationClock,
        begun: Begun,
        alive: Callable[[], None],
    ) -> None:
        self._access = access
        self._network = network
        self._identity = identity
        self._settings = settings
        self._clock = clock
        self._is_one_of_many = begun.with_many
        self._alive = alive
        self._connection: Connection | None = None
        self.figures = LinkFigures()
        self._registration = Registration(identity, settings, clock, begun.reason)
        self._registered_with: tuple[NetworkProfile, Version] | None = None
        self._lost_s: float | None = None
        self._tasks = asyncio.TaskGroup()
        self._attachment: tuple[Services, Delivery, Notices] | None = None
        self._reports = Reports()
        self._statuses = Statuses(clock)

    def attach(self, services: Services, delivery: Delivery, notices: Notices) -> None:
        """Give the client what it serves; the station in turn needs the client, so this comes second."""
        self._attachment = services, delivery, notices

    # what the station asks of us

    @property
    def is_online(self) -> bool:
        """Whether the backend can be reached and has accepted this station."""
        return self._connection is not None and self.is_registered

    @property
    def is_registered(self) -> bool:
        """Whether the backend in use has accepted this station since it started."""
        return self._registration.is_accepted

    @property
    def state(self) -> str:
        """Return a word for the technician."""
        if self._connection is None:
            return "disconnected"
        return self._registration.word

    def metrics(self) -> str:
        """Return what has gone over the link, for Prometheus."""
        is_connected = self._connection is not None
        return exposition(self.figures, is_connected=is_connected, is_accepted=self.is_online)

    def evse_changed(self, evse_id: int) -> None:
        """Send the connector's status if it changed."""
        self._statuses.evse_changed(evse_id)

    async def check_token(self, token: Token) -> Verdict:
        """Ask the backend about a token (C01).

        Raises:
            BackendUnreachable: If it cannot be asked.
        """
        return await self.check_contract(token, Evidence())

    async def check_contract(self, token: Token, evidence: Evidence) -> Verdict:
        """Ask the backend about a token, and the certificates that came with it (C07).

        Raises:
            BackendUnreachable: If it cannot be asked.
        """
        connection = self._connection
        if connection is None or not self.is_registered:
            raise BackendUnreachable(self.state)
        try:
            response = await self.call(connection.dialect.authorize(token, evidence))
            return connection.dialect.read_verdict(response)
        except (CallFailed, CannotBeTold) as failure:
            raise BackendUnreachable(str(failure)) from failure

    async def ask(self, question: object) -> Any:
        """Return what the backend answers to a question of a type in its version's `questions`.

        Raises:
            BackendUnreachable: If it cannot be asked, or its version has no words for it.
        """
        connection = self._connection
        if connection is None or not self.is_registered:
            raise BackendUnreachable(self.state)
        try:
            translate, read = connection.dialect.questions[type(question)]
            return read(await self.call(translate(question)))
        except KeyError:
            raise BackendUnreachable("its OCPP version does not know this") from None
        except (CallFailed, CannotBeTold) as failure:
            raise BackendUnreachable(str(failure)) from failure

    async def exchange(self, request: EvRequest) -> EvAnswer:
        """Return the backend's answer to a vehicle that asks for a contract certificate (M01, M02).

        Raises:
            BackendUnreachable: If it cannot be asked, or does not answer while the vehicle waits.
        """
        if not self.is_online:
            raise BackendUnreachable(self.state)
        return await VehicleCertificates(lambda: self._connection, self._timeout_s).exchange(request)

    async def send_meter_values(self, evse_id: int, sample: Sample) -> None:
        """Send meter values outside a transaction, if online; they are not kept."""
        connection = self._connection
        if connection is not None and self.is_registered:
            try:
                await self.call(connection.dialect.meter_values(evse_id, sample))
            except CallFailed as failure:
                log.info("meter values not delivered: %s", failure)

    async def transfer(self, vendor_id: str, message_id: str | None, data: Any) -> Answer:
        """Tell the backend what vendors agreed on, and return its answer (P02).

        Raises:
            BackendUnreachable: If it cannot be asked, or gave no answer.
        """
        connection = self._connection
        if connection is None or not self.is_registered:
            raise BackendUnreachable(self.state)
        try:
            response = await self.call(connection.dialect.data_transfer(vendor_id, message_id, data))
        except CallFailed as failure:
            raise BackendUnreachable(str(failure)) from failure
        return connection.dialect.read_data_transfer(response)

    async def call(self, request: Payload) -> Payload:
        """Send a request over the connection there is.

        Raises:
            CallFailed: If there is none, or the request failed.
        """
        if self._connection is None:
            raise CallFailed("no connection to the backend", is_answered=False, is_disconnected=True)
        return await self._connection.call(request, self._timeout_s())

    async def say_goodbye(self, timeout_s: float) -> None:
        """Let the backend hear what became of the connectors, if it listens, before the agent restarts."""
        if self._connection is not None and self.is_registered:
            services, _, _ = self._attached()
            dialect = self._connection.dialect
            await self._statuses.wait_until_told(dialect, services.station, timeout_s)

    # connecting

    async def run(self) -> None:
        """Stay connected until cancelled."""
        self._attached()[0].station.limits.backend_lost()
        async with asyncio.TaskGroup() as self._tasks:
            await self._stay_connected()

    async def _stay_connected(self) -> None:
        await self._spread_out()
        while True:
            if await self._connect_once():
                self._network.lost()
            else:
                self._network.failed()
            wait_s = max(_SHORTEST_WAIT_S, self._back_off().wait_s(self._network.attempt, random.random))
            log.info("connecting to the backend again in %.1f s", wait_s)
            await self._rest(wait_s)

    async def _spread_out(self) -> None:
        """After a power cut a whole street starts in one second: come at a time of one's own."""
        if self._is_one_of_many:
            wait_s = random.uniform(0, self._settings.integer(_RANDOM_RANGE))  # noqa: S311 - no secret
            log.info("connecting to the backend in %.1f s", wait_s)
            await self._rest(wait_s)

    def _back_off(self) -> BackOff:
        return BackOff(
            minimum_s=self._settings.integer("OCPPCommCtrlr.RetryBackOffWaitMinimum"),
            random_range_s=self._settings.integer(_RANDOM_RANGE),
            repeat_times=self._settings.integer("OCPPCommCtrlr.RetryBackOffRepeatTimes"),
        )

    async def _rest(self, wait_s: float) -> None:
        until_s = time.monotonic() + wait_s
        while (left_s := until_s - time.monotonic()) > 0:
            self._alive()
            await asyncio.sleep(min(left_s, _TICK_S))

    async def _connect_once(self) -> bool:
        """Connect and serve; return whether the backend was there and had accepted the station by the end."""
        self._alive()
        _, profile = self._network.next()
        try:
            socket = await open_socket(profile, self._access, subprotocols(profile.versions))
        except OpeningFailed as failure:
            log.warning("no connection to %s: %s", profile.url, failure)
            return False
        async with socket:
            self._network.connected()
            was_there = await self._serve(socket, profile)
        return was_there and self.is_registered

    async def _serve(self, socket: ClientConnection, profile: NetworkProfile) -> bool:
        """Serve until the link is lost; return whether the backend said anything over it."""
        if socket.subprotocol is None:
            self.figures.quirks[Quirk.NO_VERSION] += 1
        dialect = dialect_of(socket.subprotocol or ASSUMED)
        connection = Connection(
            socket,
            dialect,
            partial(self._handle, dialect),
            self._follow_up,
            self._access.log_frames,
            profile.message_timeout_s,
            self.figures.quirks,
            self.figures,
        )
        self.figures.connections += 1
        known_as = replace(profile, password=""), dialect.version
        if self._registered_with not in (None, known_as):
            self._registration.begin_anew()  # another backend has never heard of this station
            services, _, _ = self._attached()
            services.monitoring.streams.begin_anew()
            self._lost_s = None
        self._registered_with = known_as
        self._connection = connection
        self._attached()[0].station.limits.backend_found()
        log.info("connected to %s, %s", profile.url, dialect.version.subprotocol)
        try:
            async with asyncio.TaskGroup() as tasks:
                jobs = [
                    tasks.create_task(self._talk(connection), name="talk to the backend"),
                    tasks.create_task(self._show_life(connection), name="watch the link"),
                    tasks.create_task(keep_alive(socket, self._ping_interval_s), name="ping the backend"),
                ]
                await connection.run()
                for job in jobs:
                    job.cancel()
        except asyncio.CancelledError:
            await socket.close(CloseCode.GOING_AWAY, "the agent stops")
            raise
        finally:
            self._connection = None
            self._attached()[0].station.limits.backend_lost()
            if connection.has_heard:
                self._lost_s = time.monotonic()
        return connection.has_heard

    def _ping_interval_s(self) -> int:
        return self._settings.integer("OCPPCommCtrlr.WebSocketPingInterval")

    async def _talk(self, connection: Connection) -> None:
        """Register if this is the first connection after a start, then keep the backend informed."""
        is_back = self.is_registered
        try:
            await self._registration.run(connection.dialect, self.call)
        except CallFailed as failure:
            await connection.close(str(failure)[:100])
            return
        await self._note_success()
        self._statuses.connected(self._was_away_long())
        services, delivery, notices = self._attached()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._beat(connection, at_once=is_back), name="heartbeats")
            tasks.create_task(self._statuses.run(connection, services.station), name="statuses")
            tasks.create_task(delivery.run(connection), name="delivery")
            tasks.create_task(notices.run(connection, self._timeout_s), name="notices")
            streams = services.monitoring.streams
            tasks.create_task(stream(connection, streams, self._timeout_s), name="streams")
            security = services.security
            tasks.create_task(
                security.signer.run(SigningOver(connection, self._timeout_s)), name="certificates"
            )
            vehicles = VehicleCertificates(lambda: connection, self._timeout_s)
            tasks.create_task(security.statuses.run(vehicles), name="certificate statuses")
            tasks.create_task(keep_identity(security.credentials, self._reconnect), name="identity")
            tasks.create_task(note_bad_frames(connection, security.events), name="bad frames")

    async def _note_success(self) -> None:
        try:
            await self._network.worked()
        except StoreError as error:
            log.error("that this network profile works cannot be kept: %s", error)

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
                    await self._send_heartbeat()
                except CallFailed as failure:
                    log.warning("heartbeat: %s", failure)
            await asyncio.sleep(_TICK_S)

    async def _send_heartbeat(self) -> None:
        """Ask for the time, and follow it (G02.FR.06)."""
        connection = self._connection
        if connection is not None:
            response = await self.call(connection.dialect.heartbeat())
            await follow(connection.dialect.read_time(response), self._settings, self._clock)

    # what the backend asks of us

    async def _handle(self, dialect: Dialect, action: str, request: Payload, size_bytes: int) -> Reply:
        if self._registration.is_rejected:
            raise OcppError(ErrorCode.SECURITY_ERROR, "the backend has rejected this station")  # B03.FR.08
        limit = dialect.largest.get(action)
        if limit is not None and size_bytes > self._settings.integer(limit):
            what = f"{action} takes at most {self._settings.integer(limit)} bytes, this one has {size_bytes}"
            raise OcppError(ErrorCode.FORMAT_VIOLATION, what)  # B06.FR.17, B08.FR.18
        return await dialect.handlers[action](request, self._context())

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
        services, _, _ = self._attached()
        return Context(
            **{field.name: getattr(services, field.name) for field in fields(services)},
            identity=self._identity,
            now=self._clock.now,
            backend=self,
            is_registered=lambda: self.is_registered,
            send_boot_notification=self._ask_boot,
            send_heartbeat=self._send_heartbeat,
            send_status=self._send_status,
            reconnect=self._reconnect,
            network=self._network,
            reports=self._reports,
        )

    async def _ask_boot(self) -> None:
        self._registration.ask()

    async def _send_status(self, evse_id: int | None) -> None:
        if self._connection is not None:
            services, _, _ = self._attached()
            await self._statuses.send_now(self._connection, services.station, evse_id)

    async def _reconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close("reconnecting with new credentials")

    def _attached(self) -> tuple[Services, Delivery, Notices]:
        if self._attachment is None:
            raise RuntimeError("attach() comes before run()")
        return self._attachment

    def _timeout_s(self) -> int:
        return self._settings.integer(_TIMEOUT)
