"""Start and stop charging from afar (F01, F02, F03), and remember what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from backend.csms.errors import StationRefused
from backend.csms.registry import Registry
from backend.csms.v201.commands.request_start_transaction import request_start_transaction
from backend.csms.v201.commands.request_stop_transaction import request_stop_transaction
from backend.db.engine import Database
from backend.db.tables import charging_stations, remote_starts, transactions
from ocppj.messages import v201

UNANSWERED = "Unanswered"


class UnknownStation(LookupError):
    """The operator has no such station."""


class UnknownSession(LookupError):
    """There is no such session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnswer:
    """What the charger said: Accepted or Rejected, and the transaction if one was going on already."""

    remote_start_id: int
    status: str
    reason: str | None
    transaction_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAnswer:
    """What the charger said. `status` is Accepted or Rejected."""

    status: str
    reason: str | None


class RemoteControl:
    """Asks chargers that are connected to this process."""

    def __init__(self, database: Database, registry: Registry, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._registry = registry
        self._clock = clock

    def is_connected(self, identity: str) -> bool:
        """Tell whether the charger is connected."""
        return self._registry.is_connected(identity)

    def last_seen_at(self, identity: str) -> datetime | None:
        """Return when a connected charger last sent anything, None if it is not connected."""
        return self._registry.last_seen_at(identity)

    async def start(
        self, identity: str, evse_id: int, id_token: str, id_token_type: v201.IdTokenEnumType
    ) -> StartAnswer:
        """Ask a charger to charge for an identifier, which is accepted from it while the request is fresh.

        Raises:
            UnknownStation, StationOffline, StationSilent, StationRefused: If it could not be asked, did not
                answer, or answered with an error.
        """
        station = await self._database.read(lambda db: _station(db, identity))
        connection = self._registry.get(identity)
        row = {
            "station_id": station,
            "evse_id": evse_id,
            "id_token": id_token,
            "id_token_type": id_token_type,
            "requested_at": self._clock(),
        }
        number = await self._database.write(lambda db: _remember(db, row))
        status = UNANSWERED
        try:
            answer = await request_start_transaction(
                connection,
                remote_start_id=number,
                id_token=id_token,
                id_token_type=id_token_type,
                evse_id=evse_id,
            )
            status = answer.status
        except StationRefused:
            status = "Rejected"
            raise
        finally:
            await self._database.write(lambda db: _note(db, number, status))
        return StartAnswer(
            remote_start_id=number,
            status=answer.status,
            reason=_reason(answer.status_info),
            transaction_id=answer.transaction_id,
        )

    async def stop(self, session_id: str) -> StopAnswer:
        """Ask the charger of a session to stop it.

        Raises:
            UnknownSession, StationOffline, StationSilent, StationRefused: As `start` does.
        """
        identity, transaction_id = await self._database.read(lambda db: _transaction(db, session_id))
        answer = await request_stop_transaction(self._registry.get(identity), transaction_id)
        return StopAnswer(status=answer.status, reason=_reason(answer.status_info))


def _reason(info: v201.StatusInfoType | None) -> str | None:
    if info is None:
        return None
    return f"{info.reason_code}: {info.additional_info}" if info.additional_info else info.reason_code


def _station(db: Connection, identity: str) -> int:
    query = select(charging_stations.c.id).where(charging_stations.c.identity == identity)
    found: int | None = db.execute(query).scalar_one_or_none()
    if found is None:
        raise UnknownStation(identity)
    return found


def _transaction(db: Connection, session_id: str) -> tuple[str, str]:
    query = (
        select(charging_stations.c.identity, transactions.c.transaction_id)
        .join(charging_stations, charging_stations.c.id == transactions.c.station_id)
        .where(transactions.c.session_id == session_id)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        raise UnknownSession(session_id)
    return row.identity, row.transaction_id


def _remember(db: Connection, row: dict[str, object]) -> int:
    number: int = db.execute(insert(remote_starts).values(row).returning(remote_starts.c.id)).scalar_one()
    return number


def _note(db: Connection, number: int, status: str) -> None:
    db.execute(update(remote_starts).where(remote_starts.c.id == number).values(status=status))
