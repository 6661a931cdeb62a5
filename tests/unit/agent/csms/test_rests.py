from __future__ import annotations

import asyncio

from agent.csms.rests import Rests


async def test_a_rest_ends_by_itself_and_wakes_who_waits() -> None:
    rests: Rests[str] = Rests()
    rests.rest("one", 0.05)
    rests.rest("other", 60)
    assert rests.resting == {"one", "other"}
    async with asyncio.timeout(5):
        await rests.wait()
    assert rests.resting == {"other"}


async def test_news_wakes_who_waits_and_counts_until_it_is_looked_at() -> None:
    rests: Rests[int] = Rests()
    rests.wake()
    async with asyncio.timeout(5):
        await rests.wait()
    rests.forget_news()
    waiting = asyncio.create_task(rests.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    rests.wake()
    async with asyncio.timeout(5):
        await waiting
