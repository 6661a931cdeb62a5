"""Start and stop charging from afar (F01, F02, F03), and remember what was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from backend.csms.errors import StationRefused
from backend.csms.registry import Registry
from backend.csms.v201.commands.request_start_transaction import request_start_transaction
from backend.csms.v201.commands.request_stop_transaction import request_stop_transaction
from backend.db.engine import Database
from backend.db.tables import charging_stations, remote_starts
from backend.web.ports import CommandAnswer, StartAnswer
from ocppj.messages import v201

UNANSWERED = "Unanswered"


class Remote:
    """Asks chargers that are connected to this process (the port that the REST interface uses)."""

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
        self, identity: str, *, evse_id: int, id_token: str, id_token_type: v201.IdTokenEnumType
    ) -> StartAnswer:
        """Ask a charger to charge for an identifier, which is accepted from it while the request is fresh.

        Raises:
            StationOffline, StationSilent, StationRefused: If it could not be asked, did not answer, or
                answered with an error.
        """
        connection = self._registry.get(identity)
        row = {
            "evse_id": evse_id,
            "id_token": id_token,
            "id_token_type": id_token_type,
            "requested_at": self._clock(),
        }
        number = await self._database.write(lambda db: _remember(db, identity, row))
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
        info = answer.status_info
        return StartAnswer(
            status=answer.status,
            reason_code=None if info is None else info.reason_code,
            additional_info=None if info is None else info.additional_info,
            remote_start_id=number,
            transaction_id=answer.transaction_id,
        )

    async def stop(self, identity: str, transaction_id: str) -> CommandAnswer:
        """Ask a charger to stop a transaction of its own; raises as `start` does."""
        answer = await request_stop_transaction(self._registry.get(identity), transaction_id)
        info = answer.status_info
        return CommandAnswer(
            status=answer.status,
            reason_code=None if info is None else info.reason_code,
            additional_info=None if info is None else info.additional_info,
        )


def _remember(db: Connection, identity: str, row: dict[str, object]) -> int:
    station = select(charging_stations.c.id).where(charging_stations.c.identity == identity)
    number: int = db.execute(
        insert(remote_starts)
        .values(station_id=station.scalar_subquery(), **row)
        .returning(remote_starts.c.id)
    ).scalar_one()
    return number


def _note(db: Connection, number: int, status: str) -> None:
    db.execute(update(remote_starts).where(remote_starts.c.id == number).values(status=status))
