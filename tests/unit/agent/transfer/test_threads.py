from __future__ import annotations

import asyncio
import threading

import pytest

from agent.transfer.cancellation import Cancellation
from agent.transfer.errors import Cancelled
from agent.transfer.threads import in_thread


async def test_results_and_errors() -> None:
    assert await in_thread("sum", lambda _: 1 + 1) == 2
    with pytest.raises(ZeroDivisionError):
        await in_thread("none", lambda _: 1 // 0)


async def test_cancelling_wakes_what_blocks_and_waits_for_its_end() -> None:
    waiting, woken, ended = threading.Event(), threading.Event(), threading.Event()

    def work(cancellation: Cancellation) -> None:
        with cancellation.closing(woken.set):
            waiting.set()
            assert woken.wait(10)
        try:
            cancellation.check()
        finally:
            ended.set()

    task = asyncio.create_task(in_thread("blocked", work))
    await asyncio.to_thread(waiting.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


def test_what_is_cancelled_before_it_opens() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled), cancellation.closing(lambda: None):
        pass
    with pytest.raises(Cancelled):
        cancellation.check()
