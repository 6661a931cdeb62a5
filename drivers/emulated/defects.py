"""What can be broken at a charging bay, whatever its devices say."""

from __future__ import annotations

from typing import Literal

Defect = Literal[
    "welded",
    "tripped",
    "pilot-short",
    "pilot-ignored",
    "proximity-open",
    "lock-stuck",
    "earth-fault",
    "monitor-broken",
]
"""Contactor welded shut; residual current device tripped; pilot shorted to earth; a vehicle that takes what
it can without listening to the pilot; no resistor on the proximity contact; a bolt that does not move;
insulation that is gone; an isolation monitor whose own test finds it broken."""
