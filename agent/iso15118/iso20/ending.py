"""SessionStop: the session is over, rests, or goes on with another service."""

from __future__ import annotations

from dataclasses import replace

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.delivery import deenergise
from agent.iso15118.iso20.plans import power_at
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Kept, Session
from agent.iso15118.iso20.setup import vehicle_of
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Request, Turn


def stop(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer SessionStopReq."""
    match request.message["ChargingSession"]:
        case "Pause":
            _check_pause(session, facts)
            return reply(replace(session, phase=Phase.OVER), request, {}, ending="pause")
        case "ServiceRenegotiation":
            return _serve_anew(session, request, facts)
        case _:
            why = request.message.get("EVTerminationExplanation", "")
            return reply(replace(session, phase=Phase.OVER), request, {}, ending="terminate", why=why)


def kept_of(session: Session) -> Kept:
    """Return what is kept of a session that rests."""
    assert session.authorized is not None
    return Kept(
        vehicle=vehicle_of(session),
        evcc_id=session.evcc_id,
        identification=session.authorized,
        selection=session.selection,
        contract=session.contract,
    )


def _check_pause(session: Session, facts: Facts) -> None:
    """Refuse a pause that the EVSE has not asked for, while by the vehicle's plan energy flows (V2G20-1197).

    Where the EVSE controls, only its own wish counts (V2G20-1195).
    """
    if session.authorized is None or session.selection is None:
        raise Refused("FAILED_PauseNotAllowed", "nothing was agreed on that could be gone on with")
    if session.was_asked_to_pause or facts.wish == "pause":
        return
    if session.selection.control == "Dynamic":
        raise Refused("FAILED_PauseNotAllowed", "the EVSE controls, and has not asked for a pause")
    if session.profile_start is not None:
        elapsed_s = (facts.now - session.profile_start).total_seconds()
        if power_at(session.profile, elapsed_s) != 0:
            raise Refused("FAILED_PauseNotAllowed", "by the vehicle's plan energy flows now")


def _serve_anew(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Begin again with the services (V2G20-1477); nothing that was agreed on holds any more."""
    if session.authorized is None:
        raise Refused("FAILED_NoServiceRenegotiationSupported", "no driver is authorized yet")
    turned = deenergise(session, facts)
    if not isinstance(turned, Session):
        return turned
    session = replace(
        turned,
        selection=None,
        limits=None,
        needs_told_s=None,
        plans=(),
        plan=None,
        profile=(),
        profile_start=None,
        is_checked=False,
        standby_without_power=False,
        was_asked_to_pause=False,
        is_met=False,
        drawn_a=None,
    )
    return reply(session.goes_on(Phase.SERVICES, facts), request, {})
