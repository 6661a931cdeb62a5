"""Rate complete sessions: each gets one CDR, also after a crash between its last event and its rating."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backend.authorization.verdict import TYPES, key_of
from backend.cdrs.build import Bill, Driver, Operator, Place, build
from backend.cdrs.ocpi import Cdr, dump_cdr
from backend.db.engine import Database
from backend.db.tables import (
    cdrs,
    charging_stations,
    locations,
    tariffs,
    tokens,
    transaction_events,
    transactions,
)
from backend.rating.money import FREE, RoundingPolicy
from backend.rating.rate import Period, Rating, rate
from backend.sessions.event import Increment
from backend.sessions.progress import periods_of
from backend.sessions.tariffs import Tariffs

log = logging.getLogger(__name__)

AT_ONCE = 100
RETRY_S = 10.0
DATABASE_FAILURES = (OperationalError, InterfaceError, PoolTimeout)
"""Locked, full or unreachable: that says nothing about the session that was to be rated."""
_encode = msgspec.json.Encoder(decimal_format="number").encode


class Rater:
    """Makes CDRs in a task of its own, so that a session which cannot be rated stops nobody from charging."""

    def __init__(self, database: Database, operator: Operator, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._operator = operator
        self._clock = clock
        self._tariffs = Tariffs()
        self._wake = asyncio.Event()
        self._wake.set()

    def wake(self) -> None:
        """Hear that a session has become complete."""
        self._wake.set()

    async def run(self) -> None:
        """Rate whatever is complete until cancelled, beginning with what an earlier run left."""
        is_ready = False
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                if not is_ready:
                    await self._database.write(_retry_failed)
                    is_ready = True
                await self.rate_pending()
            except DATABASE_FAILURES as error:
                log.error("CDRs have to wait, the database failed: %s", str(error).partition("\n")[0])
                asyncio.get_running_loop().call_later(RETRY_S, self.wake)

    async def rate_pending(self) -> int:
        """Rate everything that waits for it, and return how many sessions that were.

        Raises:
            OperationalError, InterfaceError, PoolTimeout: If the database fails; what waits, still waits.
        """
        count = 0
        while refs := await self._database.read(_pending):
            for ref in refs:
                await self._rate(ref)
            count += len(refs)
        return count

    async def _rate(self, ref: int) -> None:
        try:
            await self._database.write(lambda db: self.rate_one(db, ref))
        except DATABASE_FAILURES:
            raise
        except Exception:  # the next session must be rated even if this one cannot be
            log.exception("transaction row %d cannot be rated; it is tried again at the next start", ref)
            await self._database.write(lambda db: _mark(db, ref, "FAILED"))

    def rate_one(self, db: Connection, ref: int) -> None:
        """Make the CDR of a complete transaction, unless it has one or needs none."""
        row = db.execute(_SESSION.where(transactions.c.id == ref).with_for_update(of=transactions)).one()
        if row.billing not in {"PENDING", "FAILED"}:
            return
        increments = _increments(db, row)
        periods = periods_of(increments)
        energy_wh = sum(int(period.energy_wh) for period in periods)
        if row.id_token is None and energy_wh == 0:
            _mark(db, ref, "NONE")
            return
        bill = self._bill(db, row, increments, periods)
        cdr = build(bill)
        db.execute(insert(cdrs).values(_columns(row, bill, cdr, energy_wh)))
        _mark(db, ref, "DONE")
        if bill.tariff is None:
            log.warning("session %s has no tariff and costs nothing; set one: tariff set", row.session_id)
        log.info("CDR %s: %s kWh, %s %s", cdr.id, cdr.total_energy, cdr.total_cost.incl_vat, cdr.currency)

    def _bill(
        self, db: Connection, row: Row[Any], increments: Sequence[Increment], periods: Sequence[Period]
    ) -> Bill:
        tariff = None if row.tariff_ref is None else self._tariffs.get(db, row.tariff_ref)
        policy = RoundingPolicy.parse(row.rounding)
        if tariff is None:
            free = FREE.rounded(policy)
            rating = Rating(
                currency=self._operator.currency, policy=policy, lines=(), adjustment=free, total=free
            )
        else:
            rating = rate(tariff, periods, policy)
        return Bill(
            session_id=row.session_id,
            operator=self._operator,
            place=_place(row),
            driver=_driver(db, row),
            tariff=tariff,
            tariff_since=row.tariff_since,
            periods=periods,
            started_at=min(increment.at for increment in increments),
            ended_at=max(increment.at for increment in increments),
            register_ran_backwards=(row.meter_last_wh or 0) < (row.meter_start_wh or 0),
            rating=rating,
            made_at=self._clock(),
        )


_SESSION = (
    select(
        transactions,
        charging_stations.c.identity,
        *(column for column in locations.c if column.name not in {"id", "time_zone"}),
        tariffs.c.created_at.label("tariff_since"),
    )
    .join(charging_stations, charging_stations.c.id == transactions.c.station_id)
    .join(locations, locations.c.id == charging_stations.c.location_id)
    .outerjoin(tariffs, tariffs.c.id == transactions.c.tariff_ref)
)


def _pending(db: Connection) -> list[int]:
    table = transactions.c
    # the whole condition of the partial index, so that the database can use it
    open_ones = table.billing.in_(("PENDING", "FAILED"))
    query = select(table.id).where(open_ones, table.billing == "PENDING").order_by(table.id).limit(AT_ONCE)
    return list(db.execute(query).scalars())


def _retry_failed(db: Connection) -> None:
    table = transactions
    db.execute(update(table).where(table.c.billing == "FAILED").values(billing="PENDING"))


def _mark(db: Connection, ref: int, billing: str) -> None:
    db.execute(update(transactions).where(transactions.c.id == ref).values(billing=billing))


def _increments(db: Connection, row: Row[Any]) -> list[Increment]:
    """Return the events of the transaction up to its end."""
    table = transaction_events.c
    query = (
        select(*(table[name] for name in Increment.__struct_fields__))
        .where(table.transaction_ref == row.id, table.seq_no <= row.ended_seq)
        .order_by(table.seq_no)
    )
    return [
        Increment(**dict(zip(Increment.__struct_fields__, each, strict=True))) for each in db.execute(query)
    ]


def _place(row: Row[Any]) -> Place:
    given = {name for name in Place.__dataclass_fields__ if name not in {"evse_id", "connector_id"}}
    return Place(
        evse_id=row.evse_id or 0,
        connector_id=row.connector_id or 0,
        **{name: getattr(row, name) for name in given},
    )


def _driver(db: Connection, row: Row[Any]) -> Driver:
    listed = None
    if row.id_token is not None:
        query = select(tokens.c.type, tokens.c.contract_id).where(
            tokens.c.uid_key == key_of(row.id_token, row.id_token_type or ""),
            tokens.c.type.in_(TYPES.get(row.id_token_type, ("OTHER",))),
        )
        listed = db.execute(query).first()
    return Driver(
        identifier=row.id_token or None,
        token_type=row.id_token_type,
        listed_type=None if listed is None else listed.type,
        contract_id=None if listed is None else listed.contract_id,
        auth_method=row.auth_method or "AUTH_REQUEST",
    )


def _columns(row: Row[Any], bill: Bill, cdr: Cdr, energy_wh: int) -> dict[str, Any]:
    return {
        "cdr_id": cdr.id,
        "transaction_ref": row.id,
        "session_id": row.session_id,
        "started_at": bill.started_at,
        "ended_at": bill.ended_at,
        "energy_wh": energy_wh,
        "currency": cdr.currency,
        "total_excl_vat": bill.rating.total.excl_vat,
        "total_incl_vat": bill.rating.total.incl_vat,
        "time_zone": row.time_zone,
        "rounding": row.rounding,
        "lines": _encode(_lines(bill.rating)).decode(),
        "document": dump_cdr(cdr),
        "created_at": bill.made_at,
    }


def _lines(rating: Rating) -> list[dict[str, Any]]:
    """Return how the total came about: Wh, s or sessions, and the price per kWh, hour or session."""
    return [
        {
            "dimension": line.dimension,
            "measured": line.measured,
            "billed": line.billed,
            "price": line.price,
            "vat_percent": line.vat_percent,
            "excl_vat": line.cost.excl_vat,
            "incl_vat": line.cost.incl_vat,
        }
        for line in rating.lines
    ]
