"""The charger's side of communication with vehicles (SECC), for one EVSE at one interface.

One vehicle at a time. One that connects anew has given up its former connection; anybody else is refused
while one is served. The interface may go and come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from agent.iso15118.carrier import Carrier
from agent.iso15118.channel import Channel, LinkLost, PlainChannel, shake_hands
from agent.iso15118.client_hello import ClientHello
from agent.iso15118.conversation import Conversation, Link, Resting
from agent.iso15118.credentials import Shown, choose
from agent.iso15118.discovery import PORT, Servers
from agent.iso15118.evse import Evse
from agent.iso15118.figures import Figures
from agent.iso15118.interface import Modem, Place
from agent.iso15118.keyring import Keyring
from agent.iso15118.sockets import close_all, listen, open_discovery, watch_closely
from agent.iso15118.tls import TlsFailed, VehicleRoots

log = logging.getLogger(__name__)

_RETRY_S: Final = 2.0
_DASH_20: Final = "urn:iso:std:iso:15118:-20:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the station file says; `sdp_port` is another one in tests alone."""

    tls: Literal["offered", "required", "off"] = "offered"
    plain_iso20: bool = False
    messages_are_logged: bool = False
    sdp_port: int = PORT


@dataclass(eq=False, slots=True, kw_only=True)
class _Caller:
    """A vehicle that has connected; its address tells it from others on the link."""

    channel: PlainChannel
    address: str
    is_tls: bool
    job: asyncio.Task[None] | None = field(default=None)
    is_unplugged: bool = False


class Secc:
    """Serves vehicles until it is cancelled."""

    def __init__(
        self,
        modem: Modem,
        settings: Settings,
        evse: Evse,
        conversations: Sequence[Conversation[Any]],
        keyring: Keyring,
    ) -> None:
        self.figures = Figures()
        self.servers: Servers | None = None
        """Where it listens now; None while the interface is not there."""
        self._modem = modem
        self._settings = settings
        self._evse = evse
        self._conversations = tuple(conversations)
        self._keyring = keyring
        self._served: _Caller | None = None
        self._waiting: _Caller | None = None
        self._turn = asyncio.Event()
        self._resting: Resting | None = None
        self._rests = asyncio.Event()

    async def run(self) -> None:
        """Serve at the interface whenever it is there."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._forget_when_unplugged())
            name = self._modem.name
            while True:
                if self._modem.place() is None:
                    log.warning("the interface %s is not there, or has no address yet; waiting for it", name)
                place = await self._modem.wait_for()
                try:
                    await self._serve(place)
                except OSError as error:
                    log.warning("the interface %s cannot be used: %s; trying again", name, error)
                    await asyncio.sleep(_RETRY_S)

    async def _serve(self, place: Place) -> None:
        """Serve until the interface goes.

        Raises:
            OSError: If a socket cannot be had.
        """
        wish, opened = self._settings.tls, list[asyncio.Server]()
        try:
            plain = None if wish == "required" else await self._listen(place, opened, is_tls=False)
            tls = None if wish == "off" else await self._listen(place, opened, is_tls=True)
            servers = self.servers = Servers(address=place.address, plain_port=plain, tls_port=tls)
            discovery = await open_discovery(
                place, self._settings.sdp_port, lambda: self._offered(servers), self.figures
            )
            try:
                await self._serve_until_gone(place)
            finally:
                close_all(discovery)
        finally:
            self.servers = None
            for server in opened:
                server.close()

    async def _listen(self, place: Place, opened: list[asyncio.Server], *, is_tls: bool) -> int:
        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._connected(reader, writer, is_tls=is_tls)

        server, port = await listen(place, connected)
        opened.append(server)
        return port

    async def _serve_until_gone(self, place: Place) -> None:
        name = self._modem.name
        log.info("waiting for vehicles at %s, %s", name, place.address)
        if self._settings.tls != "off" and not self._keyring.has_any():
            what = "answers none" if self._settings.tls == "required" else "offers no TLS"
            until = "until the backend has had one made (SignV2GCertificate)"
            log.warning("there is no certificate for vehicles: %s %s %s", name, what, until)
        async with asyncio.TaskGroup() as tasks:
            turns = tasks.create_task(self._take_turns())
            await self._modem.wait_for_change(place)
            log.warning("the interface %s is gone", name)
            turns.cancel("the interface is gone")

    def _offered(self, servers: Servers) -> Servers:
        """Return what a vehicle that asks is told: TLS only while there is a certificate for it."""
        return servers if self._keyring.has_any() else replace(servers, tls_port=None)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_tls: bool) -> None:
        watch_closely(writer)
        address = str((writer.get_extra_info("peername") or ("?",))[0])
        caller = _Caller(channel=PlainChannel(reader, writer), address=address, is_tls=is_tls)
        served = self._served
        if not replaces(caller.address, None if served is None else served.address):
            self.figures.refused_connections += 1
            log.warning("a connection from %s is refused: a vehicle is being served", address)
            caller.channel.abort()
            return
        self.figures.connections += 1
        if self._waiting is not None:
            self._waiting.channel.abort()
        self._waiting = caller
        if served is not None and served.job is not None:
            served.job.cancel("the vehicle has connected anew")
        self._turn.set()

    async def _take_turns(self) -> None:
        """Serve one caller after the other."""
        try:
            while True:
                await self._turn.wait()
                self._turn.clear()
                caller, self._waiting = self._waiting, None
                if caller is not None:
                    await self._serve_one(caller)
        finally:
            if self._waiting is not None:
                self._waiting.channel.abort()
                self._waiting = None

    async def _serve_one(self, caller: _Caller) -> None:
        self._served = caller
        job = caller.job = asyncio.create_task(self._attend(caller))
        try:
            await asyncio.wait([job])
        except asyncio.CancelledError as stop:
            job.cancel(*stop.args)
            await asyncio.wait([job])  # until the power is off
            raise
        finally:
            caller.channel.abort()  # one that was given up before its turn began is open still
            self._served = None

    async def _attend(self, caller: _Caller) -> None:
        """Serve a vehicle until it leaves, or is unplugged."""
        unplugged = asyncio.create_task(self._stop_when_unplugged(caller))
        try:
            await self._hold(caller)
        except TlsFailed as error:
            self.figures.failed_handshakes += 1
            log.warning("no TLS with the vehicle at %s: %s", caller.address, error)
        except LinkLost as error:
            log.warning("the vehicle at %s: %s", caller.address, error)
        except Exception:
            log.exception("the vehicle at %s could not be served", caller.address)
        finally:
            unplugged.cancel()
            await caller.channel.close()

    async def _hold(self, caller: _Caller) -> None:
        channel, link, is_20_allowed = await self._open(caller)
        offered = [
            one for one in self._conversations if is_20_allowed or not one.namespace.startswith(_DASH_20)
        ]
        carrier = Carrier(
            channel, link, self._evse, self.figures, messages_are_logged=self._settings.messages_are_logged
        )
        try:
            await carrier.carry(offered, self._resting)
        finally:
            if carrier.is_set_up:
                self._rest(None if caller.is_unplugged else carrier.resting)
            if channel is not caller.channel:
                await channel.close()

    async def _open(self, caller: _Caller) -> tuple[Channel, Link, bool]:
        """Return the channel to speak on, and whether it is good enough for ISO 15118-20."""
        if not caller.is_tls:
            return caller.channel, Link(is_tls=False), self._settings.plain_iso20
        greeted = await shake_hands(caller.channel, self._show)
        link = Link(is_tls=True, vehicle_chain=greeted.vehicle_chain)
        is_mutual = greeted.shown.version == "TLS 1.3" and bool(greeted.vehicle_chain)
        log.info("a vehicle at %s, %s", caller.address, greeted.shown.version)
        return greeted.channel, link, is_mutual or self._settings.plain_iso20

    async def _show(self, hello: ClientHello) -> tuple[Shown, VehicleRoots | None]:
        """Choose what a vehicle is shown; only where -20 is spoken it has to show something itself."""
        shown = choose(hello, await self._keyring.credentials())
        if shown is None:
            raise TlsFailed("there is no certificate that the vehicle could take")
        speaks_20 = any(one.namespace.startswith(_DASH_20) for one in self._conversations)
        if shown.version != "TLS 1.3" or not speaks_20:
            return shown, None
        return shown, await self._keyring.vehicle_roots()

    async def _stop_when_unplugged(self, caller: _Caller) -> None:
        await self._evse.unplugged()
        caller.is_unplugged = True
        if caller.job is not None:
            caller.job.cancel("the vehicle was unplugged")

    def _rest(self, resting: Resting | None) -> None:
        self._resting = resting
        if resting is not None:
            self._rests.set()

    async def _forget_when_unplugged(self) -> None:
        """Forget a session that rests once its vehicle is unplugged."""
        while True:
            await self._rests.wait()
            await self._evse.unplugged()
            self._resting = None
            self._rests.clear()


def replaces(address: str, served: str | None) -> bool:
    """Return whether a connection takes the place of the one that is served: it is the same vehicle's."""
    return served is None or address == served
