from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from agent.firmware.file_server import FileServer
from tests.unit.agent.firmware.test_publishing import free_port

NAME = "0123456789abcdef" * 2
CONTENT = bytes(range(256)) * 1000


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    (tmp_path / NAME).write_bytes(CONTENT)
    (tmp_path / "secret").write_bytes(b"not for you")
    port = free_port()
    async with FileServer(tmp_path, "127.0.0.1", port).listening():
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def test_get_and_head(url: str, client: httpx.AsyncClient) -> None:
    whole = await client.get(f"{url}/{NAME}")
    assert (whole.status_code, whole.content, whole.headers["etag"]) == (200, CONTENT, f'"{NAME}"')
    head = await client.head(f"{url}/{NAME}")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CONTENT)), b"")


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=100-", CONTENT[100:]),
        ("bytes=0-9", CONTENT[:10]),
        ("bytes=255990-999999999", CONTENT[255_990:]),
    ],
)
async def test_parts(url: str, client: httpx.AsyncClient, wanted: str, part: bytes) -> None:
    response = await client.get(f"{url}/{NAME}", headers={"Range": wanted, "If-Range": f'"{NAME}"'})
    assert (response.status_code, response.content) == (206, part)
    begin = CONTENT.find(part) if wanted.startswith("bytes=0") else len(CONTENT) - len(part)
    assert response.headers["content-range"] == f"bytes {begin}-{begin + len(part) - 1}/{len(CONTENT)}"


async def test_parts_that_are_none(url: str, client: httpx.AsyncClient) -> None:
    other = await client.get(f"{url}/{NAME}", headers={"Range": "bytes=5-", "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, CONTENT)
    beyond = await client.get(f"{url}/{NAME}", headers={"Range": f"bytes={len(CONTENT)}-"})
    assert beyond.status_code == 416
    for nonsense in ("bytes=9-5", "bytes=a-b", "lines=1-2"):
        response = await client.get(f"{url}/{NAME}", headers={"Range": nonsense})
        assert (response.status_code, response.content) == (200, CONTENT)


async def raw(url: str, text: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(text)
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "path",
    ["/secret", "/../secret", "/%2e%2e/secret", f"/{NAME}/", f"//{NAME}", f"/{NAME.upper()}", "/", "*"],
)
async def test_only_checksums_are_names(url: str, path: str) -> None:
    assert (await raw(url, f"GET {path} HTTP/1.1\r\n\r\n".encode())).startswith(b"HTTP/1.1 404 ")


async def test_other_methods_and_nonsense(url: str) -> None:
    assert (await raw(url, f"PUT /{NAME} HTTP/1.1\r\n\r\n".encode())).startswith(b"HTTP/1.1 405 ")
    assert await raw(url, bytes(20_000)) == b""


async def test_too_many_clients(url: str, client: httpx.AsyncClient) -> None:
    port = int(url.rpartition(":")[2])
    idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
    await asyncio.sleep(0.05)
    assert (await client.get(f"{url}/{NAME}")).status_code == 503
    for _, writer in idle:
        writer.close()
