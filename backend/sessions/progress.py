"""What the events of a transaction add up to. Pure; the running cost and the CDR use the same sums.

Time counts for the state that held when it passed. OCPP's chargingState says what the vehicle does:

    Charging                          charging
    SuspendedEV, EVConnected          parking: the vehicle does not ask for power
    SuspendedEVSE                     withheld: it asks, the operator does not give
    EVConnected before any charging   withheld: it has not been offered any
    Idle                              withheld: no vehicle is connected
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from backend.rating.rate import Activity, Period, Quantities
from backend.sessions.event import Increment

MICROSECOND = timedelta(microseconds=1)
MICROSECONDS = Decimal(1_000_000)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """The sum of the events so far. Times in µs, energy in Wh, registers as the meter shows them."""

    charging_state: str | None = None
    has_charged: bool = False
    last_event_at: datetime | None = None
    meter_start_wh: int | None = None
    meter_last_wh: int | None = None
    power_w: int | None = None
    charging_us: int = 0
    parking_us: int = 0

    @property
    def energy_wh(self) -> int:
        """The energy delivered; never negative, since the import register only counts up."""
        if self.meter_start_wh is None or self.meter_last_wh is None:
            return 0
        return max(0, self.meter_last_wh - self.meter_start_wh)

    @property
    def activity(self) -> Activity:
        """What the time after the last event counts for."""
        if self.charging_state == "Charging":
            return Activity.CHARGING
        if self.charging_state == "SuspendedEV":
            return Activity.PARKING
        if self.charging_state == "EVConnected" and self.has_charged:
            return Activity.PARKING
        return Activity.WITHHELD

    @property
    def quantities(self) -> Quantities:
        """What is priced."""
        return Quantities(
            Decimal(self.energy_wh), self.charging_us / MICROSECONDS, self.parking_us / MICROSECONDS
        )


NOTHING = Progress()


def advance(progress: Progress, event: Increment) -> Progress:
    """Add the next event. A clock that runs backwards adds no time, and no time is counted twice."""
    last_at = progress.last_event_at
    at = event.at if last_at is None or event.at > last_at else last_at
    elapsed_us = 0 if last_at is None else (at - last_at) // MICROSECOND
    activity = progress.activity
    first_wh = event.energy_first_wh if event.energy_first_wh is not None else event.energy_wh
    state = event.charging_state or progress.charging_state
    return Progress(
        charging_state=state,
        has_charged=progress.has_charged or state == "Charging",
        last_event_at=at,
        meter_start_wh=progress.meter_start_wh if progress.meter_start_wh is not None else first_wh,
        meter_last_wh=event.energy_wh if event.energy_wh is not None else progress.meter_last_wh,
        power_w=event.power_w if event.power_w is not None else progress.power_w,
        charging_us=progress.charging_us + (elapsed_us if activity is Activity.CHARGING else 0),
        parking_us=progress.parking_us + (elapsed_us if activity is Activity.PARKING else 0),
    )


def periods_of(events: Iterable[Increment]) -> list[Period]:
    """Split a transaction into charging periods; neighbours of one activity are one period.

    Energy belongs to the period that ends with the event which brought the reading.
    """
    periods: list[Period] = []
    progress = NOTHING
    for event in events:
        after = advance(progress, event)
        start, end = progress.last_event_at or after.last_event_at, after.last_event_at
        if start is None or end is None:
            raise AssertionError("every event has a time")
        energy_wh = Decimal(after.energy_wh - progress.energy_wh)
        last = periods[-1] if periods else None
        if last is not None and (last.activity is progress.activity or start == end):
            periods[-1] = Period(last.start, end, last.activity, last.energy_wh + energy_wh)
        elif start != end or energy_wh:
            periods.append(Period(start, end, progress.activity, energy_wh))
        progress = after
    return periods
