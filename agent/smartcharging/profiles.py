"""Charging profiles as frozen records.

Terms are those of OCPP 2.0.1 part 2, block K; a version's folder translates. They are stored as JSON on the
charger, so a member may be added with a default, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.smartcharging.tariffs import SalesTariff

Purpose = Literal[
    "ChargingStationExternalConstraints", "ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile"
]
Kind = Literal["Absolute", "Recurring", "Relative"]
Recurrency = Literal["Daily", "Weekly"]
RateUnit = Literal["A", "W"]
LimitSource = Literal["EMS", "Other", "SO", "CSO"]
"""Who set a limit: energy management, someone else, the system operator, the backend."""

WHOLE_STATION = 0
"""The EVSE id of a profile that is meant for the charging station as a whole, or for each of its EVSEs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start_s` (s after the schedule's start) on at most `limit`: A per phase, or W in all."""

    start_s: int
    limit: Decimal
    phases: int | None = None
    phase_to_use: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Limits over time; without `duration_s` the last period goes on (ChargingScheduleType)."""

    id: int
    unit: RateUnit
    periods: tuple[Period, ...]
    start: datetime | None = None
    duration_s: int | None = None
    lowest_rate: Decimal | None = None
    tariff: SalesTariff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A charging profile on an EVSE or, on `WHOLE_STATION`, on all (ChargingProfileType)."""

    id: int
    evse_id: int
    stack_level: int
    purpose: Purpose
    kind: Kind
    schedules: tuple[Schedule, ...]
    """One, or up to three for a vehicle that speaks ISO 15118 to choose from; the first one counts here."""
    recurrency: Recurrency | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    transaction_id: str | None = None
    source: LimitSource = "CSO"

    @property
    def schedule(self) -> Schedule:
        """The schedule in force."""
        return self.schedules[0]
