"""What a vehicle that speaks with the station needs, is offered, and chooses (K15 to K17).

The station's part of ISO 15118 fills these in; here they are only what the backend must know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.profiles import RateUnit, Schedule
from agent.smartcharging.tariffs import SalesTariff

Transfer = Literal["AC_single_phase", "AC_three_phase", "AC_two_phase", "DC"]
MOST_SCHEDULES: Final = 3
"""How many schedules a vehicle can be offered to choose from (ISO 15118-2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcNeeds:
    """What a vehicle on alternating current needs; currents per phase."""

    energy_wh: int
    least_a: int
    most_a: int
    most_v: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DcNeeds:
    """What a vehicle on direct current needs; states of charge in percent."""

    most_a: int
    most_v: int
    energy_wh: int | None = None
    most_w: int | None = None
    soc: int | None = None
    capacity_wh: int | None = None
    full_soc: int | None = None
    bulk_soc: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the vehicle at an EVSE needs until it departs.

    Raises:
        ValueError: If it is not told for exactly the kind of current that is wanted (K15.FR.06).
    """

    evse_id: int
    transfer: Transfer
    departure: datetime | None = None
    most_schedules: int | None = None
    ac: AcNeeds | None = None
    dc: DcNeeds | None = None

    def __post_init__(self) -> None:
        """Check that kind of current and parameters fit."""
        wants_dc = self.transfer == "DC"
        if (self.dc is not None) != wants_dc or (self.ac is not None) == wants_dc:
            raise ValueError(f"{self.transfer} needs parameters for {'DC' if wants_dc else 'AC'}, no others")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One of the schedules that a vehicle may choose: limits from `start` on, for `duration_s`."""

    id: int
    start: datetime
    duration_s: int
    unit: RateUnit
    periods: tuple[CompositePeriod, ...]
    tariff: SalesTariff | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The schedule by which a vehicle is going to charge, its periods relative to `start`."""

    evse_id: int
    start: datetime
    schedule: Schedule


NeedsAnswer = Literal["Accepted", "Processing", "Rejected"]
"""A schedule comes within a minute, or later, or not at all."""
