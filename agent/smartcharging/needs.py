"""What a vehicle that speaks with the station needs, is offered, and chooses (K15 to K20).

The station's part of ISO 15118 fills these in; here they are only what the backend must know.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.profiles import RateUnit, Schedule
from agent.smartcharging.tariffs import PriceOffer, SalesTariff

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
class Dash20:
    """What a vehicle that speaks ISO 15118-20 says besides: who controls, and within which bounds.

    Powers in W, energies in Wh as it requests them now, the state of charge that it wants in percent.
    """

    control: Literal["DynamicControl", "ScheduledControl"]
    mobility: Literal["EVCC", "EVCC_SECC"] | None = None
    available: tuple[Transfer, ...] = ()
    least_w: int | None = None
    most_w: int | None = None
    target_wh: int | None = None
    least_wh: int | None = None
    most_wh: int | None = None
    target_soc: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the vehicle at an EVSE needs until it departs.

    Raises:
        ValueError: If it is not told for exactly the kind of current that is wanted (K15.FR.06); by ISO
            15118-20 it may be told in `dash20` alone.
    """

    evse_id: int
    transfer: Transfer
    departure: datetime | None = None
    most_schedules: int | None = None
    ac: AcNeeds | None = None
    dc: DcNeeds | None = None
    dash20: Dash20 | None = None

    def __post_init__(self) -> None:
        """Check that kind of current and parameters fit."""
        if self.dash20 is not None and self.ac is None and self.dc is None:
            return
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
    priced: PriceOffer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The schedule by which a vehicle is going to charge, its periods relative to `start`.

    `offer_id`: of the offer that it chose. `is_tolerant`: whether it keeps to its plan only so far.
    """

    evse_id: int
    start: datetime
    schedule: Schedule
    offer_id: int | None = None
    is_tolerant: bool | None = None


NeedsAnswer = Literal["Accepted", "NoChargingProfile", "Processing", "Rejected"]
"""A schedule comes within a minute, or not, or later, or there is to be no such charging at all."""
