from __future__ import annotations

from drivers.modbus.errors import NoReply
from drivers.modbus.health import LATEST_REPLY_S, LONGEST_ALONE_S, REST_S, UnitHealth
from drivers.modbus.requests import Read

REQUEST = Read(unit=1, space="input", address=0, count=2)
OTHER = Read(unit=1, space="input", address=0, count=4)


def test_the_third_failure_in_a_row_lets_the_unit_rest_and_each_further_one_longer() -> None:
    health = UnitHealth()
    rests = []
    for now_s in range(100, 1100, 100):
        health.failed(NoReply(REQUEST, ""), now_s, is_alone=False)
        rests.append(max(0.0, health.rests_until_s - now_s))
    assert rests == [0, 0, *REST_S, REST_S[-1]]
    assert REST_S[-1] == 60


def test_a_unit_that_has_its_line_for_itself_never_rests_for_long() -> None:
    health = UnitHealth()
    for now_s in range(100, 1100, 100):
        health.failed(NoReply(REQUEST, ""), now_s, is_alone=True)
        assert health.rests_until_s - now_s <= LONGEST_ALONE_S
    assert health.rests_until_s - now_s == LONGEST_ALONE_S


def test_after_a_write_the_unit_is_left_in_peace() -> None:
    health = UnitHealth(busy_until_s=12.0)
    assert health.ready_at_s == 12.0
    health.give_up(REQUEST.mark, 11.8, 0.5)
    assert health.ready_at_s == 12.3


def test_an_answer_ends_the_rest() -> None:
    health = UnitHealth()
    for _ in range(3):
        health.failed(NoReply(REQUEST, ""), 10.0, is_alone=False)
    health.answered(REQUEST.mark, 10.0)
    assert (health.failures, health.rests_until_s) == (0, 0.0)


def test_a_missing_reply_is_doubted_until_no_device_can_still_send_it() -> None:
    health = UnitHealth()
    health.give_up(REQUEST.mark, 10.0, 0.5)
    assert health.drained_at_s == 10.5
    assert health.doubts(REQUEST.mark, 10.0 + LATEST_REPLY_S - 0.1)
    assert not health.doubts(REQUEST.mark, 10.0 + LATEST_REPLY_S)
    assert not health.doubts(OTHER.mark, 10.0)


def test_an_answer_of_another_shape_ends_the_doubt_because_units_answer_in_order() -> None:
    health = UnitHealth()
    health.give_up(REQUEST.mark, 10.0, 0.5)
    health.answered(OTHER.mark, 11.0)
    assert not health.doubts(REQUEST.mark, 11.0)


def test_an_answer_that_may_itself_be_late_ends_no_doubt() -> None:
    health = UnitHealth()
    health.give_up(REQUEST.mark, 10.0, 0.5)
    health.give_up(OTHER.mark, 10.0, 0.5)
    health.answered(OTHER.mark, 11.0)
    assert health.doubts(REQUEST.mark, 11.0)


def test_a_late_reply_that_came_is_doubted_no_more() -> None:
    health = UnitHealth()
    health.give_up(REQUEST.mark, 10.0, 0.5)
    health.came_late(OTHER.mark)
    assert health.doubts(REQUEST.mark, 11.0)
    health.came_late(REQUEST.mark)
    assert not health.doubts(REQUEST.mark, 11.0)
