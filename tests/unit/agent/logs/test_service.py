from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.logs.service import LogAnswer, LogMeans, LogRequest, LogService, LogStatus
from agent.store.database import Database
from tests.unit.agent.transfer.fetching import transfers
from tests.unit.agent.transfer.web import Web, web

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NAME = "CH-1_DiagnosticsLog_20260102T030405Z.log.gz"


class Log:
    """A log with these lines, which may be slow or broken."""

    def __init__(self, *lines: str) -> None:
        self.content = lines
        self.windows: list[tuple[datetime | None, datetime | None]] = []
        self.breaks_after = 10**6

    async def lines(self, oldest: datetime | None, latest: datetime | None) -> AsyncGenerator[str, None]:
        self.windows.append((oldest, latest))
        for number, line in enumerate(self.content):
            if number >= self.breaks_after:
                raise OSError("the journal is broken")
            yield line


class Desk:
    """A station's uploads, and what the backend was told."""

    def __init__(self, directory: Path, database: Database) -> None:
        self.told: list[LogStatus] = []
        self.diagnostics = Log("started\n", "password=hunter2\n", "the key 0123456789abcdef\n")
        self.security = Log("2026-01-01T00:00:00.000Z StartupOfTheDevice\n")
        self.upload = directory / "upload"
        means = LogMeans(
            station_id="CH-1",
            directory=self.upload,
            sources={"DiagnosticsLog": self.diagnostics, "SecurityLog": self.security},
            secrets=lambda: ["0123456789abcdef"],
            tell=self._tell,
            now=lambda: NOW,
        )
        self.service = LogService(means, transfers(directory), database)

    async def ask(self, location: str, **more: Any) -> LogAnswer:
        values: dict[str, Any] = {"request_id": 1, "kind": "DiagnosticsLog", "location": location} | more
        return await self.service.request(LogRequest(**values))

    async def seen(self, *statuses: str) -> None:
        async with asyncio.timeout(8):
            while [record.status for record in self.told][-len(statuses) :] != list(statuses):
                await asyncio.sleep(0.01)

    async def _tell(self, record: object) -> None:
        assert isinstance(record, LogStatus)
        self.told.append(record)


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as server:
        yield server


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = Database(tmp_path / "agent.db")
    await database.open()
    desk = Desk(tmp_path, database)
    running = asyncio.create_task(desk.service.run())
    yield desk
    running.cancel()
    await asyncio.wait([running])
    await database.close()


async def test_a_log_is_sent_masked_and_compressed(desk: Desk, server: Web) -> None:
    """N01.FR.01, N01.FR.02, N01.FR.07, N01.FR.08, N01.FR.09."""
    answer = await desk.ask(f"{server.url}/logs/", request_id=5, oldest=NOW, latest=NOW)
    assert (answer.file_name, answer.has_cancelled) == (NAME, False)
    await desk.seen("Uploading", "Uploaded")
    assert {record.request_id for record in desk.told} == {5}
    [(path, body)] = server.uploads.items()
    assert path == f"/logs/{NAME}"
    assert gzip.decompress(body).decode() == "started\npassword=***\nthe key ***\n"
    assert desk.diagnostics.windows[-1] == (NOW, NOW)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        while list(desk.upload.iterdir()):
            await asyncio.sleep(0.01)
    assert desk.service.last_status() is None


async def test_the_security_log(desk: Desk, server: Web) -> None:
    """N01.FR.03."""
    answer = await desk.ask(f"{server.url}/logs/", kind="SecurityLog")
    assert answer.file_name == NAME.replace("Diagnostics", "Security")
    await desk.seen("Uploading", "Uploaded")
    assert gzip.decompress(next(iter(server.uploads.values()))).decode() == desk.security.content[0]


async def test_a_log_without_anything(desk: Desk, server: Web) -> None:
    """N01.FR.05."""
    desk.security.content = ()
    assert (await desk.ask(f"{server.url}/", kind="SecurityLog")).file_name is None
    desk.diagnostics.breaks_after = 0
    assert (await desk.ask(f"{server.url}/")).file_name is None
    assert desk.told == []


@pytest.mark.parametrize(
    ("location", "status"),
    [
        ("nowhere", "BadMessage"),
        ("gopher://host/logs", "NotSupportedOperation"),
        ("http://127.0.0.1:1/logs", "UploadFailure"),
    ],
)
async def test_addresses_that_do_not_do(desk: Desk, location: str, status: str) -> None:
    """N01.FR.10."""
    assert (await desk.ask(location)).file_name is not None
    await desk.seen("Uploading", status)


@pytest.mark.parametrize(
    ("answer", "status"),
    [(400, "BadMessage"), (405, "NotSupportedOperation"), (403, "PermissionDenied"), (500, "UploadFailure")],
)
async def test_servers_that_refuse(desk: Desk, server: Web, answer: int, status: str) -> None:
    """N01.FR.10: the status says why, as precisely as there is one."""
    server.statuses |= {"PUT": answer, "POST": answer}
    await desk.ask(f"{server.url}/")
    await desk.seen("Uploading", status)


async def test_retries(desk: Desk, server: Web) -> None:
    """Uploading is told once, however often it is tried."""
    server.statuses["PUT"] = 500
    await desk.ask(f"{server.url}/", retries=2)
    await desk.seen("Uploading", "UploadFailure")
    assert server.methods == ["PUT"] * 3
    assert len(desk.told) == 2


async def test_a_log_that_breaks_in_the_middle(desk: Desk, server: Web) -> None:
    desk.diagnostics.breaks_after = 1
    await desk.ask(f"{server.url}/")
    await desk.seen("Uploading", "UploadFailure")
    assert not server.uploads


async def test_a_second_request_takes_the_place_of_the_first(desk: Desk, server: Web) -> None:
    """N01.FR.12, N01.FR.13, N01.FR.20."""
    server.answers.clear()
    await desk.ask(f"{server.url}/", request_id=1)
    await desk.seen("Uploading")
    assert desk.service.last_status() == LogStatus(status="Uploading", request_id=1)
    answer = await desk.ask(f"{server.url}/", request_id=2)
    assert (answer.file_name, answer.has_cancelled) == (NAME, True)
    server.answers.set()
    await desk.seen("Uploading", "Uploaded")
    assert [(record.status, record.request_id) for record in desk.told] == [
        ("Uploading", 1),
        ("AcceptedCanceled", 1),
        ("Uploading", 2),
        ("Uploaded", 2),
    ]


async def test_an_upload_that_a_power_cut_ended(tmp_path: Path, server: Web) -> None:
    server.answers.clear()
    database = Database(tmp_path / "agent.db")
    await database.open()
    before, after, again = (Desk(tmp_path, database) for _ in range(3))
    running = asyncio.create_task(before.service.run())
    await before.ask(f"{server.url}/", request_id=8)
    await before.seen("Uploading")
    running.cancel()
    await asyncio.wait([running])
    for station, told in ((after, 1), (again, 0)):
        running = asyncio.create_task(station.service.run())
        await asyncio.sleep(0.05)
        assert station.told == [LogStatus(status="UploadFailure", request_id=8)] * told
        running.cancel()
        await asyncio.wait([running])
    await database.close()
