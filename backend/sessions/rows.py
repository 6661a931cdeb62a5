"""Transactions and their events in the database, read and written in sets."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, and_, bindparam, insert, select, tuple_, update

from backend.db.bulk import Bulk
from backend.db.tables import (
    BigId,
    charging_stations,
    event_conflicts,
    locations,
    remote_starts,
    transaction_events,
    transactions,
)
from backend.rating.money import RoundingPolicy
from backend.sessions.event import Increment, PresentedToken, SessionEvent
from backend.sessions.progress import Progress
from backend.sessions.state import Facts, Key, State
from backend.sessions.tariffs import Tariffs

SESSION_NAMESPACE = uuid.UUID("6f6a6f1e-7c55-4c0f-9f8b-0d6f1f6b7a11")
"""Sessions are named after station and transaction, so that a transaction is the same session everywhere."""

_BY_KEY = (
    select(transactions)
    .where(
        tuple_(transactions.c.station_id, transactions.c.transaction_id).in_(
            bindparam("keys", expanding=True)
        )
    )
    .with_for_update()
)
_EVENT = (
    "transaction_ref",
    "seq_no",
    "message_id",
    "event_type",
    "trigger_reason",
    "at",
    "received_at",
    "charging_state",
    "energy_first_wh",
    "energy_wh",
    "power_w",
    "frame",
    "answer",
)
_SUM = ("ref", "next_seq", "event_count", *Progress.__struct_fields__)
_INSERT_EVENTS = Bulk(insert(transaction_events), _EVENT)
_UPDATE_SUMS = Bulk(update(transactions).where(transactions.c.id == bindparam("ref", type_=BigId)), _SUM)
_FACTS = update(transactions).where(transactions.c.id == bindparam("ref"))
_decode = msgspec.json.Decoder().decode


class Stored(NamedTuple):
    """An event that is here already."""

    frame: str
    answer: str


def session_id_of(identity: str, transaction_id: str) -> str:
    """Return the session id of a transaction of a charging station."""
    return str(uuid.uuid5(SESSION_NAMESPACE, f"{identity}/{transaction_id}"))


def same(frame: str, other: str) -> bool:
    """Tell whether two frames carry the same event. A resent one may say that it was offline meanwhile."""
    return bool(_content(frame) == _content(other))


def _content(frame: str) -> list[Any]:
    elements: list[Any] = _decode(frame)
    if isinstance(elements[-1], dict):
        elements[-1].pop("offline", None)
    return elements[2:]


def load(db: Connection, keys: Mapping[Key, SessionEvent]) -> dict[Key, State]:
    """Return the states of the transactions that exist; their rows stay locked until the commit."""
    found = db.execute(_BY_KEY, {"keys": list(keys)}).all()
    gaps = {row.id: row.next_seq for row in found if row.event_count > row.next_seq}
    later = _later(db, gaps)
    return {
        (row.station_id, row.transaction_id): _state(row, frozenset(later.get(row.id, ()))) for row in found
    }


def _later(db: Connection, gaps: Mapping[int, int]) -> dict[int, list[int]]:
    later: dict[int, list[int]] = {}
    for ref, next_seq in gaps.items():
        query = select(transaction_events.c.seq_no).where(
            transaction_events.c.transaction_ref == ref, transaction_events.c.seq_no > next_seq
        )
        later[ref] = list(db.execute(query).scalars())
    return later


def _state(row: Row[Any], later: frozenset[int]) -> State:
    token = None if row.id_token is None else PresentedToken(row.id_token, row.id_token_type)
    return State(
        ref=row.id,
        tariff_ref=row.tariff_ref,
        rounding=RoundingPolicy.parse(row.rounding),
        next_seq=row.next_seq,
        later=later,
        progress=Progress(**{name: getattr(row, name) for name in Progress.__struct_fields__}),
        facts=Facts(
            token=token,
            **{name: getattr(row, name) for name in Facts.__struct_fields__ if name != "token"},
        ),
    )


def create(
    db: Connection, new: Mapping[Key, SessionEvent], tariffs: Tariffs, rounding: RoundingPolicy
) -> None:
    """Create transactions, each bound to the tariff, the time zone and the rounding of its beginning."""
    query = (
        select(
            charging_stations.c.id,
            charging_stations.c.identity,
            charging_stations.c.tariff_id,
            locations.c.time_zone,
        )
        .join(locations, locations.c.id == charging_stations.c.location_id)
        .where(charging_stations.c.id.in_({station_id for station_id, _ in new}))
    )
    stations = {row.id: row for row in db.execute(query)}
    db.execute(
        insert(transactions),
        [
            {
                "session_id": session_id_of(stations[station_id].identity, transaction_id),
                "station_id": station_id,
                "transaction_id": transaction_id,
                "time_zone": stations[station_id].time_zone,
                "tariff_ref": tariffs.valid_at(db, stations[station_id].tariff_id, event.at),
                "rounding": str(rounding),
                "next_seq": 0,
                "event_count": 0,
            }
            for (station_id, transaction_id), event in new.items()
        ],
    )


class Batch:
    """The events that one database transaction adds."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self._rows: list[tuple[Any, ...]] = []
        self._before: dict[int, State] = {}

    def add(self, state: State, event: SessionEvent, answer: str) -> None:
        """Add an event; `state` is its transaction before it."""
        self._before.setdefault(state.ref, state)
        self._rows.append(
            (
                state.ref,
                event.seq_no,
                event.message_id,
                event.event_type,
                event.trigger_reason,
                event.at,
                event.received_at,
                event.charging_state,
                event.energy_first_wh,
                event.energy_wh,
                event.power_w,
                event.frame,
                answer,
            )
        )

    def stored(self, state: State, seq_no: int) -> Stored:
        """Return the event that has this number already."""
        for row in self._rows:
            if row[:2] == (state.ref, seq_no):
                return Stored(*row[-2:])
        query = select(transaction_events.c.frame, transaction_events.c.answer).where(
            transaction_events.c.transaction_ref == state.ref, transaction_events.c.seq_no == seq_no
        )
        return Stored(*self.db.execute(query).one())

    def following(self, state: State) -> Iterator[Increment]:
        """Return the events that are here and follow `next_seq` without a gap, beginning with it."""
        if state.next_seq not in state.later:
            return
        added = (dict(zip(_EVENT, row, strict=True)) for row in self._rows if row[0] == state.ref)
        increments = {row["seq_no"]: row for row in added}
        query = select(transaction_events).where(
            transaction_events.c.transaction_ref == state.ref,
            transaction_events.c.seq_no >= state.next_seq,
        )
        increments |= {row.seq_no: dict(row._mapping) for row in self.db.execute(query)}  # noqa: SLF001 - public despite its name
        seq_no = state.next_seq
        while seq_no in state.later:
            row = increments[seq_no]
            yield Increment(**{name: row[name] for name in Increment.__struct_fields__})
            seq_no += 1

    def set_aside(self, state: State, event: SessionEvent) -> None:
        """Keep an event whose number is taken by another one."""
        table = event_conflicts.c
        mine = and_(
            table.transaction_ref == state.ref,
            table.seq_no == event.seq_no,
            table.message_id == event.message_id,
        )
        if self.db.execute(select(table.id).where(mine)).first() is None:
            row = {
                "transaction_ref": state.ref,
                "seq_no": event.seq_no,
                "message_id": event.message_id,
                "received_at": event.received_at,
                "frame": event.frame,
            }
            self.db.execute(insert(event_conflicts), row)

    def write(self, states: Mapping[Key, State]) -> None:
        """Write the events and what their transactions have become."""
        if not self._rows:
            return
        _INSERT_EVENTS.run(self.db, self._rows)
        changed = [state for state in states.values() if state.ref in self._before]
        _UPDATE_SUMS.run(self.db, [_sums(state) for state in changed])
        told = [state for state in changed if state.facts is not self._before[state.ref].facts]
        if told:
            self.db.execute(_FACTS, [_told(state) for state in told])
        self._link_remote_starts(states, told)

    def _link_remote_starts(self, states: Mapping[Key, State], told: list[State]) -> None:
        refs = {state.ref for state in told if state.facts.remote_start_id is not None}
        for (station_id, transaction_id), state in states.items():
            if state.ref in refs:
                self.db.execute(
                    update(remote_starts)
                    .where(
                        remote_starts.c.id == state.facts.remote_start_id,
                        remote_starts.c.station_id == station_id,
                    )
                    .values(transaction_id=transaction_id)
                )


def _sums(state: State) -> tuple[Any, ...]:
    count = state.next_seq + len(state.later)
    return (state.ref, state.next_seq, count, *msgspec.structs.astuple(state.progress))


def _told(state: State) -> dict[str, Any]:
    facts = msgspec.structs.asdict(state.facts)
    token: PresentedToken | None = facts.pop("token")
    return {
        "ref": state.ref,
        "id_token": None if token is None else token.identifier,
        "id_token_type": None if token is None else token.type,
        **facts,
    }
