"""What the operator has decided about how chargers are answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class CsmsSettings:
    """Times that chargers are told."""

    heartbeat_interval_s: int
    """How often an idle charger says that it is there (B01, G02)."""
    retry_interval_s: int
    """When a charger that is not accepted yet may boot again (B02, B03)."""
    cache_for: timedelta
    """How long a charger may remember that an identifier was accepted (C10)."""
