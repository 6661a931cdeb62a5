"""Which chargers are connected to this process."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from backend.csms.errors import StationOffline
from ocppj.messages.fields import Payload

log = logging.getLogger(__name__)


class Caller(Protocol):
    """A charger that can be asked."""

    @property
    def identity(self) -> str:
        """Who it is."""

    async def call(self, request: Payload, *, timeout_s: float | None = None) -> Payload:
        """Send a request and return the response.

        Raises:
            StationSilent: If no answer came in time.
            StationRefused: If the answer is an error.
        """

    def expect(self, action: str) -> None:
        """Let the charger send this although it is not accepted yet: it was asked for it (B02.FR.09)."""


class Connected(Caller, Protocol):
    """A connection of a charger."""

    @property
    def station_id(self) -> int:
        """The primary key."""

    @property
    def last_seen_at(self) -> datetime:
        """When the charger last sent anything."""

    @property
    def registration(self) -> str | None:
        """RegistrationStatusEnumType; None for one that never booted."""

    def replace(self) -> None:
        """Give way to a newer connection of the same charger."""


class Registry:
    """The newest connection of every connected charger."""

    def __init__(self) -> None:
        self._connections: dict[str, Connected] = {}
        self._left: dict[int, datetime] = {}
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have somebody told whenever a charger has connected."""
        self._listeners.append(listener)

    def add(self, connection: Connected) -> None:
        """Take in a connection. One that the same charger still had is closed.

        A charger comes back after a network failure before its old connection is found to be dead.
        """
        old = self._connections.get(connection.identity)
        self._connections[connection.identity] = connection
        if old is not None:
            old.replace()
        for listener in self._listeners:
            listener()

    def remove(self, connection: Connected) -> None:
        """Forget a connection that has ended, unless a newer one took its place."""
        self._left[connection.station_id] = connection.last_seen_at
        if self._connections.get(connection.identity) is connection:
            del self._connections[connection.identity]

    def is_connected(self, identity: str) -> bool:
        """Tell whether the charger is connected."""
        return identity in self._connections

    def may_be_asked(self, identity: str) -> bool:
        """Tell whether the charger is connected and accepted, so that it takes commands of any kind."""
        connection = self._connections.get(identity)
        return connection is not None and connection.registration == "Accepted"

    def last_seen_at(self, identity: str) -> datetime | None:
        """Return when a connected charger last sent anything."""
        connection = self._connections.get(identity)
        return None if connection is None else connection.last_seen_at

    def get(self, identity: str) -> Connected:
        """Return the connection of a charger.

        Raises:
            StationOffline: If it has none.
        """
        try:
            return self._connections[identity]
        except KeyError:
            raise StationOffline(identity, "not connected") from None

    def take_seen(self) -> dict[int, datetime]:
        """Return when each charger was last seen, those which left since the last time included."""
        seen = self._left | {each.station_id: each.last_seen_at for each in self._connections.values()}
        self._left = {}
        return seen
