"""NotifyChargingLimit and ClearedChargingLimit: what others than the backend allow (K11 to K13)."""

from __future__ import annotations

from agent.csms.v201 import charging_profile
from agent.smartcharging.external import LimitCleared, LimitSet
from ocppj.messages import v201


def limit_set(record: LimitSet) -> v201.NotifyChargingLimitRequest | None:
    """Return the message that tells a limit; with its schedule if that is wanted (K12.FR.03).

    This version has no words for what is generated on the spot.
    """
    if record.is_generation:
        return None
    schedules = tuple(map(charging_profile.schedule_message, record.schedules))
    return v201.NotifyChargingLimitRequest(
        evse_id=record.evse_id,
        charging_limit=v201.ChargingLimitType(
            charging_limit_source=record.source, is_grid_critical=record.is_grid_critical
        ),
        charging_schedule=schedules or None,
    )


def limit_cleared(record: LimitCleared) -> v201.ClearedChargingLimitRequest | None:
    """Return the message that tells the end of a limit (K13.FR.02)."""
    if record.is_generation:
        return None
    return v201.ClearedChargingLimitRequest(charging_limit_source=record.source, evse_id=record.evse_id)
