"""AC_ChargeLoop: the vehicle tells what it draws, the EVSE what it may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from agent.iso15118.facts import AcLimits, Facts
from agent.iso15118.iso20.ac import available_w, of_all_phases, power_w, supply_of
from agent.iso15118.iso20.loop import common_fields, mode_of, told_soc
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.notices import must_stop
from agent.iso15118.iso20.rational import rational, rounded_down
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.turns import DrawAtMost, Order, Request, Turn

_NOTHING = Decimal(0)


def loop(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer AC_ChargeLoopReq."""
    name, mode = mode_of(session, request)
    evse = supply_of(facts)
    session, orders = told_soc(session, request)
    session, draw = _draws(session, mode, evse)
    target = _target(session, mode, evse, facts)
    session, fields = common_fields(session, request, facts, has_power=available_w(session.chosen, evse) > 0)
    fields[name] = _told(session, target)
    return reply(session, request, fields, orders=(*orders, *draw), next_within_s=session.loop_s)


def _target(session: Session, mode: Mapping[str, Any], evse: AcLimits, facts: Facts) -> Decimal:
    """Return the power that the vehicle may draw: never more than it can, or than there is."""
    if session.phase is Phase.STANDBY or must_stop(facts) or facts.wish == "pause":
        return _NOTHING
    limits = [available_w(session.chosen, evse), session.vehicle.most_w]
    if "EVMaximumChargePower" in mode:
        limits.append(max(_NOTHING, of_all_phases(mode, "EVMaximumChargePower")))
    return min(limits)


def _told(session: Session, target: Decimal) -> Fields:
    if session.phase is Phase.STANDBY and session.chosen.control == "Scheduled":
        return {}
    return {"EVSETargetActivePower": rational(target)}


def _draws(session: Session, mode: Mapping[str, Any], evse: AcLimits) -> tuple[Session, tuple[Order, ...]]:
    """Return what the vehicle says that it will draw at most, if that is news."""
    most_w = session.vehicle.most_w
    if "EVMaximumChargePower" in mode:
        most_w = min(most_w, max(_NOTHING, of_all_phases(mode, "EVMaximumChargePower")))
    watts_per_a = power_w(Decimal(1), session.chosen, evse)
    if not watts_per_a:
        return session, ()
    current_a = rounded_down(min(most_w / watts_per_a, evse.most_a))
    if current_a == session.drawn_a:
        return session, ()
    return replace(session, drawn_a=current_a), (DrawAtMost(current_a),)
