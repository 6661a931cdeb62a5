"""Switching the power on and off: when it may come on, and what is said if a contactor does not follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from agent.iso15118.facts import Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Deed, Deenergise, Done, Energise, Failed
from agent.iso15118.v2g_message.session import Session
from agent.iso15118.v2g_message.supply import is_emergency

S = TypeVar("S", bound=Session)


def switch_on(session: S, facts: Facts) -> S | Deed:
    """Return the session with the power on, or the deed that it takes; none if it has stayed on.

    Raises:
        Refused: If the power may not come on (V2G2-480), or did not (V2G2-860).
    """
    why_not = _why_not(facts)
    if why_not is None and facts.wish == "pause" and not session.is_energised:
        why_not = "there is no energy for now"
    if why_not is not None:
        raise Refused("FAILED_PowerDeliveryNotApplied", why_not)
    deed = Energise()
    if not session.is_energised and _is_outstanding(session, deed, facts):
        return deed
    return replace(session, is_energised=True)


def switch_off(session: S, facts: Facts) -> S | Deed:
    """Return the session with the power off, or the deed that it takes; it is off whatever was before.

    Raises:
        Refused: If it did not go off.
    """
    deed = Deenergise()
    if _is_outstanding(session, deed, facts):
        return deed
    return replace(session, is_energised=False)


def _why_not(facts: Facts) -> str | None:
    if facts.authorization != "accepted":
        return f"the driver's authorization is {facts.authorization}"
    if facts.fault is not None or is_emergency(facts):
        return facts.fault or "the isolation is faulty"
    if facts.dc is not None and facts.isolation not in ("valid", "warning"):
        return f"the isolation is {facts.isolation}"
    if not facts.is_locked:
        return "the plug is not locked"
    return "charging is to end" if facts.wish == "stop" else None


def _is_outstanding(session: Session, deed: Deed, facts: Facts) -> bool:
    """Return whether a deed is still to be done."""
    if facts.outcome is None or facts.outcome[0] != deed:
        return True
    match facts.outcome[1]:
        case Done():
            return False
        case Failed(why):
            raise Refused(session.contactor_failed, why)
        case other:
            raise Refused(session.contactor_failed, f"{other} is no outcome of {deed}")
