"""NotifyChargingLimit and ClearedChargingLimit: what others allow, or generate (K11, K27)."""

from __future__ import annotations

from agent.csms.v21 import charging_profile
from agent.smartcharging.external import LimitCleared, LimitSet
from ocppj.messages import v21


def limit_set(record: LimitSet) -> v21.NotifyChargingLimitRequest:
    """Return the message that tells a limit; with its schedule if that is wanted (K12.FR.03)."""
    schedules = tuple(map(charging_profile.schedule_message, record.schedules))
    return v21.NotifyChargingLimitRequest(
        evse_id=record.evse_id,
        charging_limit=v21.ChargingLimitType(
            charging_limit_source=record.source,
            is_local_generation=record.is_generation,
            is_grid_critical=record.is_grid_critical,
        ),
        charging_schedule=schedules or None,
    )


def limit_cleared(record: LimitCleared) -> v21.ClearedChargingLimitRequest:
    """Return the message that tells the end of a limit (K13.FR.02)."""
    return v21.ClearedChargingLimitRequest(charging_limit_source=record.source, evse_id=record.evse_id)
