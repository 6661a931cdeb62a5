"""What the agent needs of an OCPP version: messages out of its own terms, and handlers of calls.

One module per version implements this; everything else in agent/ is free of any version.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Protocol

from agent.authorization.contract import Evidence, StatusQuestion
from agent.authorization.verdicts import Verdict
from agent.costs.records import PersonalText
from agent.csms.accounts import Accounts
from agent.csms.identity import Identity
from agent.csms.reports import Reports
from agent.csms.stream_words import StreamWords
from agent.csms.vehicle_records import EvAnswer, EvRequest
from agent.customers.desk import Customers
from agent.display.board import Board
from agent.files import FileServices
from agent.monitoring.service import Monitoring
from agent.network.book import NetworkBook
from agent.security.service import Security
from agent.security.signing import Purpose
from agent.station.connector import ConnectorView
from agent.station.station import Station
from agent.transactions.account import Account
from agent.transactions.limits import TxLimit
from agent.transactions.records import Sample, Token, TransactionEvent
from agent.vendors.registry import Answer, Vendors
from certs.hash_data import HashData
from ocppj.messages.fields import Payload
from ocppj.versions import Version

After = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a call, and what is to happen once it is on its way."""

    response: Payload
    after: After | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BootAnswer:
    """What the backend said to BootNotification."""

    status: Literal["Accepted", "Pending", "Rejected"]
    interval_s: int
    backend_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the requests that tell a transaction event; `name` is "" where one tells it all.

    `is_of_transaction`: it is told once, whichever event leads to it, and is the same message then.
    """

    request: Payload
    name: str = ""
    is_of_transaction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """What the backend said to a part of a transaction event, as far as it said anything.

    The token's verdict, what the transaction costs, what the driver is to be told now, and how far the
    transaction may go.
    """

    verdict: Verdict | None
    total_cost: Decimal | None = None
    text: PersonalText | None = None
    limit: TxLimit | None = None


class CannotBeTold(Exception):
    """The message has no room for this; says what is too much. Cut short it would say something else."""


class Caller(Protocol):
    """Sends messages to the backend and awaits their answers."""

    async def call(self, request: Payload) -> Payload:
        """Return the backend's answer.

        Raises:
            CallFailed: If there is no connection, an error came back, or nothing in time.
        """


class Notifier(Protocol):
    """Keeps what the backend must be told, over power cuts and offline times (`agent.csms.notices`)."""

    async def add(self, record: object, *, lifetime: timedelta | None = None) -> None:
        """Keep a record, of a type in the dialect's `notices`, until it is told.

        Raises:
            StoreError: If it could not be made durable.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the agent's other parts do for handlers; agent/app.py puts it together, once."""

    station: Station
    accounts: Accounts
    notices: Notifier
    display: Board
    security: Security
    monitoring: Monitoring
    files: FileServices
    customers: Customers
    vendors: Vendors


@dataclass(frozen=True, slots=True, kw_only=True)
class Context(Services):
    """What a handler may use: the services, and the connection that asks."""

    identity: Identity
    now: Callable[[], datetime]
    backend: Caller
    is_registered: Callable[[], bool]
    send_boot_notification: After
    send_heartbeat: After
    send_status: Callable[[int | None], Awaitable[None]]
    reconnect: After
    network: NetworkBook
    reports: Reports


Handler = Callable[[Any, Context], Awaitable[Reply]]


class Dialect(Protocol):
    """One OCPP version, station's side."""

    version: Version

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """Action to handler. The request a handler gets is of that action's type, and valid."""

    @property
    def notices(self) -> Mapping[type[Any], Callable[[Any], Payload | None]]:
        """How each type of record that waits in `agent.csms.notices` becomes a message, if it does."""

    @property
    def questions(self) -> Mapping[type[Any], tuple[Callable[[Any], Payload], Callable[[Any], Any]]]:
        """How each type of question becomes a message, and how the answer to it is read."""

    @property
    def streams(self) -> StreamWords | None:
        """The messages of streams of monitored values, if the version knows any."""

    @property
    def largest(self) -> Mapping[str, str]:
        """Action to the variable that says how many bytes such a request may have."""

    def form(self, message: Payload) -> Payload:
        """Return the message as it is sent: in this version's own types, if an earlier version's made it."""

    def boot_notification(self, identity: Identity, reason: str) -> Payload:
        """Return the message that announces the station."""

    def read_boot(self, response: Payload) -> BootAnswer:
        """Return what the backend answered."""

    def heartbeat(self) -> Payload:
        """Return the message that keeps the link and asks the time."""

    def read_time(self, response: Payload) -> datetime:
        """Return the backend's time from its answer to a heartbeat."""

    def status(self, view: ConnectorView) -> Hashable:
        """Return what this version says of a connector: if it stays the same, there is nothing to tell."""

    def status_notification(self, view: ConnectorView, at: datetime) -> Payload:
        """Return the message that tells a connector's status."""

    def status_between(self, told: ConnectorView, view: ConnectorView) -> ConnectorView | None:
        """Return what is to be told before `view`, if this version does not let it follow `told`."""

    def station_status(self, at: datetime, *, is_open: bool, warning: str | None) -> Payload | None:
        """Return the message that tells whether the station as a whole is in service, if there is one."""

    def authorize(self, token: Token, evidence: Evidence) -> Payload:
        """Return the message that asks about a token."""

    def read_verdict(self, response: Payload) -> Verdict:
        """Return what the backend said about the token.

        Raises:
            CannotBeTold: If it said that it does not know what it was asked.
        """

    def next_part(self, account: Account, event: TransactionEvent) -> Part | None:
        """Return what is still to be told of an event, None if the backend has all of it.

        Raises:
            CannotBeTold: If this version has no way to.
        """

    def answered(self, account: Account, event: TransactionEvent, response: Payload) -> Account:
        """Return the account after the backend's answer to a part."""

    def read_event_answer(self, response: Payload) -> EventAnswer:
        """Return what the backend answered."""

    def certificate_status(self, question: StatusQuestion) -> Payload:
        """Return the message that asks about a certificate's status."""

    def read_certificate_status(self, response: Payload) -> str | None:
        """Return the OCSP answer (base64 DER), None if the backend has none."""

    def ev_certificate(self, request: EvRequest) -> Payload:
        """Return the message that passes a vehicle's request for a contract certificate on."""

    def read_ev_certificate(self, response: Payload) -> EvAnswer:
        """Return what the vehicle is to be told."""

    def sign_certificate(self, request: str, purpose: Purpose, root: HashData | None) -> Payload:
        """Return the message that has a key certified, from its signing request (PEM).

        Raises:
            CannotBeTold: If this version has no such certificates.
        """

    def read_signing(self, response: Payload) -> bool:
        """Return whether the backend will have it certified."""

    def meter_values(self, evse_id: int, sample: Sample) -> Payload:
        """Return the message that carries meter values outside a transaction."""

    def data_transfer(self, vendor_id: str, message_id: str | None, data: Any) -> Payload:
        """Return the message that carries what vendors agreed on."""

    def read_data_transfer(self, response: Payload) -> Answer:
        """Return what the backend answered."""
