"""The tariffs that sessions are billed by. A stored tariff never changes: a new version is a new row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from backend.db.tables import tariffs
from backend.rating.money import RoundingPolicy
from backend.rating.running import RunningCost
from backend.rating.tariff import Tariff, load_tariff

MAX_REMEMBERED = 1000


class Tariffs:
    """Reads tariffs once."""

    def __init__(self) -> None:
        self._loaded: dict[int, Tariff] = {}
        self._costs: dict[int, RunningCost] = {}

    def get(self, db: Connection, ref: int) -> Tariff:
        """Return the tariff of a row."""
        tariff = self._loaded.get(ref)
        if tariff is None:
            document: str = db.execute(select(tariffs.c.document).where(tariffs.c.id == ref)).scalar_one()
            tariff = load_tariff(document)
            if len(self._loaded) >= MAX_REMEMBERED:
                self._loaded.clear()
            self._loaded[ref] = tariff
        return tariff

    def running_cost(self, db: Connection, ref: int, policy: RoundingPolicy) -> RunningCost:
        """Return what prices sessions of that tariff while they go on."""
        cost = self._costs.get(ref)
        if cost is None or cost.policy is not policy:
            cost = RunningCost(self.get(db, ref), policy)
            if len(self._costs) >= MAX_REMEMBERED:
                self._costs.clear()
            self._costs[ref] = cost
        return cost

    def valid_at(self, db: Connection, tariff_id: str | None, instant: datetime) -> int | None:
        """Return the row of the newest version of the tariff that holds at the instant, or None.

        No tariff id means the default tariff.
        """
        query = select(tariffs.c.id).order_by(tariffs.c.id.desc())
        if tariff_id is None:
            query = query.where(tariffs.c.is_default)
        else:
            query = query.where(tariffs.c.tariff_id == tariff_id)
        for (ref,) in db.execute(query):
            if self.get(db, ref).valid_at(instant):
                return int(ref)
        return None
