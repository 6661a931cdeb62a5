from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import asyncssh
import pytest

from agent.transfer.errors import AccessDenied, Interrupted, NotFound, Untrusted
from agent.transfer.location import parse_location
from tests.unit.agent.transfer.fetching import CONTENT, begun, fetched, transfers
from tests.unit.agent.transfer.sftp_server import PASSWORD, USER, sftp_server

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}"
KEY = asyncssh.generate_private_key("ssh-ed25519")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    (folder / "logs").mkdir(parents=True)
    (folder / "fw.bin").write_bytes(CONTENT)
    return folder


@pytest.fixture
async def port(shared: Path) -> AsyncIterator[int]:
    async with sftp_server(shared, KEY) as port:
        yield port


async def test_a_file(port: int, tmp_path: Path) -> None:
    url = f"sftp://{LOGIN}@127.0.0.1:{port}/fw.bin"
    assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == CONTENT
    with pytest.raises(NotFound):
        await fetched(transfers(tmp_path), url + "2", tmp_path / "other")
    with pytest.raises(AccessDenied):
        await fetched(transfers(tmp_path), f"sftp://{USER}:wrong@127.0.0.1:{port}/fw.bin", tmp_path / "other")


@pytest.mark.parametrize("changes", [False, True])
async def test_the_rest_of_a_file_if_it_is_still_the_same(
    port: int, shared: Path, tmp_path: Path, changes: bool
) -> None:
    url = f"sftp://{LOGIN}@127.0.0.1:{port}/fw.bin"
    await begun(url, tmp_path / "fw", 600_000)
    served = shared / "fw.bin"
    stamp = served.stat().st_mtime
    changed = bytes(600_000) + CONTENT[600_000:]
    served.write_bytes(changed)
    os.utime(served, (stamp + 60, stamp + 60) if changes else (stamp, stamp))
    assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == (changed if changes else CONTENT)


async def test_uploads(port: int, shared: Path, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(CONTENT)
    for path in ("/logs", "/logs/named.gz"):
        location = parse_location(f"sftp://{LOGIN}@127.0.0.1:{port}{path}")
        await transfers(tmp_path).upload(location, tmp_path / "log", "CH-1.gz")
    stored = {path.name: path.read_bytes() for path in (shared / "logs").iterdir()}
    assert stored == {"CH-1.gz": CONTENT, "named.gz": CONTENT}


async def test_another_key_than_the_first_time_is_refused(shared: Path, tmp_path: Path) -> None:
    own = transfers(tmp_path)
    async with sftp_server(shared, KEY) as port:
        url = f"sftp://{LOGIN}@127.0.0.1:{port}/fw.bin"
        await fetched(own, url, tmp_path / "fw")
    assert (tmp_path / "sftp-hosts").read_text() == f"127.0.0.1:{port} {KEY.get_fingerprint()}\n"
    async with sftp_server(shared, asyncssh.generate_private_key("ssh-ed25519"), port):
        with pytest.raises(Untrusted):
            await fetched(own, url, tmp_path / "other")


async def test_a_key_in_the_station_file(port: int, tmp_path: Path) -> None:
    url = f"sftp://{LOGIN}@127.0.0.1:{port}/fw.bin"
    right = {f"127.0.0.1:{port}": KEY.get_fingerprint()}
    assert await fetched(transfers(tmp_path, pinned=right, learns=False), url, tmp_path / "fw") == CONTENT
    wrong = {f"127.0.0.1:{port}": "SHA256:somebody-elses"}
    for own in (transfers(tmp_path, pinned=wrong), transfers(tmp_path, learns=False)):
        with pytest.raises(Untrusted):
            await fetched(own, url, tmp_path / "other")
    assert not (tmp_path / "sftp-hosts").exists()


async def test_a_key_that_cannot_be_kept_is_not_believed(port: int, tmp_path: Path) -> None:
    url = f"sftp://{LOGIN}@127.0.0.1:{port}/fw.bin"
    with pytest.raises(Untrusted):
        await fetched(transfers(tmp_path / "not there"), url, tmp_path / "fw")


async def test_nobody_there(shared: Path, tmp_path: Path) -> None:
    async with sftp_server(shared, KEY) as port:
        pass
    with pytest.raises(Interrupted):
        await fetched(transfers(tmp_path), f"sftp://{LOGIN}@127.0.0.1:{port}/fw.bin", tmp_path / "fw")
