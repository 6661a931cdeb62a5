"""Which vehicle may be given which contract: the port for pools of contracts, and our own behind it.

Another pool, such as one that speaks the Open Plug&Charge Protocol, is a class with these methods; it is put
in where the backend is put together (`backend.pki.assembly`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from backend.db.engine import Database
from backend.db.tables import contracts
from certs.emaid import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A contract, and the vehicle (PCID) that may have its certificate."""

    emaid: str
    pcid: str
    is_cancelled: bool = False


class PoolUnavailable(Exception):
    """The pool cannot be asked now; whoever asked may try again."""


class ContractPool(Protocol):
    """Knows contracts. Each method may raise PoolUnavailable."""

    async def for_vehicle(self, pcid: str) -> tuple[Contract, ...]:
        """Return a vehicle's contracts, the newest first; those that were cancelled come last."""

    async def find(self, emaid: str) -> Contract | None:
        """Return a contract by its eMAID, hyphens and case ignored; None if the pool has no such."""


class OwnPool:
    """The operator's own contracts, in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def for_vehicle(self, pcid: str) -> tuple[Contract, ...]:
        """Return a vehicle's contracts, the newest first, cancelled ones last."""
        return await self._database.read(lambda db: _for_vehicle(db, pcid))

    async def find(self, emaid: str) -> Contract | None:
        """Return a contract by its eMAID."""
        return await self._database.read(lambda db: _find(db, emaid))


class ContractExists(Exception):
    """There is a contract of this eMAID already."""


def add(db: Connection, emaid: str, pcid: str, at: datetime) -> None:
    """Add a contract.

    Raises:
        ContractExists: If there is one of this eMAID.
    """
    values = {"emaid_key": plain(emaid), "emaid": plain(emaid), "pcid": pcid, "created_at": at}
    try:
        db.execute(insert(contracts).values(values))
    except IntegrityError:
        raise ContractExists(emaid) from None


def cancel(db: Connection, emaid: str, at: datetime) -> bool:
    """Cancel a contract; return whether there is one. One that was cancelled before keeps its date."""
    table = contracts
    cancelled_at = func.coalesce(table.c.cancelled_at, at)
    named = table.c.emaid_key == plain(emaid)
    return bool(db.execute(update(table).where(named).values(cancelled_at=cancelled_at)).rowcount)


def contracts_page(db: Connection, limit: int, offset: int) -> Sequence[Row[Any]]:
    """Return contracts, the newest first."""
    return db.execute(select(contracts).order_by(contracts.c.id.desc()).limit(limit).offset(offset)).all()


def _for_vehicle(db: Connection, pcid: str) -> tuple[Contract, ...]:
    table = contracts.c
    query = (
        select(contracts).where(table.pcid == pcid).order_by(table.cancelled_at.is_not(None), table.id.desc())
    )
    return tuple(_contract(row) for row in db.execute(query))


def _find(db: Connection, emaid: str) -> Contract | None:
    row = db.execute(select(contracts).where(contracts.c.emaid_key == plain(emaid))).one_or_none()
    return None if row is None else _contract(row)


def _contract(row: Row[Any]) -> Contract:
    return Contract(emaid=row.emaid, pcid=row.pcid, is_cancelled=row.cancelled_at is not None)
