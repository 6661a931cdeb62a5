"""Runs something that blocks in a thread of its own, as a coroutine that can be cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from agent.transfer.cancellation import Cancellation

Result = TypeVar("Result")

_END_S = 5.0


async def in_thread(name: str, work: Callable[[Cancellation], Result]) -> Result:
    """Return what `work` returns. Cancelled, it waits until the thread has ended too, but not for ever.

    A thread that is stuck (in a name server's answer, say) is left behind; it checks before it writes.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()
    cancellation = Cancellation()

    def run() -> None:
        outcome: Callable[[], Any]
        try:
            result = work(cancellation)
        except BaseException as error:  # whatever it is, the one who waits gets it
            outcome = _setter(done.set_exception, error, done)
        else:
            outcome = _setter(done.set_result, result, done)
        with suppress(RuntimeError):  # the loop has gone, and with it whoever wanted to know
            loop.call_soon_threadsafe(outcome)

    threading.Thread(target=run, name=name, daemon=True).start()
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        cancellation.cancel()
        await asyncio.wait([done], timeout=_END_S)
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        raise


def _setter(set_: Callable[[Any], None], value: Any, done: asyncio.Future[Any]) -> Callable[[], None]:
    def outcome() -> None:
        if not done.done():
            set_(value)

    return outcome
