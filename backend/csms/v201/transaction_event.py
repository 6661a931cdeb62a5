"""TransactionEvent (E01 to E15, I02, I03): the events of a transaction, stored exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from backend.csms.incoming import Answer, Incoming
from backend.csms.v201.id_token_info import id_token_info
from backend.csms.v201.readings import readings_of
from backend.sessions.event import PresentedToken, SessionEvent
from backend.sessions.ingest import Ingest, Outcome, Verdicts
from ocppj import codec
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v201
from ocppj.messages.fields import write_member
from ocppj.versions import Version

Event = Incoming[v201.TransactionEventRequest]
Response = v201.TransactionEventResponse

MAX_INTEGER = 2**31 - 1
_encode = msgspec.json.Encoder(enc_hook=write_member, decimal_format="number").encode


class Wording:
    """Answers in OCPP 2.0.1's words."""

    def respond(self, verdicts: Verdicts) -> Response:
        """Make the response."""
        info = None if verdicts.token is None else id_token_info(verdicts.token)
        return Response(total_cost=verdicts.total_cost, id_token_info=info)

    def write(self, response: Response) -> str:
        """Write the response as JSON."""
        return _encode(response).decode()

    def read(self, text: str) -> Response:
        """Read what was written."""
        response = codec.decode_response(Version.V201, "TransactionEvent", text)
        if not isinstance(response, Response):
            raise TypeError(f"{type(response).__qualname__} is no answer to a TransactionEvent")
        return response


class TransactionEvent:
    """Stores events; `on_completed` hears that a transaction has become complete."""

    def __init__(self, ingest: Ingest[Response], on_completed: Callable[[], None]) -> None:
        self._ingest = ingest
        self._on_completed = on_completed
        self._stored: tuple[list[SessionEvent], list[Outcome[Response]]] = ([], [])

    def store(self, db: Connection, items: Sequence[Event]) -> list[Answer]:
        """Store the events that make sense."""
        faults = [_fault(item.request) for item in items]
        events = [_event(item) for item, fault in zip(items, faults, strict=True) if fault is None]
        outcomes = self._ingest.store(db, events)
        self._stored = (events, outcomes)
        responses: list[Answer] = [outcome.response for outcome in outcomes]
        if len(responses) == len(faults):
            return responses
        stored = iter(responses)
        return [next(stored) if fault is None else fault for fault in faults]

    def committed(self, items: Sequence[Event], results: Sequence[Answer]) -> None:
        """Tell whoever rates sessions."""
        del items, results
        events, outcomes = self._stored
        self._ingest.committed(events, outcomes)
        if any(outcome.completed for outcome in outcomes):
            self._on_completed()


def _fault(request: v201.TransactionEventRequest) -> OcppError | None:
    """Refuse numbers that the schema allows and no charger means."""
    evse, remote_start_id = request.evse, request.transaction_info.remote_start_id
    if not 0 <= request.seq_no <= MAX_INTEGER:
        return _absurd("seqNo")
    if remote_start_id is not None and not 0 <= remote_start_id <= MAX_INTEGER:
        return _absurd("transactionInfo.remoteStartId")
    if evse is None:
        return None
    if not 0 <= evse.id <= MAX_INTEGER:
        return _absurd("evse.id")
    if evse.connector_id is not None and not 0 <= evse.connector_id <= MAX_INTEGER:
        return _absurd("evse.connectorId")
    return None


def _absurd(member: str) -> OcppError:
    return OcppError(ErrorCode.PROPERTY_CONSTRAINT_VIOLATION, f"{member}: not within 0 .. {MAX_INTEGER}")


def _event(item: Event) -> SessionEvent:
    request = item.request
    info, evse, token = request.transaction_info, request.evse, request.id_token
    energy_first_wh, energy_wh, power_w = readings_of(request.meter_value)
    return SessionEvent(
        station_id=item.station_id,
        transaction_id=info.transaction_id,
        seq_no=request.seq_no,
        message_id=item.message_id,
        event_type=request.event_type,
        trigger_reason=request.trigger_reason,
        at=request.timestamp,
        received_at=item.received_at,
        offline=request.offline or False,
        charging_state=info.charging_state,
        stopped_reason=info.stopped_reason,
        evse_id=None if evse is None else evse.id,
        connector_id=None if evse is None else evse.connector_id,
        remote_start_id=info.remote_start_id,
        token=None if token is None else PresentedToken(token.id_token, token.type),
        energy_first_wh=energy_first_wh,
        energy_wh=energy_wh,
        power_w=power_w,
        frame=item.frame,
    )
