from __future__ import annotations

import asyncio

import pytest

from agent.csms.connection import CallFailed
from agent.csms.reports import Reports
from ocppj.messages import v201
from ocppj.messages.fields import Payload

PARTS = [v201.HeartbeatRequest(), v201.ClearCacheRequest()]


async def test_each_part_waits_for_the_answer_to_the_one_before() -> None:
    sent: list[Payload] = []
    answers = asyncio.Semaphore(0)

    async def call(request: Payload) -> Payload:
        sent.append(request)
        await answers.acquire()
        return request

    reports = Reports()
    sending = asyncio.create_task(reports.send(call, iter(PARTS)))
    await asyncio.sleep(0)
    assert sent == PARTS[:1]
    answers.release()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert sent == PARTS
    answers.release()
    await sending


async def test_a_lost_link_ends_a_report_and_frees_its_place() -> None:
    async def lose(_: Payload) -> Payload:
        raise CallFailed("no connection", is_answered=False, is_disconnected=True)

    reports = Reports()
    for _ in range(5):
        with pytest.raises(CallFailed):
            await reports.send(lose, iter(PARTS))
    assert not reports.is_busy


async def test_so_many_at_once_and_no_more() -> None:
    """B08.FR.16."""
    gone = asyncio.Event()

    async def call(request: Payload) -> Payload:
        await gone.wait()
        return request

    reports = Reports()
    sending = [asyncio.create_task(reports.send(call, iter(PARTS))) for _ in range(3)]
    await asyncio.sleep(0)
    assert reports.is_busy
    gone.set()
    await asyncio.gather(*sending)
    assert not reports.is_busy
