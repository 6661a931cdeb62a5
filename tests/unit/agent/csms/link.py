"""The agent's client with a station of no EVSEs behind it, for tests of what is between it and a CSMS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.verdicts import Verdict
from agent.availability.service import Availability
from agent.csms.accounts import Accounts
from agent.csms.client import CsmsClient
from agent.csms.connection import Connection
from agent.csms.delivery import Delivery
from agent.csms.dialect import Dialect, Reply, Services
from agent.csms.identity import Identity
from agent.csms.kinds import KINDS
from agent.csms.notices import Notices
from agent.csms.opening import Access
from agent.csms.v201.dialect import Dialect201
from agent.customers.desk import Customers
from agent.display.board import Board
from agent.monitoring.opening import monitoring_of
from agent.network.book import NetworkBook
from agent.network.profiles import NetworkProfile
from agent.reservations.service import Reservations
from agent.security.service import Given, open_security
from agent.station.limits import Limits
from agent.station.station import Station
from agent.store import outbox
from agent.store.database import Database
from agent.store.keeper import Figures
from agent.system.boot import Begun
from agent.system.clock import StationClock
from agent.transactions.records import Token, TransactionEvent
from agent.vendors.registry import Vendors
from ocppj.messages.fields import Payload
from tests.conformance.kit import Csms
from tests.unit.agent.file_services import file_services
from tests.unit.agent.hardware import MemorySettings
from tests.unit.agent.station.bench import wiring

IDENTITY = Identity(station_id="CH/1", vendor="chargehand", model="Unit", serial="0001", firmware="")
QUICK = {
    "OCPPCommCtrlr__RetryBackOffWaitMinimum": "0",
    "OCPPCommCtrlr__RetryBackOffRandomRange": "0",
}


class _Nobody:
    is_registered = True

    async def check_token(self, token: Token) -> Verdict:
        raise BackendUnreachable(token.id)


class NotedStation(Station):
    """A station without EVSEs that notes whom it was to stop."""

    def __init__(self, settings: MemorySettings, database: Database) -> None:
        clock = StationClock()
        limits = Limits(wiring(), database, settings, clock)
        authorizer = Authorizer(_Nobody(), settings, database, clock.now)
        availability = Availability(database, clock.now)
        reservations = Reservations(database, settings, clock.now)
        super().__init__({}, authorizer, limits, availability, reservations, settings, clock, self._restart)
        self.stopped: list[tuple[str, Token, str]] = []

    async def deauthorize(self, transaction_id: str, token: Token, status: str) -> None:
        self.stopped.append((transaction_id, token, status))

    async def _restart(self, _: str) -> None:
        return


@dataclass
class Link:
    """The station's side."""

    database: Database
    settings: MemorySettings
    station: NotedStation
    delivery: Delivery
    client: CsmsClient
    clock: StationClock
    network: NetworkBook
    signs_of_life: list[float] = field(default_factory=list)

    async def write(self, *events: TransactionEvent) -> None:
        for event in events:
            message_id = f"{event.transaction_id}/{event.seq_no}"
            await self.database.write(lambda c, e=event, m=message_id: outbox.add(c, m, e))  # type: ignore[misc]  # bound now
        self.delivery.event_added()

    async def waiting(self) -> tuple[int, int]:
        return await self.database.read(outbox.count)

    async def until_waiting(self, waiting: int, aside: int = 0) -> None:
        async with asyncio.timeout(8):
            while await self.waiting() != (waiting, aside):
                await asyncio.sleep(0.01)


@asynccontextmanager
async def link_to(
    url: str, directory: Path, *, password: str = "pass-word-of-sixteen", **settings: str
) -> AsyncIterator[Link]:
    """Make a client that does not run yet."""
    database = Database(directory / "agent.db")
    await database.open()
    model = MemorySettings(**{**QUICK, **settings})
    station = NotedStation(model, database)
    clock = StationClock()
    signs: list[float] = []
    notices = Notices(database, KINDS, clock.now)
    security = await open_security(
        directory, database, model, notices, clock.now, Given(serial="0001", password=password)
    )
    access = Access(station_id=IDENTITY.station_id, credentials=security.credentials, log_frames=False)
    network = NetworkBook(database, model, NetworkProfile(url=url, security=1))
    await network.restore()
    client = CsmsClient(
        access,
        network,
        IDENTITY,
        model,
        clock,
        Begun(reason="PowerUp"),
        lambda: signs.append(asyncio.get_running_loop().time()),
    )
    accounts = Accounts(database)
    delivery = Delivery(database, station, accounts, Figures())
    board = Board(station.evses, database, model, clock)
    services = Services(
        station=station,
        accounts=accounts,
        notices=notices,
        display=board,
        security=security,
        customers=Customers(station, database),
        vendors=Vendors(),
        monitoring=monitoring_of(station, (), database, clock, notices, lambda: client.is_online),
        files=file_services(directory, database, model, notices.add, clock.now),
    )
    client.attach(services, delivery, notices)
    try:
        yield Link(database, model, station, delivery, client, clock, network, signs)
    finally:
        await database.close()


@asynccontextmanager
async def running(link: Link) -> AsyncIterator[Link]:
    """Let the client run."""
    task = asyncio.create_task(link.client.run())
    try:
        yield link
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def connection_to(csms: Csms, dialect: Dialect | None = None) -> AsyncIterator[Connection]:
    """A bare connection, without a client."""

    async def serve(_: str, __: Payload, ___: int) -> Reply:
        raise NotImplementedError

    dialect = dialect or Dialect201()
    protocol = Subprotocol(dialect.version.subprotocol)
    async with connect(csms.url, subprotocols=[protocol], proxy=None) as socket:
        connection = Connection(socket, dialect, serve, lambda *_: None, log_frames=False)
        pumping = asyncio.create_task(connection.run())
        yield connection
        await socket.close()
        await pumping
