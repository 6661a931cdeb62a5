"""PowerDelivery: energy may flow, rests, flows by another schedule, or ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.ac import available_w, supply_of
from agent.iso15118.iso20.dc import ISOLATED
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.notices import must_stop, status
from agent.iso15118.iso20.plans import chosen, is_within, read_profile
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Plan, Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Deenergise, Deliver, Done, Energise, Order, Request, TellChosen, Turn

_RUNNING: Final = (Phase.LOOP, Phase.STANDBY, Phase.RENEGOTIATION)
_ACCEPTANCE: Final[Mapping[str, bool]] = {
    "PowerToleranceConfirmed": True,
    "PowerToleranceNotConfirmed": False,
}


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A vehicle's plan that was accepted: with what code, and who is told of it."""

    session: Session
    code: str = "OK"
    fields: Fields | None = None
    orders: tuple[Order, ...] = ()


def deliver(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer PowerDeliveryReq."""
    match request.message["ChargeProgress"]:
        case "Stop":
            return _stop(session, request, facts)
        case "ScheduleRenegotiation":
            return _renegotiate(session, request, facts)
        case _ if request.message["EVProcessing"] != "Finished":
            return reply(session, request, {})
        case "Standby":
            return _stand_by(session, request, facts)
        case _:
            return _start(session, request, facts)


def has_power(session: Session, facts: Facts) -> bool:
    """Return whether there is anything to draw now."""
    if session.kind == "AC":
        return available_w(session.chosen, supply_of(facts)) > 0
    return facts.dc is not None and facts.dc.most_w > 0 and facts.dc.most_a > 0


def _start(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    _check_power(session, facts)
    agreed = _agree(session, request)
    turned = _energise(agreed.session, facts)
    if not isinstance(turned, Session):
        return turned
    session = replace(turned, standby_without_power=False)
    return reply(
        session.goes_on(Phase.LOOP, facts),
        request,
        agreed.fields or {},
        code=agreed.code,
        orders=agreed.orders,
    )


def _stand_by(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Keep the contactors closed, and let nothing flow; who has to end charging need not stand by."""
    if must_stop(facts):
        return reply(session, request, {}, code="WARNING_StandbyNotAllowed")
    _check_power(session, facts)
    agreed = _agree(session, request) if session.phase is Phase.DELIVERY else _Agreed(session)
    turned = _energise(agreed.session, facts)
    if not isinstance(turned, Session):
        return turned
    session = replace(turned, standby_without_power=not has_power(turned, facts))
    orders = agreed.orders
    if facts.dc_present is not None:
        orders = (*orders, Deliver(_within(facts.dc_present.voltage_v, session, facts), Decimal(0)))
    return reply(session.goes_on(Phase.STANDBY, facts), request, {}, code=agreed.code, orders=orders)


def _renegotiate(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    if session.phase not in _RUNNING:
        raise Refused("FAILED_ScheduleRenegotiation", "nothing was agreed on that could be changed")
    if must_stop(facts):
        return reply(session, request, {}, code="WARNING_ScheduleRenegotiationFailed")
    session = replace(session, needs_told_s=None, plans=())
    return reply(session.goes_on(Phase.RENEGOTIATION, facts), request, {})


def _stop(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    turned = deenergise(session, facts)
    if not isinstance(turned, Session):
        return turned
    return reply(turned.goes_on(Phase.STOPPED, facts), request, {})


def deenergise(session: Session, facts: Facts) -> Session | Deenergise:
    """Return the session without power, or what must be done for that.

    Raises:
        Refused: If the power does not go off: the session's end takes it away, or tells of the fault.
    """
    if not session.is_energised:
        return session
    deed = Deenergise()
    if facts.outcome is None or facts.outcome[0] != deed:
        return deed
    if not isinstance(facts.outcome[1], Done):
        raise Refused("FAILED_ContactorError", "the power did not go off")
    return replace(session, is_energised=False)


def _energise(session: Session, facts: Facts) -> Session | Energise:
    if session.is_energised:
        return session
    deed = Energise()
    if facts.outcome is None or facts.outcome[0] != deed:
        return deed
    if not isinstance(facts.outcome[1], Done):
        raise Refused("FAILED_ContactorError", "the power did not come on")
    return replace(session, is_energised=True)


def _check_power(session: Session, facts: Facts) -> None:
    """Refuse power that must not come on (V2G20-1411)."""
    why = facts.fault
    if session.authorized is None or facts.authorization != "accepted":
        why = "the driver is not authorized any more"
    elif facts.wish == "stop" and not session.is_energised:
        why = "charging is to end"
    elif not session.is_energised and not has_power(session, facts):
        why = "there is nothing to draw now"
    elif not facts.is_locked:
        why = "the plug is not locked"
    elif session.kind == "DC" and facts.isolation not in ISOLATED and not session.is_energised:
        why = f"the isolation is not good: {facts.isolation}"
    if why is not None:
        raise Refused("FAILED_PowerDeliveryNotApplied", why)


def _agree(session: Session, request: Request) -> _Agreed:
    """Return the session with the vehicle's plan; where the EVSE controls, any will do (V2G20-1070)."""
    profile = request.message.get("EVPowerProfile")
    if session.chosen.control == "Dynamic":
        return _Agreed(session)
    if profile is None:
        if session.plan is None or session.phase is Phase.RENEGOTIATION:
            raise Refused("FAILED_EVPowerProfileInvalid", "the vehicle has no plan, and chose no schedule")
        return _Agreed(session)
    mode = profile.get("Scheduled_EVPPTControlMode")
    if mode is None:
        raise Refused("FAILED_EVPowerProfileInvalid", "scheduled control was chosen, the plan is of another")
    plan = _plan(session, mode["SelectedScheduleTupleID"])
    start, slots, duration_s = read_profile(profile, plan)
    if not is_within(start, slots, duration_s, plan):
        raise Refused("FAILED_EVPowerProfileInvalid", "the vehicle's plan is not within what was offered")
    session = replace(session, plan=plan, profile=slots, profile_start=start)
    is_tolerant = _ACCEPTANCE.get(mode.get("PowerToleranceAcceptance", ""))
    told = TellChosen(chosen(session, start, slots, duration_s, is_tolerant=is_tolerant))
    code, fields = _tolerance(plan, is_tolerant)
    return _Agreed(session, code, fields, (told,))


def _plan(session: Session, number: int) -> Plan:
    for plan in session.plans:
        if plan.number == number:
            return plan
    # V2G20-479 names FAILED_TariffSelectionInvalid, which the schema does not have
    raise Refused("FAILED_ScheduleSelectionInvalid", f"schedule {number} was not offered")


def _tolerance(plan: Plan, is_tolerant: bool | None) -> tuple[str, Fields]:
    """Return the code for what the vehicle said of the tolerance (V2G20-1944), and what it has to do."""
    if is_tolerant:
        return "OK_PowerToleranceConfirmed", {}
    if is_tolerant is False and plan.tolerance_w is not None:
        return "WARNING_PowerToleranceNotConfirmed", status("ScheduleRenegotiation")
    return "OK", {}


def _within(voltage_v: Decimal, session: Session, facts: Facts) -> Decimal:
    limits = (voltage_v, session.vehicle.most_v, None if facts.dc is None else facts.dc.most_v)
    return max(Decimal(0), min(limit for limit in limits if limit is not None))
