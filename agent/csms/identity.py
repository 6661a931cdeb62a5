"""What the station says of itself when it announces itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """From the station file; empty texts are left out of messages."""

    station_id: str
    vendor: str
    model: str
    serial: str
    firmware: str
