"""A small conversation of real ISO 15118-2 messages, an EVSE that notes what it is told, and a vehicle.

For what carries conversations; those of the standards have their own tests.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from agent.iso15118.conversation import Chance, Conversation, Link, Resting
from agent.iso15118.credentials import Credential
from agent.iso15118.facts import Charger, Facts
from agent.iso15118.interface import InterfaceModem
from agent.iso15118.server import Secc, Settings
from agent.iso15118.tls import VehicleRoots
from agent.iso15118.turns import (
    Answer,
    Deed,
    Done,
    DrawAtMost,
    Ending,
    Energise,
    Introduce,
    Order,
    Outcome,
    Request,
    Response,
    Turn,
)
from agent.iso15118.v2gtp import Frame, PayloadType, V2gtpStream
from certs.exi.codec import decode, encode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

NAMESPACE = "urn:iso:15118:2:2013:MsgDef"
EVCC_ID = b"\x02\x00\x00\x00\x00\x01"
WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class SmallState:
    session_id: bytes
    is_resumed: bool
    resting: Resting | None


class SmallConversation:
    """Answers SessionSetup, PowerDelivery, SessionStop, and refuses what cannot be read."""

    name = "ISO 15118-2"
    version = (2, 0)

    def __init__(self, namespace: str = NAMESPACE, next_within_s: float = 60.0) -> None:
        self.namespace = namespace
        self.links: list[Link] = []
        self._next_within_s = next_within_s

    def begin(self, charger: Charger, link: Link, resting: Resting | None, chance: Chance) -> SmallState:
        self.links.append(link)
        return SmallState(chance.session_id, is_resumed=False, resting=resting)

    def read(self, frame: Frame) -> Request:
        name, message = decode(schema("iso2"), frame.payload)
        if name != "V2G_Message":
            raise CannotDecode(f"{name} is no V2G_Message")
        [body] = message["Body"]
        return Request(payload_type=frame.payload_type, name=body, message=message, exi=frame.payload)

    def step(self, state: SmallState, request: Request, facts: Facts) -> Turn[SmallState]:
        body = request.message["Body"][request.name]
        if request.name == "SessionSetupReq":
            given = request.message["Header"]["SessionID"]
            if state.resting is not None and state.resting.session_id == given:
                state = replace(state, session_id=given, is_resumed=True)
            return self._said(
                state,
                "SessionSetup",
                {"EVSEID": "DE*ABC*E1"},
                "OK_OldSessionJoined" if state.is_resumed else "OK_NewSessionEstablished",
                orders=(Introduce(body["EVCCID"].hex()),),
            )
        if request.name == "PowerDeliveryReq":
            if facts.outcome is None:
                return Energise()
            is_done = isinstance(facts.outcome[1], Done)
            status = {"NotificationMaxDelay": 0, "EVSENotification": "None", "RCD": False}
            answer = self._said(
                state,
                "PowerDelivery",
                {"AC_EVSEStatus": status},
                "OK" if is_done else "FAILED_PowerDeliveryNotApplied",
                orders=(DrawAtMost(Decimal(16)),),
            )
            return answer if is_done else replace(answer, ending="error", why="no power")
        if request.name == "SessionStopReq":
            ending: Ending = "pause" if body["ChargingSession"] == "Pause" else "terminate"
            return replace(self._said(state, "SessionStop", {}, "OK"), ending=ending)
        if request.name == "ServiceDetailReq":
            raise ZeroDivisionError("an error of the charger's")
        if request.name == "AuthorizationReq":
            return Energise()  # for ever
        return replace(self._said(state, "SessionStop", {}, "FAILED_SequenceError"), ending="error")

    def refuse(self, state: SmallState, why: str) -> Answer[SmallState] | None:
        if "no V2G_Message" in why:
            return None
        answer = self._said(state, "SessionStop", {}, "FAILED")
        return replace(answer, ending="error", why="unreadable")

    def rest(self, state: SmallState) -> Resting:
        return Resting(protocol=self.name, session_id=state.session_id, kept=None)

    def _said(
        self, state: SmallState, name: str, rest: dict[str, Any], code: str, orders: tuple[Order, ...] = ()
    ) -> Answer[SmallState]:
        message = {
            "Header": {"SessionID": state.session_id},
            "Body": {f"{name}Res": {"ResponseCode": code, **rest}},
        }
        response = Response(payload_type=PayloadType.EXI, schema="iso2", name="V2G_Message", message=message)
        return Answer(state=state, response=response, orders=orders, next_within_s=self._next_within_s)


class SmallEvse:
    """Notes what it is told; its contactor is as slow as it is made."""

    charger = Charger(evse_id="DE*ABC*E1", transfers=("AC_three_phase",))

    def __init__(self) -> None:
        self.told: list[object] = []
        self.contactor: Outcome | None = Done()
        self.is_unplugged = asyncio.Event()
        self._is_on = False
        self.how: tuple[Ending, str] | None = None
        self.ended = asyncio.Event()
        self.end_takes = asyncio.Event()
        self.end_takes.set()

    async def begin(self, protocol: str) -> None:
        self.ended.clear()
        self.told.append(protocol)

    async def facts(self) -> Facts:
        return Facts(now=datetime.now(UTC), now_s=0.0, power_is_on=self._is_on)

    async def perform(self, deed: Deed) -> Outcome:
        self.told.append(deed)
        if self.contactor is None:
            await asyncio.Event().wait()
        assert self.contactor is not None
        self._is_on = isinstance(self.contactor, Done)
        return self.contactor

    def is_powered(self) -> bool:
        return self._is_on

    def order(self, order: Order) -> None:
        self.told.append(order)

    async def end(self, ending: Ending, why: str) -> None:
        await self.end_takes.wait()
        self._is_on = False
        self.how = ending, why
        self.told.append(self.how)
        self.ended.set()

    async def unplugged(self) -> None:
        await self.is_unplugged.wait()

    async def ending(self) -> tuple[Ending, str]:
        """Wait until a session has ended, and return how and why."""
        async with asyncio.timeout(WITHIN_S):
            await self.ended.wait()
        assert self.how is not None
        return self.how


@dataclass(frozen=True, slots=True)
class SmallKeyring:
    """These keys and roots."""

    keys: tuple[Credential, ...] = ()
    roots: VehicleRoots | None = None

    def has_any(self) -> bool:
        return bool(self.keys)

    async def credentials(self) -> tuple[Credential, ...]:
        return self.keys

    async def vehicle_roots(self) -> VehicleRoots | None:
        return self.roots


@asynccontextmanager
async def serving(
    evse: SmallEvse,
    conversations: Sequence[Conversation[Any]],
    keyring: SmallKeyring | None = None,
    **settings: Any,
) -> AsyncIterator[Secc]:
    """Serve at the loopback interface; its discovery has a port of its own."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::1", 0))
        sdp_port = free.getsockname()[1]
    secc = Secc(
        InterfaceModem("lo"),
        Settings(sdp_port=sdp_port, **settings),
        evse,
        conversations,
        keyring or SmallKeyring(),
    )
    running = asyncio.create_task(secc.run())
    try:
        async with asyncio.timeout(WITHIN_S):
            while secc.servers is None:
                await asyncio.sleep(0)
        yield secc
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


class SmallVehicle:
    """A vehicle's side of the connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.session_id = bytes(8)
        self._stream = V2gtpStream()

    async def agree(self, *proposals: tuple[str, int, int]) -> dict[str, Any]:
        """Propose protocols (namespace, major, minor), the first with the highest priority."""
        message = {
            "AppProtocol": [
                {
                    "ProtocolNamespace": namespace,
                    "VersionNumberMajor": major,
                    "VersionNumberMinor": minor,
                    "SchemaID": number,
                    "Priority": number,
                }
                for number, (namespace, major, minor) in enumerate(proposals or ((NAMESPACE, 2, 0),), start=1)
            ]
        }
        exi = encode(schema("app_protocol"), "supportedAppProtocolReq", message)
        self.writer.write(Frame(PayloadType.EXI, exi).to_bytes())
        name, answer = decode(schema("app_protocol"), (await self.hear()).payload)
        assert name == "supportedAppProtocolRes"
        assert isinstance(answer, dict)
        return answer

    async def ask(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        self.say(name, body)
        _, message = decode(schema("iso2"), (await self.hear()).payload)
        self.session_id = message["Header"]["SessionID"]
        [answer] = message["Body"].values()
        assert isinstance(answer, dict)
        return answer

    def say(self, name: str, body: dict[str, Any]) -> None:
        message = {"Header": {"SessionID": self.session_id}, "Body": {name: body}}
        self.writer.write(Frame(PayloadType.EXI, encode(schema("iso2"), "V2G_Message", message)).to_bytes())

    async def hear(self) -> Frame:
        async with asyncio.timeout(WITHIN_S):
            while True:
                data = await self.reader.read(1 << 14)
                if not data:
                    raise EOFError
                if frames := self._stream.receive(data):
                    return frames[0]

    async def set_up(self) -> dict[str, Any]:
        await self.agree()
        return await self.ask("SessionSetupReq", {"EVCCID": EVCC_ID})

    async def start(self) -> dict[str, Any]:
        return await self.ask("PowerDeliveryReq", {"ChargeProgress": "Start", "SAScheduleTupleID": 1})

    async def stop(self, how: str = "Terminate") -> dict[str, Any]:
        return await self.ask("SessionStopReq", {"ChargingSession": how})

    async def heard_the_end(self) -> bytes:
        """Return what still comes until the charger closes the connection."""
        async with asyncio.timeout(WITHIN_S):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""


@asynccontextmanager
async def vehicle(secc: Secc, tls: ssl.SSLContext | None = None) -> AsyncIterator[SmallVehicle]:
    """Connect a vehicle to where the charger listens."""
    servers = secc.servers
    assert servers is not None
    port = servers.plain_port if tls is None else servers.tls_port
    reader, writer = await asyncio.open_connection(str(servers.address), port, ssl=tls)
    try:
        yield SmallVehicle(reader, writer)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
