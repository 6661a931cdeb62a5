from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from agent.csms import notices as module
from agent.csms.notices import Notices
from agent.csms.v201.dialect import Dialect201
from agent.store import notices as table
from agent.store.database import Database
from ocppj.messages import v201
from ocppj.messages.fields import Payload
from tests.conformance.kit import Answer, Csms, Refuse, Silence
from tests.conformance.kit import Payload as Json
from tests.unit.agent.csms.link import connection_to

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    what: str
    at: datetime = AT


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    at: datetime


class AlarmDialect(Dialect201):
    notices: ClassVar[Mapping[type[Any], Callable[[Any], Payload]]] = {
        Alarm: lambda alarm: v201.SecurityEventNotificationRequest(type=alarm.what, timestamp=alarm.at)
    }


@dataclass
class Place:
    database: Database
    notices: Notices
    now: datetime

    async def until_waiting(self, count: int) -> None:
        async with asyncio.timeout(8):
            while await self.notices.waiting() != count:
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def telling(self, csms: Csms) -> AsyncIterator[None]:
        async with connection_to(csms, AlarmDialect()) as connection:
            task = asyncio.create_task(self.notices.run(connection, lambda: 5.0))
            yield
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def place(path: Path) -> AsyncIterator[Place]:
    database = Database(path / "agent.db")
    await database.open()
    made = Place(database, Notices(database, (Alarm,), lambda: made.now), AT)
    try:
        yield made
    finally:
        await database.close()


def told(csms: Csms) -> list[str]:
    return [call.payload["type"] for call in csms.calls("SecurityEventNotification")]


async def test_what_was_added_offline_is_told_in_order_once_there_is_a_connection(tmp_path: Path) -> None:
    """A04.FR.02: also after a restart in between."""
    async with place(tmp_path) as before:
        for what in "abc":
            await before.notices.add(Alarm(what=what))
    async with Csms() as csms, place(tmp_path) as after:
        assert await after.notices.waiting() == 3
        async with after.telling(csms):
            await after.until_waiting(0)
            await after.notices.add(Alarm(what="d"))
            await after.until_waiting(0)
    assert told(csms) == ["a", "b", "c", "d"]
    assert csms.calls()[0].payload["timestamp"] == "2026-01-02T03:04:05Z"


async def test_what_was_not_confirmed_comes_again_with_the_same_message_id(tmp_path: Path) -> None:
    async with Csms(script={"SecurityEventNotification": Silence()}) as csms, place(tmp_path) as here:
        await here.notices.add(Alarm(what="a"))
        async with here.telling(csms):
            first = await csms.expect("SecurityEventNotification")
        csms.script.clear()
        async with here.telling(csms):
            second = await csms.expect("SecurityEventNotification")
            await here.until_waiting(0)
    assert first.message_id == second.message_id


async def test_one_that_is_refused_holds_up_no_other_and_is_dropped_in_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(payload: Json) -> Answer:
        return Refuse("InternalError") if payload["type"] == "bad" else {}

    monkeypatch.setattr(module, "_REST_S", 0.01)
    caplog.set_level(logging.ERROR)
    async with Csms(script={"SecurityEventNotification": refuses}) as csms, place(tmp_path) as here:
        await here.notices.add(Alarm(what="bad"))
        await here.notices.add(Alarm(what="good"))
        async with here.telling(csms):
            await here.until_waiting(0)
    assert told(csms).count("bad") == module.MOST_REFUSALS
    assert told(csms).count("good") == 1
    assert "refused 5 times and is dropped" in caplog.text


async def test_what_lived_too_long_is_not_told(tmp_path: Path) -> None:
    async with Csms() as csms, place(tmp_path) as here:
        await here.notices.add(Alarm(what="short"), lifetime=timedelta(seconds=60))
        await here.notices.add(Alarm(what="long"))
        here.now += timedelta(seconds=61)
        async with here.telling(csms):
            await here.until_waiting(0)
    assert told(csms) == ["long"]


async def test_one_kind_in_plenty_pushes_out_its_own_oldest_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_OF_A_KIND", 2)
    async with place(tmp_path) as here:
        await here.database.write(lambda opened: table.add(opened, "Other", "1", b"{}", None, 2))
        for what in "abc":
            await here.notices.add(Alarm(what=what))
        assert await here.notices.waiting() == 3
        oldest = await here.database.read(lambda opened: table.first(opened, {1}))
    assert oldest is not None
    assert b'"b"' in oldest.record
    assert "1 of kind Alarm never told" in caplog.text


async def test_what_cannot_be_told_is_refused_or_dropped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Csms() as csms, place(tmp_path) as here:
        with pytest.raises(KeyError, match="Other is not one of the kinds"):
            await here.notices.add(Other(at=AT))
        await here.database.write(lambda opened: table.add(opened, "Other", "1", b"{}", None, 9))
        await here.database.write(lambda opened: table.add(opened, "Alarm", "2", b"[]", None, 9))
        await here.notices.add(Alarm(what="good"))
        async with here.telling(csms):
            await here.until_waiting(0)
    assert told(csms) == ["good"]
    assert caplog.text.count("cannot be told and is dropped") == 2
