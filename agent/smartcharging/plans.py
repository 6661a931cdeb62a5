"""What a vehicle said that it will draw, as a profile; it limits nothing, it says what to expect. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.smartcharging.course import Evse
from agent.smartcharging.needs import Chosen, Transfer
from agent.smartcharging.profiles import Profile

PHASES: Final[dict[Transfer, int]] = {
    "AC_single_phase": 1,
    "AC_two_phase": 2,
    "AC_three_phase": 3,
    "DC": 3,
}


def as_plan(chosen: Chosen, transfer: Transfer, evse: Evse) -> Profile:
    """Return the plan of the vehicle at an EVSE, its power spread over the phases that it uses there."""
    phases = min(PHASES[transfer], evse.supply.phases)
    periods = tuple(
        replace(period, phases=phases if period.phases is None else period.phases)
        for period in chosen.schedule.periods
    )
    return Profile(
        id=0,
        evse_id=evse.id,
        stack_level=0,
        purpose="TxProfile",
        kind="Absolute",
        schedules=(replace(chosen.schedule, start=chosen.start, periods=periods),),
        transaction_id=evse.transaction_id,
    )
