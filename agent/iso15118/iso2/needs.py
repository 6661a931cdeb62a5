"""What a vehicle that speaks ISO 15118-2 says that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Any

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.session import Mode
from agent.iso15118.refused import Refused
from agent.iso15118.turns import ANY_EVSE
from agent.iso15118.v2g_message.needs import Read, departure_at, down, read_dc
from agent.iso15118.v2g_message.physical import WrongUnit, amount_of
from agent.smartcharging.needs import MOST_SCHEDULES, AcNeeds, Needs

_KIND: dict[str, str] = {"AC": "AC_EVChargeParameter", "DC": "DC_EVChargeParameter"}


def read(mode: Mode, body: Mapping[str, Any], facts: Facts) -> Read:
    """Return what the parameters of a vehicle say.

    Raises:
        Refused: If they are not those of the mode, or impossible (V2G2-477).
    """
    parameters = body.get(_KIND[mode[:2]])
    if parameters is None:
        raise Refused("FAILED_WrongChargeParameter", f"no parameters for {mode}")
    try:
        if mode == "DC_extended":
            return read_dc(parameters, facts, MOST_SCHEDULES)
        return _ac(mode, parameters, facts)
    except WrongUnit as error:
        raise Refused("FAILED_WrongChargeParameter", str(error)) from None


def _ac(mode: Mode, parameters: Mapping[str, Any], facts: Facts) -> Read:
    most_a, least_a = amount_of(parameters["EVMaxCurrent"], "A"), amount_of(parameters["EVMinCurrent"], "A")
    if most_a <= 0 or least_a < 0 or least_a > most_a:
        raise Refused("FAILED_WrongChargeParameter", f"currents from {least_a} A to {most_a} A")
    departure_s = parameters.get("DepartureTime") or None
    return Read(
        needs=Needs(
            evse_id=ANY_EVSE,
            transfer="AC_single_phase" if mode == "AC_single_phase_core" else "AC_three_phase",
            departure=departure_at(departure_s, facts),
            most_schedules=MOST_SCHEDULES,
            ac=AcNeeds(
                energy_wh=down(max(Decimal(0), amount_of(parameters["EAmount"], "Wh"))),
                least_a=int(least_a.to_integral_value(ROUND_CEILING)),
                most_a=down(most_a),
                most_v=down(amount_of(parameters["EVMaxVoltage"], "V")),
            ),
        ),
        departure_s=departure_s,
        most_a=most_a,
    )
