from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from agent.transfer.errors import AccessDenied, Interrupted, NotFound, TransferError, Untrusted
from agent.transfer.location import parse_location
from tests.unit.agent.transfer.certificates import Authority
from tests.unit.agent.transfer.fetching import CONTENT, begun, fetched, transfers
from tests.unit.agent.transfer.ftp_server import PASSWORD, USER, ftp_server

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    (folder / "logs").mkdir(parents=True)
    (folder / "fw 1.bin").write_bytes(CONTENT)
    return folder


@pytest.fixture
def port(shared: Path) -> Iterator[int]:
    with ftp_server(shared) as port:
        yield port


async def test_a_file_for_a_user_and_for_anybody(port: int, tmp_path: Path) -> None:
    for login in (f"{LOGIN}@", ""):
        url = f"ftp://{login}127.0.0.1:{port}/fw%201.bin"
        assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == CONTENT
    with pytest.raises(AccessDenied):
        await fetched(transfers(tmp_path), f"ftp://{USER}:wrong@127.0.0.1:{port}/fw%201.bin", tmp_path / "fw")
    with pytest.raises(NotFound):
        await fetched(transfers(tmp_path), f"ftp://{LOGIN}@127.0.0.1:{port}/nothing", tmp_path / "fw")


@pytest.mark.parametrize("changes", [False, True])
async def test_the_rest_of_a_file_if_it_is_still_the_same(
    port: int, shared: Path, tmp_path: Path, changes: bool
) -> None:
    url = f"ftp://{LOGIN}@127.0.0.1:{port}/fw%201.bin"
    await begun(url, tmp_path / "fw", 600_000)
    served = shared / "fw 1.bin"
    stamp = served.stat().st_mtime
    # The beginning on the server changes too: only who asks for the rest gets the old one.
    changed = bytes(600_000) + CONTENT[600_000:]
    served.write_bytes(changed)
    os.utime(served, (stamp + 60, stamp + 60) if changes else (stamp, stamp))
    assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == (changed if changes else CONTENT)


async def test_uploads(port: int, shared: Path, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(CONTENT)
    for path in ("/logs", "/logs/", "/logs/named.gz", ""):
        await transfers(tmp_path).upload(
            parse_location(f"ftp://{LOGIN}@127.0.0.1:{port}{path}"), tmp_path / "log", "CH-1.gz"
        )
    stored = {str(path.relative_to(shared)): path.read_bytes() for path in shared.rglob("*.gz")}
    assert stored == dict.fromkeys(("logs/CH-1.gz", "logs/named.gz", "CH-1.gz"), CONTENT)
    with pytest.raises(AccessDenied):
        await transfers(tmp_path).upload(
            parse_location(f"ftp://127.0.0.1:{port}/logs/"), tmp_path / "log", "CH-1.gz"
        )


async def test_ftps(shared: Path, tmp_path: Path) -> None:
    ours = Authority()
    (tmp_path / "log").write_bytes(CONTENT)
    with ftp_server(shared, ours.write_server(tmp_path)) as port:
        url = f"ftps://{LOGIN}@127.0.0.1:{port}/fw%201.bin"
        own = transfers(tmp_path, tls=ours.trusted)
        assert await fetched(own, url, tmp_path / "fw") == CONTENT
        await own.upload(parse_location(f"ftps://{LOGIN}@127.0.0.1:{port}/logs"), tmp_path / "log", "a.gz")
        assert (shared / "logs/a.gz").read_bytes() == CONTENT
        with pytest.raises(Untrusted):
            await fetched(transfers(tmp_path), url, tmp_path / "other")
        with pytest.raises(TransferError):
            await fetched(transfers(tmp_path), url.replace("ftps:", "ftp:"), tmp_path / "other")


async def test_implicit_ftps(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Authority()
    with ftp_server(shared, ours.write_server(tmp_path), is_implicit=True) as port:
        monkeypatch.setattr("agent.transfer.ftp._IMPLICIT_PORT", port)
        url = f"ftps://{LOGIN}@127.0.0.1:{port}/fw%201.bin"
        assert await fetched(transfers(tmp_path, tls=ours.trusted), url, tmp_path / "fw") == CONTENT


async def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"ftp://127.0.0.1:{silent.getsockname()[1]}/fw"
        with pytest.raises(Interrupted, match="silent"):
            await fetched(transfers(tmp_path, stall_s=0.2), url, tmp_path / "fw")
