"""AC_ChargeParameterDiscovery: what the vehicle and the EVSE can do on alternating current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from agent.iso15118.facts import AcLimits, Facts
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.rational import decimal, rational
from agent.iso15118.iso20.replies import reply
from agent.iso15118.iso20.services import is_still_offered
from agent.iso15118.iso20.session import Limits, Selection, Session
from agent.iso15118.iso20.states import Phase
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Request, Turn

_NOTHING = Decimal(0)


def discover_parameters(session: Session, request: Request, facts: Facts) -> Turn[Session]:
    """Answer AC_ChargeParameterDiscoveryReq (V2G20-1619)."""
    if not is_still_offered(session, facts):
        raise Refused("FAILED_WrongChargeParameter", "what was chosen before the pause cannot be had now")
    mode = request.message.get(f"{session.chosen.prefix}AC_CPDReqEnergyTransferMode")
    if mode is None:
        raise Refused("FAILED_WrongChargeParameter", "they are for another service than was chosen")
    session = replace(session, limits=_limits(mode))
    fields = {f"{session.chosen.prefix}AC_CPDResEnergyTransferMode": _told(session.chosen, supply_of(facts))}
    return reply(session.goes_on(Phase.SCHEDULES, facts), request, fields)


def supply_of(facts: Facts) -> AcLimits:
    """Return what the EVSE can give.

    Raises:
        Refused: If it gives no alternating current.
    """
    if facts.ac is None:
        raise Refused("FAILED", "the EVSE gives no alternating current")
    return facts.ac


def power_w(current_a: Decimal, selection: Selection, evse: AcLimits) -> Decimal:
    """Return the power of a current in each phase that the vehicle uses."""
    return current_a * evse.voltage_v * min(selection.phases, evse.phases)


def available_w(selection: Selection, evse: AcLimits) -> Decimal:
    """Return what may be drawn now; less than the least current is none."""
    return power_w(evse.most_a, selection, evse) if evse.most_a >= evse.least_a else _NOTHING


def of_all_phases(fields: Mapping[str, Any], name: str) -> Decimal:
    """Return a power: that of all phases, or the sum where each is told."""
    return sum(
        (decimal(fields[one]) for one in (name, f"{name}_L2", f"{name}_L3") if one in fields), _NOTHING
    )


def _limits(mode: Mapping[str, Any]) -> Limits:
    most, least = of_all_phases(mode, "EVMaximumChargePower"), of_all_phases(mode, "EVMinimumChargePower")
    if not 0 <= least <= most:
        raise Refused("FAILED_WrongChargeParameter", f"from {least} to {most} W the vehicle can charge")
    return Limits(most_w=most, least_w=least, most_back_w=abs(of_all_phases(mode, "EVMaximumDischargePower")))


def _told(selection: Selection, evse: AcLimits) -> Fields:
    most = available_w(selection, evse)
    fields = {
        "EVSEMaximumChargePower": rational(most),
        "EVSEMinimumChargePower": rational(min(most, power_w(evse.least_a, selection, evse))),
        "EVSENominalFrequency": rational(evse.frequency_hz),
    }
    if selection.is_bpt:
        fields["EVSEMaximumDischargePower"] = rational(evse.most_back_w)
        fields["EVSEMinimumDischargePower"] = rational(_NOTHING)
    return fields
