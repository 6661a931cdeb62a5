from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.network.route import LAST_WORKED, Route, after_boot, after_failure, after_loss, skipped


def walk(route: Route, attempts: int, steps: int) -> list[int]:
    found = []
    for _ in range(steps):
        found.append(route.slot)
        route = after_failure(route, attempts)
    return found


def test_a_start_begins_with_the_first_and_tries_each_so_often() -> None:
    """B10.FR.03, B10.FR.04, B10.FR.07, B10.FR.08."""
    assert walk(after_boot((2, 1)), 2, 8) == [2, 2, 1, 1, LAST_WORKED, LAST_WORKED, 2, 2]


def test_a_loss_begins_with_what_was_in_use() -> None:
    assert walk(after_loss((1, 2, 3), 2), 1, 5) == [2, 1, 3, LAST_WORKED, 1]
    assert walk(after_loss((1, 2), LAST_WORKED), 1, 4) == [LAST_WORKED, 1, 2, 1]


def test_the_wait_grows_with_each_profiles_own_failures() -> None:
    route = after_boot((1, 2))
    seen = []
    for _ in range(8):
        route = after_failure(route, 2)
        seen.append((route.slot, route.attempt))
    assert seen == [(1, 1), (2, 1), (2, 1), (0, 1), (0, 1), (1, 2), (1, 3), (2, 2)]


def test_the_wait_doubles_from_the_second_attempt_after_a_loss_on() -> None:
    """OCPP 2.0.1 part 4, 5.3."""
    route = after_loss((1,), 1)
    seen = [route.attempt]
    for _ in range(2):
        route = after_failure(route, 5)
        seen.append(route.attempt)
    assert seen == [1, 2, 3]


def test_a_slot_without_anything_is_passed_over() -> None:
    assert skipped(after_boot((1,))).slot == LAST_WORKED
    assert skipped(skipped(after_boot((1,)))).slot == 1


@given(
    order=st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True),
    attempts=st.integers(1, 4),
    active=st.integers(0, 5),
)
def test_every_profile_gets_its_turns_in_every_round(order: list[int], attempts: int, active: int) -> None:
    """B10.FR.09: whatever the order, the station never stops trying, and none is left out."""
    length = attempts * (len(order) + 1)
    for route in (after_boot(tuple(order)), after_loss(tuple(order), active)):
        first_round = attempts * len(route.queue)
        walked = walk(route, attempts, first_round + 2 * length)
        for begin in (first_round, first_round + length):
            turn = walked[begin : begin + length]
            assert {slot: turn.count(slot) for slot in turn} == dict.fromkeys([*order, 0], attempts)
