"""GET sessions: who charges now, who did, and what it costs so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Row

from backend.rating.rate import Rating
from backend.sessions.event import ChargingState
from backend.sessions.tariffs import Tariffs
from backend.web import session_rows
from backend.web.paging import Next, Paged
from backend.web.ports import CommandStatus
from backend.web.problems import ABSENT, NOT_FOUND, SESSION_ENDED, ProblemError
from backend.web.remote import RESPONSES, accepted, commanded
from backend.web.service import Served, Service
from backend.web.session_rows import SessionStatus, cost_of, progress_of, status_of
from backend.web.text import DecimalText, decimal_text

router = APIRouter(prefix="/sessions", tags=["sessions"])

SessionId = Annotated[str, Path(max_length=36)]


class Session(BaseModel):
    """A charging session. Costs are those of the CDR once there is one, and so far until then."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "5c1e8f7e-8f2c-5a31-9d0e-0d5d5ab6b0a3",
                    "status": "ACTIVE",
                    "is_complete": False,
                    "station_id": "CH-0001",
                    "evse_id": 1,
                    "connector_id": 1,
                    "transaction_id": "b1c2f6de-40c1-4c8e-a1a5-0d3b3c0c9f11",
                    "id_token": "04A2B3C4",
                    "id_token_type": "ISO14443",
                    "started_at": "2026-03-11T08:12:00Z",
                    "ended_at": None,
                    "last_event_at": "2026-03-11T08:41:00Z",
                    "stopped_reason": None,
                    "charging_state": "Charging",
                    "power_w": 11040,
                    "energy_wh": 5210,
                    "currency": "EUR",
                    "total_cost_excl_vat": "2.54",
                    "total_cost_incl_vat": "3.02",
                    "cdr_id": None,
                }
            ]
        }
    )

    id: str
    status: Annotated[
        SessionStatus,
        Field(
            description="OCPI SessionStatus. PENDING: nobody is authorized yet. ACTIVE: it runs. COMPLETED: "
            "it has ended. INVALID: it ended without a driver and without energy, and is not billed."
        ),
    ]
    is_complete: Annotated[
        bool,
        Field(
            description="it has ended, and the station has delivered every event of it; only then it is rated"
        ),
    ]
    station_id: str
    evse_id: int | None
    connector_id: int | None
    transaction_id: Annotated[str, Field(description="the station's own id of it")]
    id_token: str | None
    id_token_type: str | None
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    last_event_at: AwareDatetime | None
    stopped_reason: str | None
    charging_state: Annotated[ChargingState | None, Field(description="null once it has ended")]
    power_w: Annotated[int | None, Field(description="as last reported; null once it has ended")]
    energy_wh: Annotated[int, Field(description="delivered so far")]
    currency: Annotated[str | None, Field(description="null if no tariff held when it began")]
    total_cost_excl_vat: DecimalText | None
    total_cost_incl_vat: DecimalText | None
    cdr_id: str | None


class SessionList(BaseModel):
    """A page of sessions."""

    items: list[Session]
    next: Next


class StopResult(BaseModel):
    """What the station said (OCPP 2.0.1, RequestStopTransactionResponse)."""

    status: CommandStatus
    reason_code: str | None
    additional_info: str | None


@router.get("")
async def list_sessions(
    service: Served,
    page: Paged,
    station: Annotated[str | None, Query(max_length=48, description="only those of this station")] = None,
    status: Annotated[SessionStatus | None, Query(description="only those that stand so")] = None,
) -> SessionList:
    """Sessions, the newest first."""

    def work(db: Connection) -> tuple[Sequence[Row[Any]], list[Session]]:
        rows = session_rows.sessions(db, station, status, page.fetch, page.offset)
        return rows, [_session(db, service.tariffs, row) for row in page.cut(rows)]

    rows, items = await service.database.read(work)
    return SessionList(items=items, next=page.next(rows))


@router.get("/{session_id}", responses=ABSENT)
async def get_session(service: Served, session_id: SessionId) -> Session:
    """One session."""

    def work(db: Connection) -> Session | None:
        row = session_rows.session(db, session_id)
        return None if row is None else _session(db, service.tariffs, row)

    session = await service.database.read(work)
    if session is None:
        raise _no_session(session_id)
    return session


@router.post("/{session_id}/stop", responses=ABSENT | RESPONSES)
async def stop_session(service: Served, session_id: SessionId) -> StopResult:
    """Ask the station to stop a session. 200 means that it will; the session ends when it says so."""
    row = await _running(service, session_id)
    async with commanded():
        answer = await service.remote.stop(row.identity, row.transaction_id)
    accepted(row.identity, answer, f"Look at /api/v1/sessions/{session_id}: it may have ended.")
    return StopResult(
        status=answer.status, reason_code=answer.reason_code, additional_info=answer.additional_info
    )


async def _running(service: Service, session_id: str) -> Row[Any]:
    row = await service.database.read(lambda db: session_rows.session(db, session_id))
    if row is None:
        raise _no_session(session_id)
    if row.ended_seq is not None:
        raise ProblemError(SESSION_ENDED, f"It ended at {row.ended_at}; there is nothing left to stop.")
    return row


def _no_session(session_id: str) -> ProblemError:
    return ProblemError(NOT_FOUND, f"No session {session_id}; GET /api/v1/sessions lists them.")


def _session(db: Connection, tariffs: Tariffs, row: Row[Any]) -> Session:
    runs = row.ended_seq is None
    cost: Rating | None = cost_of(db, tariffs, row)
    return Session(
        id=row.session_id,
        status=status_of(row),
        is_complete=row.completed_at is not None,
        station_id=row.identity,
        evse_id=row.evse_id,
        connector_id=row.connector_id,
        transaction_id=row.transaction_id,
        id_token=row.id_token,
        id_token_type=row.id_token_type,
        started_at=row.started_at,
        ended_at=row.ended_at,
        last_event_at=row.last_event_at,
        stopped_reason=row.stopped_reason,
        charging_state=row.charging_state if runs else None,
        power_w=row.power_w if runs else None,
        energy_wh=progress_of(row).energy_wh,
        currency=None if cost is None else cost.currency,
        total_cost_excl_vat=None if cost is None else decimal_text(cost.total.excl_vat),
        total_cost_incl_vat=None if cost is None else decimal_text(cost.total.incl_vat),
        cdr_id=row.cdr_id,
    )
