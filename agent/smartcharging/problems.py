"""What can be wrong with a charging profile that somebody sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "DuplicateProfile",
    "InvalidOperationMode",
    "InvalidProfile",
    "InvalidProfileId",
    "InvalidSchedule",
    "InvalidStackLevel",
    "InvalidValue",
    "NoProfile",
    "PhaseConflict",
    "RateLimitExceeded",
    "TxNotFound",
    "UnknownEvse",
    "UnsupportedParam",
    "UnsupportedPurpose",
    "UnsupportedRateUnit",
]
"""Reason codes of OCPP 2.1, appendix 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a profile is refused."""

    reason: Reason
    why: str
