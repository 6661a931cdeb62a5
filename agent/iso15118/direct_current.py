"""What holds on direct current in every protocol."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

CABLE_CHECK_S: Final = 38.0
"""How long the test of the cable may take (V2G_SECC_CableCheck_Performance_Time)."""
PRE_CHARGE_MOST_A: Final = Decimal(2)
"""Until the vehicle has asked for power (IEC 61851-23, CC.5.2)."""
