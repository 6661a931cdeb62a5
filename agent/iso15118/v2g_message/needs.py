"""What a vehicle says that it needs, in the agent's terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from agent.iso15118.facts import Facts
from agent.iso15118.refused import Refused
from agent.iso15118.turns import ANY_EVSE
from agent.iso15118.v2g_message.physical import Unit, WrongUnit, amount_of
from agent.iso15118.v2g_message.session import VehicleLimits
from agent.smartcharging.needs import DcNeeds, Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read: for the EVSE, and to be held to. Seconds until it departs, None if it does not say."""

    needs: Needs
    departure_s: int | None
    limits: VehicleLimits | None = None
    most_a: Decimal | None = None
    """What it will draw at most of each phase."""
    soc: int | None = None


def read_dc(parameters: Mapping[str, Any], facts: Facts, most_schedules: int) -> Read:
    """Return what DC_EVChargeParameter says; DIN 70121 has no departures.

    Raises:
        Refused: If it is impossible (V2G2-477, V2G-DC-398).
    """
    try:
        return _read_dc(parameters, facts, most_schedules)
    except WrongUnit as error:
        raise Refused("FAILED_WrongChargeParameter", str(error)) from None


def departure_at(departure_s: int | None, facts: Facts) -> datetime | None:
    """Return when a vehicle departs."""
    return None if departure_s is None else facts.now + timedelta(seconds=departure_s)


def down(amount: Decimal) -> int:
    """Return the whole number below."""
    return int(amount.to_integral_value(ROUND_FLOOR))


def _read_dc(parameters: Mapping[str, Any], facts: Facts, most_schedules: int) -> Read:
    limits = VehicleLimits(
        most_v=amount_of(parameters["EVMaximumVoltageLimit"], "V"),
        most_a=amount_of(parameters["EVMaximumCurrentLimit"], "A"),
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
            departure=departure_at(departure_s, facts),
            most_schedules=most_schedules,
            dc=DcNeeds(
                most_a=down(limits.most_a),
                most_v=down(limits.most_v),
                most_w=None if limits.most_w is None else down(limits.most_w),
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


def _maybe(parameters: Mapping[str, Any], name: str, unit: Unit) -> Decimal | None:
    value = parameters.get(name)
    return None if value is None else amount_of(value, unit)


def _maybe_down(parameters: Mapping[str, Any], name: str) -> int | None:
    amount = _maybe(parameters, name, "Wh")
    return None if amount is None else down(max(Decimal(0), amount))
