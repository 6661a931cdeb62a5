"""What the station's wiring carries, from the station file."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from agent.config.sections import Config
from agent.smartcharging.cap import Supply
from agent.station.limits import Wiring

NOMINAL_V: Final = 230
"""Between a phase and neutral."""


def wiring_of(config: Config) -> Wiring:
    """Return what each EVSE and the supply that they share can carry."""
    together_a = sum(evse.max_current_a for evse in config.evse)
    return Wiring(
        evses={evse.id: _supply(evse.phases, evse.max_current_a) for evse in config.evse},
        grid=_supply(config.station.supply_phases, config.station.supply_current_a or together_a),
    )


def _supply(phases: int, most_current_a: int) -> Supply:
    return Supply(phases=phases, voltage_v=Decimal(NOMINAL_V), most_current_a=Decimal(most_current_a))
