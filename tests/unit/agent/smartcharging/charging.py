"""Charging profiles for tests, short to write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from agent.smartcharging.cap import Supply
from agent.smartcharging.course import Evse
from agent.smartcharging.profiles import Period, Profile, RateUnit, Schedule

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SUPPLY = Supply(phases=3, voltage_v=Decimal(230), most_current_a=Decimal(32))
TRANSACTION = "T-1"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def schedule(
    *steps: tuple[int, float] | tuple[int, float, int],
    unit: RateUnit = "A",
    start: datetime | None = NOON,
    duration_s: int | None = None,
    in_local_time: bool | None = None,
    delay_s: int | None = None,
) -> Schedule:
    """Return a schedule of (start in s, limit) or (start in s, limit, phases)."""
    periods = tuple(
        Period(start_s=step[0], limit=Decimal(str(step[1])), phases=step[2] if len(step) == 3 else None)
        for step in steps
    )
    return Schedule(
        id=1,
        unit=unit,
        periods=periods,
        start=start,
        duration_s=duration_s,
        in_local_time=in_local_time,
        delay_s=delay_s,
    )


_OF_SCHEDULE = ("unit", "start", "duration_s", "in_local_time", "delay_s")


def profile(*steps: Any, **members: Any) -> Profile:
    """Return a profile; Absolute TxDefaultProfile on EVSE 1 unless said, its schedule from `steps`."""
    about = {key: members.pop(key) for key in _OF_SCHEDULE if key in members}
    if members.get("kind") == "Relative":
        about["start"] = None
    if members.get("purpose") == "TxProfile":
        members.setdefault("transaction_id", TRANSACTION)
    if members.get("purpose") == "ChargingStationMaxProfile":
        members.setdefault("evse_id", 0)
    defaults: dict[str, Any] = {
        "id": 1,
        "evse_id": 1,
        "stack_level": 0,
        "purpose": "TxDefaultProfile",
        "kind": "Absolute",
    }
    members.setdefault("schedules", (schedule(*steps, **about),))
    return Profile(**(defaults | members))


def evse(**members: Any) -> Evse:
    defaults: dict[str, Any] = {"id": 1, "supply": SUPPLY, "transaction_id": TRANSACTION}
    return Evse(**(defaults | members))
