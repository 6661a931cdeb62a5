"""SessionSetup: a session begins, or one that rested goes on."""

from __future__ import annotations

from dataclasses import replace

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.turns import Introduce, Request, Turn


def set_up(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer SessionSetupReq.

    The session that rests is joined by the vehicle that it was held with: its id, its name and its TLS
    certificate are the same (V2G20-2626). Anybody else begins a new one (V2G20-2547).
    """
    evcc_id = request.message["EVCCID"]
    if _joins(session, request, evcc_id):
        session, phase, code = _joined(session), Phase.JOINED, "OK_OldSessionJoined"
    else:
        session = replace(session, session_id=session.chance.session_id, kept=None)
        phase, code = Phase.AUTHORIZATION_SETUP, "OK_NewSessionEstablished"
    return reply(
        replace(session, evcc_id=evcc_id).goes_on(phase, facts),
        request,
        {"EVSEID": session.charger.evse_id},
        code=code,
        orders=(Introduce(evcc_id),) if evcc_id else (),
    )


def vehicle_of(session: Session) -> bytes | None:
    """Return the certificate (DER) that the vehicle showed for TLS, None without."""
    return session.link.vehicle_chain[0] if session.link.vehicle_chain else None


def _joins(session: Session, request: Request, evcc_id: str) -> bool:
    kept, vehicle = session.kept, vehicle_of(session)
    return (
        kept is not None
        and vehicle is not None
        and request.message["Header"]["SessionID"] == session.resting_id
        and kept.vehicle == vehicle
        and kept.evcc_id == evcc_id
    )


def _joined(session: Session) -> Session:
    """Return the session with what was agreed on before the pause: nobody is authorized anew."""
    assert session.kept is not None
    return replace(
        session,
        session_id=session.resting_id,
        authorized=session.kept.identification,
        contract=session.kept.contract,
        selection=session.kept.selection,
    )
