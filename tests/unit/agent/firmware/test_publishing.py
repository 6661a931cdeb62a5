from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path

import httpx
import pytest

from agent.firmware.file_server import FileServer
from agent.firmware.publishing import LocalPublisher, NoPublisher, Place, Publishing, PublishRequest
from agent.store.database import Database
from tests.unit.agent.transfer.fetching import BOUNDS, CONTENT, fetched, transfers
from tests.unit.agent.transfer.web import Web, web

CHECKSUM = md5(CONTENT).hexdigest()


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as server:
        server.files["/fw"] = CONTENT
        yield server


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@dataclass
class Controller:
    """A local controller's publisher, and what the backend was told."""

    publisher: LocalPublisher
    server: FileServer
    url: str
    told: list[Publishing] = field(default_factory=list)

    @property
    def statuses(self) -> list[str]:
        return [record.status for record in self.told]

    async def ask(self, url: str, checksum: str = CHECKSUM, *, request_id: int = 1, retries: int = 0) -> str:
        return await self.publisher.request(
            PublishRequest(request_id=request_id, location=url, checksum=checksum, retries=retries)
        )

    async def seen(self, status: str) -> None:
        async with asyncio.timeout(8):
            while self.statuses[-1:] != [status] or self.publisher.is_busy:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def controller(directory: Path, port: int = 0) -> AsyncIterator[Controller]:
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    files = FileServer(directory / "published", "127.0.0.1", port)
    place = Place(directory=directory / "published", url=url, bounds=BOUNDS)
    database = Database(directory / "agent.db")
    await database.open()
    told: list[Publishing] = []

    async def tell(record: object) -> None:
        assert isinstance(record, Publishing)
        told.append(record)

    publisher = LocalPublisher(place, files, transfers(directory), tell, database)
    task = asyncio.create_task(publisher.run())
    try:
        while not (files.is_listening or task.done()):
            await asyncio.sleep(0.01)
        yield Controller(publisher, files, url, told)
    finally:
        task.cancel()
        await asyncio.wait([task])
        await database.close()


async def test_a_file_is_fetched_checked_and_offered(tmp_path: Path, server: Web) -> None:
    """L03.FR.01, L03.FR.02, L03.FR.04, L03.FR.09."""
    async with controller(tmp_path) as local:
        assert await local.ask(f"{server.url}/fw", CHECKSUM.upper(), request_id=9) == ""
        await local.seen("Published")
        assert local.statuses == ["Downloading", "Downloaded", "ChecksumVerified", "Published"]
        assert {record.request_id for record in local.told} == {9}
        [location] = local.told[-1].locations
        assert await fetched(transfers(tmp_path), location, tmp_path / "fw") == CONTENT
        assert local.publisher.last_status() is None, "L03.FR.10"


async def test_it_stays_over_a_restart_until_it_is_withdrawn(tmp_path: Path, server: Web) -> None:
    """L04.FR.01, L04.FR.02, L04.FR.03."""
    async with controller(tmp_path) as local:
        await local.ask(f"{server.url}/fw")
        await local.seen("Published")
    async with controller(tmp_path) as local:
        url = f"{local.url}/{CHECKSUM}"
        assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == CONTENT
        assert await local.publisher.withdraw(CHECKSUM.upper()) == "Unpublished"
        assert await local.publisher.withdraw(CHECKSUM) == "NoFirmware"
        for other in ("0" * 32, "../agent.db", ""):
            assert await local.publisher.withdraw(other) == "NoFirmware"
        async with httpx.AsyncClient() as client:
            assert (await client.get(url)).status_code == 404


async def test_what_does_not_arrive(tmp_path: Path, server: Web) -> None:
    """L03.FR.06, L03.FR.11."""
    async with controller(tmp_path) as local:
        await local.ask(f"{server.url}/nothing", retries=1)
        await local.seen("DownloadFailed")
        assert local.statuses == ["Downloading", "DownloadFailed"]
        assert server.methods == ["GET", "GET"]
        last = local.publisher.last_status()
        assert last is not None
        assert last.status == "DownloadFailed"
        assert await local.ask("mailto:nobody") == ""
        await local.seen("DownloadFailed")


async def test_what_is_something_else(tmp_path: Path, server: Web) -> None:
    """L03.FR.07."""
    async with controller(tmp_path) as local:
        await local.ask(f"{server.url}/fw", "0" * 32)
        await local.seen("InvalidChecksum")
        assert local.statuses == ["Downloading", "Downloaded", "InvalidChecksum"]
        assert list((tmp_path / "published").iterdir()) == []
        assert await local.ask(f"{server.url}/fw", "../../etc/passwd") != ""


async def test_nobody_could_fetch_it(tmp_path: Path, server: Web) -> None:
    """L03.FR.08: the address that the station file names is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        files = FileServer(tmp_path / "published", "127.0.0.1", port)
        told: list[str] = []

        async def tell(record: object) -> None:
            assert isinstance(record, Publishing)
            told.append(record.status)

        database = Database(tmp_path / "agent.db")
        await database.open()
        place = Place(directory=tmp_path / "published", url="http://127.0.0.1", bounds=BOUNDS)
        publisher = LocalPublisher(place, files, transfers(tmp_path), tell, database)
        task = asyncio.create_task(publisher.run())
        await publisher.request(PublishRequest(request_id=1, location=f"{server.url}/fw", checksum=CHECKSUM))
        async with asyncio.timeout(8):
            while told[-1:] != ["PublishFailed"]:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        await database.close()


async def test_while_it_is_fetched(tmp_path: Path, server: Web) -> None:
    """L03.FR.05, L04.FR.04: another file has to wait, and this one is not withdrawn."""
    server.stall_after = 1000
    async with controller(tmp_path) as local:
        await local.ask(f"{server.url}/fw")
        assert await local.publisher.withdraw(CHECKSUM) == "DownloadOngoing"
        assert "not over" in await local.ask(f"{server.url}/fw", "0" * 32, request_id=2)
        server.released.set()


async def test_what_a_power_cut_interrupted_begins_again(tmp_path: Path, server: Web) -> None:
    server.stall_after = 1000
    async with controller(tmp_path) as local:
        await local.ask(f"{server.url}/fw")
        await local_seen(local, "Downloading")
    server.stall_after = None
    async with controller(tmp_path) as local:
        await local.seen("Published")
    async with controller(tmp_path) as local:
        await asyncio.sleep(0.05)
        assert local.told == []


async def local_seen(local: Controller, status: str) -> None:
    async with asyncio.timeout(8):
        while local.statuses[-1:] != [status]:
            await asyncio.sleep(0.01)


async def test_somebody_fetching_it_is_not_cut_off(tmp_path: Path, server: Web) -> None:
    """L04.FR.04."""
    big = bytes(8_000_000)
    server.files["/fw"] = big
    checksum = md5(big).hexdigest()
    async with controller(tmp_path) as local:
        await local.ask(f"{server.url}/fw", checksum)
        await local.seen("Published")
        async with httpx.AsyncClient() as client, client.stream("GET", f"{local.url}/{checksum}") as response:
            blocks = response.aiter_bytes(65_536)
            await anext(blocks)
            assert await local.publisher.withdraw(checksum) == "DownloadOngoing"
            async for _ in blocks:
                pass
        async with asyncio.timeout(5):
            while await local.publisher.withdraw(checksum) == "DownloadOngoing":
                await asyncio.sleep(0.01)


async def test_a_station_that_is_no_controller() -> None:
    publisher = NoPublisher()
    request = PublishRequest(request_id=1, location="https://host/fw", checksum=CHECKSUM)
    assert await publisher.request(request) != ""
    assert await publisher.withdraw(CHECKSUM) == "NoFirmware"
    assert publisher.last_status() is None


async def test_who_hears_of_the_end_may_ask_for_the_next_at_once(
    tmp_path: Path, server: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []
    async with controller(tmp_path) as here:
        tell = here.publisher._tell

        async def ask_again(record: Publishing) -> None:
            await tell(record)
            if record.status == "InvalidChecksum":
                answers.append(await here.ask(f"{server.url}/fw", request_id=2))

        monkeypatch.setattr(here.publisher, "_tell", ask_again)
        assert await here.ask(f"{server.url}/fw", "0" * 32) == ""
        await here.seen("Published")
        assert answers == [""]
        assert here.told[-1].request_id == 2
    async with controller(tmp_path) as again:
        assert not again.publisher.is_busy, "nothing of it is left to do"
