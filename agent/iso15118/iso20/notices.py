"""What the EVSE wants of the vehicle while energy may flow (EVSEStatus)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.metering import is_due
from agent.iso15118.iso20.services import is_still_offered
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Phase

Notice = Literal[
    "Pause",
    "ExitStandby",
    "Terminate",
    "ScheduleRenegotiation",
    "ServiceRenegotiation",
    "MeteringConfirmation",
]
PAUSE_WITHIN_S: Final = 60
"""V2G20-1850."""
RENEGOTIATE_WITHIN_S: Final = 60
CONFIRM_WITHIN_S: Final = 60


def notify(session: Session, facts: Facts, *, has_power: bool) -> tuple[Session, Fields]:
    """Return the session, and EVSEStatus if there is anything to tell.

    Once a vehicle was asked to pause it may, in either control mode.
    """
    notice = _notice(session, facts, has_power=has_power)
    if notice is None:
        return session, {}
    if notice == "Pause":
        session = replace(session, was_asked_to_pause=True)
    if notice == "MeteringConfirmation":
        session = replace(session, receipt=session.receipt or facts.meter)
    return session, status(notice)


def status(notice: Notice) -> Fields:
    """Return EVSEStatus."""
    within_s = {
        "Pause": PAUSE_WITHIN_S,
        "ScheduleRenegotiation": RENEGOTIATE_WITHIN_S,
        "ServiceRenegotiation": RENEGOTIATE_WITHIN_S,
        "MeteringConfirmation": CONFIRM_WITHIN_S,
    }.get(notice, 0)
    return {"EVSEStatus": {"NotificationMaxDelay": within_s, "EVSENotification": notice}}


def must_stop(facts: Facts) -> bool:
    """Return whether the vehicle has to end charging now."""
    return facts.fault is not None or facts.wish == "stop" or facts.authorization != "accepted"


def _notice(session: Session, facts: Facts, *, has_power: bool) -> Notice | None:
    if must_stop(facts):
        return "Terminate"
    if facts.wish == "pause":
        return "Pause"
    if not is_still_offered(session, facts):
        return "ServiceRenegotiation"
    if facts.wish == "renegotiate" and session.chosen.control == "Scheduled":  # else there is no schedule
        return None if session.phase is Phase.RENEGOTIATION else "ScheduleRenegotiation"
    if session.phase is Phase.STANDBY and session.standby_without_power and has_power:
        return "ExitStandby"
    return "MeteringConfirmation" if is_due(session, facts) else None
