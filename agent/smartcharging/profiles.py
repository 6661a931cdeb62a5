"""Charging profiles as frozen records.

Terms are those of OCPP 2.1 part 2, block K; a version's folder translates. They are stored as JSON on the
charger, so a member may be added with a default, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.smartcharging.tariffs import PriceOffer, SalesTariff

Purpose = Literal[
    "ChargingStationExternalConstraints",
    "ChargingStationMaxProfile",
    "LocalGeneration",
    "PriorityCharging",
    "TxDefaultProfile",
    "TxProfile",
]
Kind = Literal["Absolute", "Dynamic", "Recurring", "Relative"]
Recurrency = Literal["Daily", "Weekly"]
RateUnit = Literal["A", "W"]
LimitSource = Literal["EMS", "Other", "SO", "CSO"]
"""Who set a limit: energy management, someone else, the system operator, the backend."""
Mode = Literal[
    "CentralFrequency",
    "CentralSetpoint",
    "ChargingOnly",
    "ExternalLimits",
    "ExternalSetpoint",
    "Idle",
    "LocalFrequency",
    "LocalLoadBalancing",
]
"""What an EVSE does during a period (OperationModeEnumType)."""

WHOLE_STATION = 0
"""The EVSE id of a profile that is meant for the charging station as a whole, or for each of its EVSEs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start_s` (s after the schedule's start) on at most `limit`: A per phase, or W in all.

    Without a limit it says nothing yet: somebody else is going to give it (`mode` ExternalLimits).
    `foreign`: what else it asks for that takes a station which feeds energy back or sleeps.
    """

    start_s: int
    limit: Decimal | None
    phases: int | None = None
    phase_to_use: int | None = None
    mode: Mode | None = None
    preconditioning: bool | None = None
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SocLimit:
    """At most `limit`, in the schedule's unit, once the vehicle's battery is at `soc` percent."""

    soc: int
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Limits over time; without `duration_s` the last period goes on (ChargingScheduleType).

    `in_local_time`: `start` is a time of the station's wall clock, whatever its offset says. `delay_s`: each
    period but the first begins up to so much later, at random. What `offered` holds is for vehicles only.
    """

    id: int
    unit: RateUnit
    periods: tuple[Period, ...]
    start: datetime | None = None
    duration_s: int | None = None
    lowest_rate: Decimal | None = None
    tariff: SalesTariff | None = None
    in_local_time: bool | None = None
    delay_s: int | None = None
    soc_limit: SocLimit | None = None
    offered: PriceOffer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A charging profile on an EVSE or, on `WHOLE_STATION`, on all (ChargingProfileType).

    `max_offline_s`: for how long it holds without the backend; then no more as long as that is away, or
    (`ends_offline`) never again. A Dynamic one was given its limit at `updated_at`, and asks for another
    after `update_every_s`.
    """

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
    max_offline_s: int | None = None
    ends_offline: bool | None = None
    update_every_s: int | None = None
    updated_at: datetime | None = None
    price_signature: str | None = None

    @property
    def schedule(self) -> Schedule:
        """The schedule in force."""
        return self.schedules[0]
