from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from agent.transfer.errors import Interrupted, NoSpace, TooLarge
from tests.unit.agent.transfer.fetching import BOUNDS, CONTENT, fetched, transfers
from tests.unit.agent.transfer.web import web

_FETCH = """\
import asyncio, resource, sys
from pathlib import Path
from tests.unit.agent.transfer.fetching import fetched, transfers
limit = int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
target = Path(sys.argv[2])
try:
    asyncio.run(fetched(transfers(target.parent), sys.argv[1], target))
except Exception as error:
    print(type(error).__name__)
"""


def fetching(url: str, target: Path, limit_bytes: int = 0) -> subprocess.Popen[str]:
    """Fetch in a process of its own, which cannot write files longer than that."""
    arguments = [sys.executable, "-c", _FETCH, url, str(target), str(limit_bytes)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


@pytest.mark.parametrize("has_length", [True, False])
async def test_more_than_we_take(tmp_path: Path, has_length: bool) -> None:
    with web() as server:
        server.files["/fw"], server.has_length = CONTENT, has_length
        with pytest.raises(TooLarge):
            await fetched(
                transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw", replace(BOUNDS, most_bytes=999_999)
            )
        assert not list(tmp_path.glob("fw*"))
        just_enough = replace(BOUNDS, most_bytes=1_000_000)
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw", just_enough) == CONTENT


@pytest.mark.parametrize("has_length", [True, False])
async def test_what_must_stay_free_on_the_disk(tmp_path: Path, has_length: bool) -> None:
    bounds = replace(BOUNDS, reserve_bytes=shutil.disk_usage(tmp_path).total)
    with web() as server:
        server.files["/fw"], server.has_length = CONTENT, has_length
        with pytest.raises(NoSpace):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw", bounds)
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT


def test_a_disk_that_fills_up_in_the_middle(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"] = CONTENT
        process = fetching(f"{server.url}/fw", tmp_path / "fw", 500_000)
        assert process.communicate(timeout=30)[0] == "NoSpace\n"
    assert not (tmp_path / "fw").exists()


async def test_killed_in_the_middle_and_resumed(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.stall_after = CONTENT, 500_000
        process = fetching(f"{server.url}/fw", tmp_path / "fw")
        part = tmp_path / "fw.part"
        while not (part.exists() and part.stat().st_size > 400_000):
            assert process.poll() is None
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
        server.stall_after = None
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT
        asked = server.ranges[1]
        assert asked is not None
        assert int(asked.removeprefix("bytes=").rstrip("-")) >= 300_000


async def test_after_a_power_cut_only_what_was_made_durable_counts(tmp_path: Path) -> None:
    """A file system may bring a file back with its length but without its last blocks."""
    with web() as server:
        server.files["/fw"], server.cut_after = CONTENT, 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw")
        with (tmp_path / "fw.part").open("ab") as part:
            part.write(bytes(100_000))
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT


async def test_a_mark_that_cannot_be_read_is_no_mark(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.cut_after = CONTENT, 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw")
        (tmp_path / "fw.part.json").write_bytes(b"{")
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT
        assert server.ranges == [None, None]


async def test_a_byte_now_and_then_is_no_download(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.drip_s = CONTENT, 0.05
        with pytest.raises(Interrupted, match="only"):
            await fetched(transfers(tmp_path, stall_s=0.3), f"{server.url}/fw", tmp_path / "fw")


async def test_an_empty_file(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"] = b""
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == b""
