"""What a vehicle says that it needs, for whoever makes schedules of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.rational import optional
from agent.iso15118.iso20.session import Limits, Session
from agent.iso15118.turns import ANY_EVSE
from agent.smartcharging.needs import MOST_SCHEDULES, AcNeeds, Dash20, DcNeeds, Needs, Transfer

_LARGEST: Final = 2**31 - 1
"""What OCPP has room for."""


def needs_of(session: Session, mode: Mapping[str, Any], facts: Facts) -> Needs:
    """Return what the vehicle needs, by its limits and a ScheduleExchangeReq's control mode."""
    target, least, most = (
        optional(mode.get(f"EV{which}EnergyRequest")) for which in ("Target", "Minimum", "Maximum")
    )
    limits, selection = session.vehicle, session.chosen
    energy = next((one for one in (target, most) if one is not None), None)
    return Needs(
        evse_id=ANY_EVSE,
        transfer=_transfer(session),
        departure=departure(mode, facts),
        most_schedules=MOST_SCHEDULES,
        ac=None if session.kind == "DC" else _ac(session, limits, energy, facts),
        dc=None if session.kind == "AC" else _dc(session, limits, energy),
        dash20=Dash20(
            control="ScheduledControl" if selection.control == "Scheduled" else "DynamicControl",
            mobility="EVCC_SECC" if selection.mobility_by_both else "EVCC",
            least_w=_whole(limits.least_w),
            most_w=_whole(limits.most_w),
            target_wh=None if target is None else _whole(target),
            least_wh=None if least is None else _whole(least),
            most_wh=None if most is None else _whole(most),
            target_soc=mode.get("TargetSOC", limits.target_soc),
        ),
    )


def departure(mode: Mapping[str, Any], facts: Facts) -> datetime | None:
    """Return when the vehicle leaves, None where it does not say."""
    after_s = mode.get("DepartureTime")
    return None if after_s is None else facts.now + timedelta(seconds=after_s)


def _transfer(session: Session) -> Transfer:
    if session.kind == "DC":
        return "DC"
    return "AC_three_phase" if session.chosen.phases == 3 else "AC_single_phase"


def _ac(session: Session, limits: Limits, energy: Decimal | None, facts: Facts) -> AcNeeds:
    volts = Decimal(230) if facts.ac is None else facts.ac.voltage_v
    watts_per_a = volts * session.chosen.phases
    return AcNeeds(
        energy_wh=max(0, _whole(energy or Decimal(0))),
        least_a=_whole((limits.least_w / watts_per_a).to_integral_value(ROUND_CEILING)),
        most_a=_whole((limits.most_w / watts_per_a).to_integral_value(ROUND_FLOOR)),
        most_v=_whole(volts),
    )


def _dc(session: Session, limits: Limits, energy: Decimal | None) -> DcNeeds:
    return DcNeeds(
        most_a=_whole(limits.most_a or Decimal(0)),
        most_v=_whole(limits.most_v or Decimal(0)),
        energy_wh=None if energy is None else max(0, _whole(energy)),
        most_w=_whole(limits.most_w),
        soc=session.soc,
    )


def _whole(value: Decimal) -> int:
    return int(max(Decimal(-_LARGEST), min(value, Decimal(_LARGEST))))
