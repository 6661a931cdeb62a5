"""Store transaction events, many at once, each exactly once.

An event is known by station, transaction id and seqNo. The same event again gets the answer it got before; a
different event under a number that is taken is kept aside and reported. Events may come in any order: the
sums of a transaction cover its events without a gap from 0, and it is complete when Ended is here and nothing
before it is missing (OCPP 2.0.1 E01, E04, E12, E13).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Generic, Protocol, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection

from backend.authorization.lookup import look_up
from backend.authorization.verdict import Verdict
from backend.rating.money import RoundingPolicy
from backend.sessions import rows
from backend.sessions.event import SessionEvent
from backend.sessions.state import Key, State, complete, fold, follow, present
from backend.sessions.tariffs import Tariffs

log = logging.getLogger(__name__)

MAX_REMEMBERED = 10_000


class Verdicts(msgspec.Struct, frozen=True):
    """What the charger is told: about the identifier it presented, and the cost with VAT."""

    token: Verdict | None
    total_cost: Decimal | None


ResponseT = TypeVar("ResponseT")


class Wording(Protocol[ResponseT]):
    """How a version of OCPP says it."""

    def respond(self, verdicts: Verdicts) -> ResponseT:
        """Make the response."""

    def write(self, response: ResponseT) -> str:
        """Write the response for the same event that may come again."""

    def read(self, text: str) -> ResponseT:
        """Read what was written."""


class Outcome(msgspec.Struct, Generic[ResponseT], frozen=True, kw_only=True):
    """What became of an event."""

    response: ResponseT
    completed: bool = False
    is_duplicate: bool = False
    is_conflict: bool = False


class Ingest(Generic[ResponseT]):
    """Stores transaction events.

    With `remember`, open transactions are kept in memory; only allowed where no other process writes them.
    """

    def __init__(
        self,
        wording: Wording[ResponseT],
        *,
        tariffs: Tariffs,
        cache_for: timedelta,
        rounding: RoundingPolicy,
        remember: bool,
    ) -> None:
        self._wording = wording
        self._tariffs = tariffs
        self._cache_for = cache_for
        self._rounding = rounding
        self._remember = remember
        self._remembered: dict[Key, State] = {}
        self._staged: dict[Key, State] = {}

    def store(self, db: Connection, events: Sequence[SessionEvent]) -> list[Outcome[ResponseT]]:
        """Store a batch of events and return what became of each."""
        self._staged = self._load(db, events)
        verdicts = self._judge(db, events)
        batch = rows.Batch(db)
        outcomes = [self._take(batch, event, verdicts.get(position)) for position, event in enumerate(events)]
        batch.write(self._staged)
        return outcomes

    def committed(self, items: Sequence[SessionEvent], results: Sequence[Outcome[ResponseT]]) -> None:
        """Remember the transactions that go on, and report what did not fit."""
        for event, outcome in zip(items, results, strict=True):
            if outcome.is_conflict:
                log.warning(
                    "station %d: another event has seqNo %d of transaction %s; message %s is kept aside",
                    event.station_id, event.seq_no, event.transaction_id, event.message_id,
                )  # fmt: skip
        if not self._remember:
            return
        for key, state in self._staged.items():
            self._remembered.pop(key, None)
            if not complete(state):
                self._remembered[key] = state
        while len(self._remembered) > MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def _load(self, db: Connection, events: Sequence[SessionEvent]) -> dict[Key, State]:
        wanted = {(event.station_id, event.transaction_id): event for event in reversed(events)}
        states = {key: self._remembered[key] for key in wanted if key in self._remembered}
        if len(states) < len(wanted):
            missing = {key: event for key, event in wanted.items() if key not in states}
            states |= rows.load(db, missing)
            if new := {key: event for key, event in missing.items() if key not in states}:
                rows.create(db, new, self._tariffs, self._rounding)
                states |= rows.load(db, new)
        return states

    def _judge(self, db: Connection, events: Sequence[SessionEvent]) -> dict[int, Verdict]:
        asked = {
            position: (event.station_id, event.token.identifier, event.token.type)
            for position, event in enumerate(events)
            if event.token is not None
        }
        if not asked:
            return {}
        now = max(event.received_at for event in events)
        answers = look_up(db, set(asked.values()), now, self._cache_for)
        return {position: answers[question] for position, question in asked.items()}

    def _take(self, batch: rows.Batch, event: SessionEvent, verdict: Verdict | None) -> Outcome[ResponseT]:
        key = (event.station_id, event.transaction_id)
        state = self._staged[key]
        if present(state, event.seq_no):
            return self._take_again(batch, state, event)
        after = follow(state, event, verdict)
        if event.seq_no == state.next_seq:
            after = fold(after, event)
            if after.later:
                for each in batch.following(after):
                    after = fold(after, each)
        completes = complete(after) and not complete(state)
        if completes:
            facts = replace(after.facts, completed_at=event.received_at, billing="PENDING")
            after = replace(after, facts=facts)
        response = self._wording.respond(Verdicts(verdict, self._cost(batch.db, after, event)))
        batch.add(state, event, self._wording.write(response))
        self._staged[key] = after
        return Outcome(response=response, completed=completes)

    def _take_again(self, batch: rows.Batch, state: State, event: SessionEvent) -> Outcome[ResponseT]:
        stored = batch.stored(state, event.seq_no)
        if rows.same(stored.frame, event.frame):
            return Outcome(response=self._wording.read(stored.answer), is_duplicate=True)
        batch.set_aside(state, event)
        return Outcome(response=self._wording.respond(Verdicts(None, None)), is_conflict=True)

    def _cost(self, db: Connection, state: State, event: SessionEvent) -> Decimal | None:
        """Return the cost so far (I02) or, of a complete transaction, the final cost (I03).

        None where it is not known: without a tariff, or with events missing.
        """
        if state.later or state.tariff_ref is None or event.event_type == "Started":
            return None
        if event.event_type == "Ended" and not complete(state):
            return None
        progress = state.progress
        cost = self._tariffs.running_cost(db, state.tariff_ref, state.rounding)
        return cost.incl_vat(progress.energy_wh, progress.charging_us, progress.parking_us)
