"""ScheduleExchange: what the vehicle needs, and which schedules it may choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.needs import needs_of
from agent.iso15118.iso20.plans import plans
from agent.iso15118.iso20.prices import prices_of
from agent.iso15118.iso20.rational import rational
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Plan, Selection, Session, Slot, seconds
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Request, TellNeeds, Turn

ONGOING_S: Final = 55.0
"""After this the EVSE's limits are offered, if no schedule has come: the vehicle gives up after 60 s."""
_ASKED_BACK: Final = ("DepartureTime", "MinimumSOC", "TargetSOC")


def exchange(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer ScheduleExchangeReq, which is repeated until there is something to choose from."""
    mode = request.message.get(f"{session.chosen.control}_SEReqControlMode")
    if mode is None:
        raise Refused("FAILED", f"{session.chosen.control} control was chosen, another is asked for")
    if session.needs_told_s is None:
        session = replace(session, needs_told_s=facts.now_s)
        order = TellNeeds(needs_of(session, mode, facts))
        return reply(session, request, _ongoing(session.chosen, facts), orders=(order,))
    if facts.offers is None and facts.now_s - session.needs_told_s < ONGOING_S:
        return reply(session, request, _ongoing(session.chosen, facts))
    most = request.message["MaximumSupportingPoints"]
    session = replace(session, plans=plans(session, facts, mode.get("DepartureTime"), most))
    fields: Fields = {"EVSEProcessing": "Finished", **_pause(facts)}
    if session.chosen.control == "Scheduled":
        fields["Scheduled_SEResControlMode"] = _scheduled(session, most)
    else:
        fields["Dynamic_SEResControlMode"] = _dynamic(session, mode, most)
    return reply(session.goes_on(_next(session), facts), request, fields)


def _next(session: Session) -> Phase:
    if session.phase is Phase.RENEGOTIATION:
        return session.phase
    return Phase.DELIVERY if session.kind == "AC" else Phase.CABLE_CHECK


def _ongoing(selection: Selection, facts: Facts) -> Fields:
    """Return the least of a response that says that there is nothing yet."""
    fields: Fields = {"EVSEProcessing": "Ongoing", **_pause(facts)}
    if selection.control == "Dynamic":
        return {**fields, "Dynamic_SEResControlMode": {}}
    nothing = Plan(number=1, start=facts.now, duration_s=0, slots=(Slot(start_s=0, most_w=Decimal(0)),))
    return {**fields, "Scheduled_SEResControlMode": {"ScheduleTuple": [_tuple_of(nothing)]}}


def _pause(facts: Facts) -> Fields:
    return {"GoToPause": True} if facts.wish == "pause" else {}


def _scheduled(session: Session, most: int) -> Fields:
    told = []
    for plan in session.plans:
        one = _tuple_of(plan)
        one["ChargingSchedule"] |= prices_of(plan, session.chosen.pricing, most)
        told.append(one)
    return {"ScheduleTuple": told}


def _dynamic(session: Session, mode: Mapping[str, Any], most: int) -> Fields:
    """Return what the EVSE controls by: where both may say what is needed, what the vehicle has said."""
    fields: Fields = {}
    if session.chosen.mobility_by_both:
        fields = {name: mode[name] for name in _ASKED_BACK if name in mode}
    return {**fields, **prices_of(session.plans[0], session.chosen.pricing, most)}


def _tuple_of(plan: Plan) -> Fields:
    told: Fields = {"ScheduleTupleID": plan.number, "ChargingSchedule": {"PowerSchedule": _powers(plan)}}
    if plan.most_back_w > 0:
        back = {"Duration": plan.duration_s, "Power": rational(-plan.most_back_w)}
        told["DischargingSchedule"] = {
            "PowerSchedule": {
                "TimeAnchor": seconds(plan.start),
                "PowerScheduleEntries": {"PowerScheduleEntry": [back]},
            }
        }
    return told


def _powers(plan: Plan) -> Fields:
    ends = [*(slot.start_s for slot in plan.slots[1:]), plan.duration_s]
    entries = [
        {"Duration": max(0, end_s - slot.start_s), "Power": rational(slot.most_w)}
        for slot, end_s in zip(plan.slots, ends, strict=True)
    ]
    fields: Fields = {"TimeAnchor": seconds(plan.start)}
    if plan.tolerance_w is not None:
        fields["PowerTolerance"] = rational(plan.tolerance_w)
    return {**fields, "PowerScheduleEntries": {"PowerScheduleEntry": entries}}
