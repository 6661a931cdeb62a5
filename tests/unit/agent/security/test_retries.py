from __future__ import annotations

from agent.security import retries


def waits(minimum_s: int, times: int) -> list[float]:
    """Return the waits between one sending and the next."""
    asking, now_s, found = retries.begin(100.0), 100.0, []
    while asking.due_s is not None:
        assert asking.is_due(asking.due_s)
        assert not asking.is_due(asking.due_s - 0.1)
        found.append(asking.due_s - now_s)
        now_s = asking.due_s
        asking = retries.after_sending(asking, now_s, minimum_s, times)
    return found


def test_each_wait_is_twice_the_one_before_and_there_is_an_end() -> None:
    """A02.FR.17, A02.FR.18, A02.FR.19, A03.FR.17, A03.FR.18, A03.FR.19."""
    assert waits(30, 3) == [0, 30, 60, 120]
    assert waits(30, 0) == [0]


def test_a_backend_that_was_not_reached_was_not_asked() -> None:
    asking = retries.after_silence(retries.begin(0.0), 5.0, 30)
    assert (asking.due_s, asking.sent) == (35.0, 0)
