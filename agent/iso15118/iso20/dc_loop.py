"""DC_ChargeLoop: the vehicle asks for voltage and current, or the EVSE decides; the supply follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from agent.iso15118.direct_current import supply_of
from agent.iso15118.facts import DcLimits, Facts
from agent.iso15118.iso20.dc import present_voltage
from agent.iso15118.iso20.loop import common_fields, mode_of, told_soc
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.notices import must_stop
from agent.iso15118.iso20.rational import decimal, rational
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.session import Limits, Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.iso20.supply import flow
from agent.iso15118.turns import Deliver, Request, Turn

_NOTHING = Decimal(0)


def loop(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer DC_ChargeLoopReq."""
    name, mode = mode_of(session, request)
    evse = supply_of(facts)
    session, orders = told_soc(session, request)
    deliver = _deliver(session, mode, evse, facts)
    has_power = evse.most_w > 0 and evse.most_a > 0
    session, fields = common_fields(session, request, facts, has_power=has_power)
    fields |= _present(facts)
    fields[name] = _told(session, evse)
    return reply(session, request, fields, orders=(*orders, deliver), next_within_s=session.loop_s)


def _deliver(session: Session, mode: Mapping[str, Any], evse: DcLimits, facts: Facts) -> Deliver:
    """Return what the supply is to do; where the EVSE controls, all that both can do."""
    vehicle = _limits(session.vehicle, mode)
    if session.chosen.control == "Scheduled":
        wanted_v, wanted_a = decimal(mode["EVTargetVoltage"]), decimal(mode["EVTargetCurrent"])
        must_rest = facts.fault is not None
    else:
        wanted_v, wanted_a = vehicle.most_v or _NOTHING, evse.most_a
        must_rest = must_stop(facts) or facts.wish == "pause"
    if must_rest or session.phase is Phase.STANDBY:
        wanted_a = _NOTHING
    if not session.chosen.is_bpt:
        wanted_a = max(_NOTHING, wanted_a)
    return flow(wanted_v, wanted_a, evse, vehicle)


def _limits(limits: Limits, mode: Mapping[str, Any]) -> Limits:
    """Return the vehicle's limits: it may tell lower ones with each loop."""

    def lower(name: str, told: Decimal | None) -> Decimal | None:
        if name not in mode:
            return told
        now = max(_NOTHING, abs(decimal(mode[name])) if "Discharge" in name else decimal(mode[name]))
        return now if told is None else min(now, told)

    return replace(
        limits,
        most_w=lower("EVMaximumChargePower", limits.most_w) or _NOTHING,
        most_a=lower("EVMaximumChargeCurrent", limits.most_a),
        most_v=lower("EVMaximumVoltage", limits.most_v),
        most_back_w=lower("EVMaximumDischargePower", limits.most_back_w) or _NOTHING,
        most_back_a=lower("EVMaximumDischargeCurrent", limits.most_back_a) or _NOTHING,
    )


def _present(facts: Facts) -> Fields:
    present = facts.dc_present
    return {
        **present_voltage(facts),
        "EVSEPresentCurrent": rational(_NOTHING if present is None else present.current_a),
        "EVSEPowerLimitAchieved": present is not None and present.at_power_limit,
        "EVSECurrentLimitAchieved": present is not None and present.at_current_limit,
        "EVSEVoltageLimitAchieved": present is not None and present.at_voltage_limit,
    }


def _told(session: Session, evse: DcLimits) -> Fields:
    fields = {
        "EVSEMaximumChargePower": evse.most_w,
        "EVSEMinimumChargePower": min(evse.most_w, evse.least_a * evse.least_v),
        "EVSEMaximumChargeCurrent": evse.most_a,
        "EVSEMaximumVoltage": evse.most_v,
    }
    if session.chosen.is_bpt:
        fields |= {
            "EVSEMaximumDischargePower": evse.most_back_w,
            "EVSEMinimumDischargePower": _NOTHING,
            "EVSEMaximumDischargeCurrent": evse.most_back_a,
            "EVSEMinimumVoltage": evse.least_v,
        }
    return {name: rational(value) for name, value in fields.items()}
