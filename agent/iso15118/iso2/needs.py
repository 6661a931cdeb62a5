"""What a vehicle says that it needs, in the agent's terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from agent.iso15118.facts import Facts
from agent.iso15118.iso2.session import Mode
from agent.iso15118.v2g_message.dispatch import Refused
from agent.iso15118.v2g_message.physical import Unit, WrongUnit, amount_of
from agent.iso15118.v2g_message.session import VehicleLimits
from agent.smartcharging.needs import MOST_SCHEDULES, AcNeeds, DcNeeds, Needs

ANY_EVSE = 0
"""The EVSE puts its own number in."""
_KIND: dict[str, str] = {"AC": "AC_EVChargeParameter", "DC": "DC_EVChargeParameter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read: for the EVSE, and to be held to. Seconds until it departs, None if it does not say."""

    needs: Needs
    departure_s: int | None
    limits: VehicleLimits | None = None
    most_a: Decimal | None = None
    """What it will draw at most of each phase."""
    soc: int | None = None


def read(mode: Mode, body: Mapping[str, Any], facts: Facts) -> Read:
    """Return what the parameters of a vehicle say.

    Raises:
        Refused: If they are not those of the mode, or impossible (V2G2-477).
    """
    parameters = body.get(_KIND[mode[:2]])
    if parameters is None:
        raise Refused("FAILED_WrongChargeParameter", f"no parameters for {mode}")
    try:
        return _dc(parameters, facts) if mode == "DC_extended" else _ac(mode, parameters, facts)
    except WrongUnit as error:
        raise Refused("FAILED_WrongChargeParameter", str(error)) from None


def _ac(mode: Mode, parameters: Mapping[str, Any], facts: Facts) -> Read:
    most_a, least_a = _amount(parameters, "EVMaxCurrent", "A"), _amount(parameters, "EVMinCurrent", "A")
    if most_a <= 0 or least_a < 0 or least_a > most_a:
        raise Refused("FAILED_WrongChargeParameter", f"currents from {least_a} A to {most_a} A")
    departure_s = parameters.get("DepartureTime") or None
    return Read(
        needs=Needs(
            evse_id=ANY_EVSE,
            transfer="AC_single_phase" if mode == "AC_single_phase_core" else "AC_three_phase",
            departure=None if departure_s is None else facts.now + timedelta(seconds=departure_s),
            most_schedules=MOST_SCHEDULES,
            ac=AcNeeds(
                energy_wh=_down(max(Decimal(0), _amount(parameters, "EAmount", "Wh"))),
                least_a=int(least_a.to_integral_value(ROUND_CEILING)),
                most_a=_down(most_a),
                most_v=_down(_amount(parameters, "EVMaxVoltage", "V")),
            ),
        ),
        departure_s=departure_s,
        most_a=most_a,
    )


def _dc(parameters: Mapping[str, Any], facts: Facts) -> Read:
    limits = VehicleLimits(
        most_v=_amount(parameters, "EVMaximumVoltageLimit", "V"),
        most_a=_amount(parameters, "EVMaximumCurrentLimit", "A"),
        most_w=_maybe(parameters, "EVMaximumPowerLimit", "W"),
    )
    if limits.most_v <= 0 or limits.most_a <= 0:
        raise Refused("FAILED_WrongChargeParameter", f"at most {limits.most_v} V and {limits.most_a} A")
    if facts.dc is not None and limits.most_v < facts.dc.least_v:
        raise Refused("FAILED_WrongChargeParameter", f"{limits.most_v} V is less than the EVSE can give")
    departure_s = parameters.get("DepartureTime") or None
    soc = parameters["DC_EVStatus"]["EVRESSSOC"]
    return Read(
        needs=Needs(
            evse_id=ANY_EVSE,
            transfer="DC",
            departure=None if departure_s is None else facts.now + timedelta(seconds=departure_s),
            most_schedules=MOST_SCHEDULES,
            dc=DcNeeds(
                most_a=_down(limits.most_a),
                most_v=_down(limits.most_v),
                most_w=None if limits.most_w is None else _down(limits.most_w),
                energy_wh=_maybe_down(parameters, "EVEnergyRequest"),
                capacity_wh=_maybe_down(parameters, "EVEnergyCapacity"),
                soc=soc,
                full_soc=parameters.get("FullSOC"),
                bulk_soc=parameters.get("BulkSOC"),
            ),
        ),
        departure_s=departure_s,
        limits=limits,
        soc=soc,
    )


def _amount(parameters: Mapping[str, Any], name: str, unit: Unit) -> Decimal:
    return amount_of(parameters[name], unit)


def _maybe(parameters: Mapping[str, Any], name: str, unit: Unit) -> Decimal | None:
    value = parameters.get(name)
    return None if value is None else amount_of(value, unit)


def _maybe_down(parameters: Mapping[str, Any], name: str) -> int | None:
    amount = _maybe(parameters, name, "Wh")
    return None if amount is None else _down(max(Decimal(0), amount))


def _down(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_FLOOR))
