"""An ingest whose answers a test can compare."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from backend.db.engine import Database
from backend.rating.money import RoundingPolicy
from backend.sessions.event import SessionEvent
from backend.sessions.ingest import Ingest, Outcome, Verdicts
from backend.sessions.tariffs import Tariffs

Said = dict[str, str | None]


class Words:
    """Says the verdict and the cost."""

    def respond(self, verdicts: Verdicts) -> Said:
        status = None if verdicts.token is None else verdicts.token.status
        cost = None if verdicts.total_cost is None else str(verdicts.total_cost)
        return {"cost": cost, "verdict": status}

    def write(self, response: Said) -> str:
        return json.dumps(response)

    def read(self, text: str) -> Said:
        said: Said = json.loads(text)
        return said


def ingest(*, remember: bool = True) -> Ingest[Said]:
    return Ingest(
        Words(),
        tariffs=Tariffs(),
        cache_for=timedelta(hours=1),
        rounding=RoundingPolicy(),
        remember=remember,
    )


async def store(database: Database, made: Ingest[Said], *events: SessionEvent) -> Sequence[Outcome[Said]]:
    outcomes = await database.write(lambda db: made.store(db, events))
    made.committed(events, outcomes)
    return outcomes
