from __future__ import annotations

from agent.system.health import Health


def test_a_part_that_stops_reporting_is_late_and_no_other() -> None:
    now_s = 100.0
    health = Health(lambda: now_s)
    meter = health.watch("meter", limit_s=10)
    link = health.watch("link", limit_s=30)
    assert health.late() == {}
    now_s += 11
    assert health.late() == {"meter": 11}
    meter()
    assert health.late() == {}
    now_s += 25
    link()
    assert health.late() == {"meter": 25}


def test_the_first_interval_begins_when_it_is_watched() -> None:
    now_s = 0.0
    health = Health(lambda: now_s)
    health.watch("EVSE 1", limit_s=5)
    now_s = 5.0
    assert health.late() == {}
    now_s = 5.1
    assert set(health.late()) == {"EVSE 1"}
