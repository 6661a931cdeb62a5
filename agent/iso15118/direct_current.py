"""What holds on direct current in every protocol."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from agent.iso15118.facts import DcLimits, Facts
from agent.iso15118.refused import Refused

CABLE_CHECK_S: Final = 38.0
"""How long the test of the cable may take (V2G_SECC_CableCheck_Performance_Time)."""
PRE_CHARGE_MOST_A: Final = Decimal(2)
"""Until the vehicle has asked for power (IEC 61851-23, CC.5.2)."""


def supply_of(facts: Facts) -> DcLimits:
    """Return what the EVSE can give.

    Raises:
        Refused: If it gives no direct current.
    """
    if facts.dc is None:
        raise Refused("FAILED", "the EVSE gives no direct current")
    return facts.dc
