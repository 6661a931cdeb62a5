"""What a handler may use, over a station in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from agent.csms.accounts import Accounts
from agent.csms.dialect import Context, Reply
from agent.csms.identity import Identity
from agent.csms.reports import Reports
from agent.customers.desk import Customers
from agent.display.board import Board
from agent.files import FileServices
from agent.firmware.section import FirmwareSection
from agent.monitoring.hardware import provide_problems
from agent.monitoring.opening import monitoring_of
from agent.network.book import NetworkBook
from agent.network.profiles import NetworkProfile
from agent.security.service import Given, Security, open_security
from agent.station.points import offer_points
from agent.variables.model import Place
from agent.vendors.registry import Vendors
from ocppj.messages import v201
from ocppj.messages.fields import Payload
from tests.unit.agent.file_services import file_services
from tests.unit.agent.station.test_station import Forecourt, forecourt

CSMS_URL = "ws://192.0.2.1/ocpp"


@dataclass
class Office:
    """A forecourt, a context for handlers, and what they did with it."""

    place: Forecourt
    network: NetworkBook
    display: Board
    security: Security
    files: FileServices
    reports: Reports = field(default_factory=Reports)
    is_registered: bool = True
    sent: list[Payload] = field(default_factory=list)
    boots: int = 0
    statuses: list[int | None] = field(default_factory=list)
    reconnects: int = 0
    notices: list[object] = field(default_factory=list)
    is_online: bool = True
    vendors: Vendors = field(default_factory=Vendors)

    def __post_init__(self) -> None:
        self.monitoring = monitoring_of(
            self.place.station, (), self.place.database, self.place.clock, self, lambda: self.is_online
        )

    @property
    def context(self) -> Context:
        return Context(
            station=self.place.station,
            accounts=Accounts(self.place.database),
            identity=Identity(station_id="CH-1", vendor="chargehand", model="Unit", serial="", firmware=""),
            now=self.place.clock.now,
            backend=self,
            is_registered=lambda: self.is_registered,
            send_boot_notification=self._boot,
            send_heartbeat=self._beat,
            send_status=self._status,
            reconnect=self._reconnect,
            notices=self,
            network=self.network,
            reports=self.reports,
            display=self.display,
            security=self.security,
            monitoring=self.monitoring,
            files=self.files,
            customers=Customers(self.place.station, self.place.database),
            vendors=self.vendors,
        )

    async def add(self, record: object, *, lifetime: timedelta | None = None) -> None:
        self.notices.append(record)

    async def call(self, request: Payload) -> Payload:
        self.sent.append(request)
        return request

    async def carry_out(self, reply: Reply) -> None:
        """Do what follows the answer."""
        assert reply.after is not None
        await reply.after()

    async def _boot(self) -> None:
        self.boots += 1

    async def _beat(self) -> None:
        self.sent.append(v201.HeartbeatRequest())

    async def _status(self, evse_id: int | None) -> None:
        self.statuses.append(evse_id)

    async def _reconnect(self) -> None:
        self.reconnects += 1


@dataclass(frozen=True)
class _Kept:
    notices: list[object]

    async def add(self, record: object) -> None:
        self.notices.append(record)


@asynccontextmanager
async def office(
    path: Path, *, firmware: FirmwareSection | None = None, **settings: Any
) -> AsyncIterator[Office]:
    async with forecourt(path, **settings) as place:
        for number in place.benches:
            place.settings.provide("EVSE.Power", partial(str, 1000 * number), Place(number), maximum=11040)
        network = NetworkBook(place.database, place.settings, NetworkProfile(url=CSMS_URL, security=1))
        await network.restore()
        network.guard_settings()
        offer_points(place.settings, place.station.evses.values())
        board = Board(place.station.evses, place.database, place.settings, place.clock)
        notices: list[object] = []
        security = await open_security(
            path, place.database, place.settings, _Kept(notices), place.clock.now, Given(serial="SN-0001")
        )
        provide_problems(place.settings, place.station.evses, ())
        files = file_services(
            path, place.database, place.settings, _Kept(notices).add, place.clock.now, firmware=firmware
        )
        made = Office(place, network, board, security, files, notices=notices)
        await made.monitoring.restore()
        yield made
