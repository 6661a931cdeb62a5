from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.csms.v201 import boot_notification
from ocppj.messages import v201


@pytest.mark.parametrize(("interval", "interval_s"), [(-1, 0), (-(2**62), 0), (0, 0), (30, 30)])
def test_a_negative_interval_leaves_the_choice_to_the_station(interval: int, interval_s: int) -> None:
    """B02.FR.04: a retry at a negative interval would be one after the other without a pause."""
    response = v201.BootNotificationResponse(
        current_time=datetime(2026, 1, 1, tzinfo=UTC), interval=interval, status="Pending"
    )
    assert boot_notification.read(response).interval_s == interval_s
