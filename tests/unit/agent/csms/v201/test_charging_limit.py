from __future__ import annotations

from decimal import Decimal

from agent.csms.v201 import charging_limit
from agent.smartcharging.external import LimitCleared, LimitSet
from agent.smartcharging.profiles import Period, Schedule
from ocppj import codec
from ocppj.messages import v201
from tests.unit.agent.smartcharging.charging import NOON


def test_a_limit_and_its_end_as_they_are_told() -> None:
    """K11.FR.04, K13.FR.02."""
    schedule = Schedule(id=-1, unit="W", start=NOON, periods=(Period(start_s=0, limit=Decimal("4140.5")),))
    told = charging_limit.limit_set(LimitSet(source="SO", evse_id=2, schedules=(schedule,)))
    assert told is not None
    assert told.charging_schedule is not None
    assert told.charging_schedule[0].charging_schedule_period == (
        v201.ChargingSchedulePeriodType(start_period=0, limit=4140.5),
    )
    bare = charging_limit.limit_set(LimitSet(source="EMS", evse_id=None, is_grid_critical=False))
    assert bare is not None
    assert codec.encode(bare) == b'{"chargingLimit":{"chargingLimitSource":"EMS","isGridCritical":false}}'
    cleared = charging_limit.limit_cleared(LimitCleared(source="Other", evse_id=None))
    assert cleared is not None
    assert codec.encode(cleared) == b'{"chargingLimitSource":"Other"}'


def test_what_is_generated_is_not_told_as_a_limit() -> None:
    assert charging_limit.limit_set(LimitSet(source="EMS", evse_id=None, is_generation=True)) is None
    assert charging_limit.limit_cleared(LimitCleared(source="EMS", evse_id=None, is_generation=True)) is None
