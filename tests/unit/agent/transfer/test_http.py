from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.transfer.errors import (
    AccessDenied,
    Interrupted,
    NotFound,
    NotSupported,
    Refused,
    TransferError,
    Untrusted,
)
from agent.transfer.location import parse_location
from tests.unit.agent.transfer.certificates import Authority
from tests.unit.agent.transfer.fetching import BOUNDS, CONTENT, fetched, transfers
from tests.unit.agent.transfer.web import web


async def test_a_file_and_its_login(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw.bin?v=2"] = CONTENT
        server.login = "ann:p@ss:word"
        url = f"http://ann:p%40ss%3Aword@127.0.0.1:{server.server_port}/fw.bin?v=2"
        assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == CONTENT
        with pytest.raises(AccessDenied):
            await fetched(transfers(tmp_path), f"{server.url}/fw.bin?v=2", tmp_path / "fw")
        server.login = None
        with pytest.raises(NotFound):
            await fetched(transfers(tmp_path), f"{server.url}/other", tmp_path / "fw")
        server.statuses["GET"] = 503
        with pytest.raises(Refused):
            await fetched(transfers(tmp_path), f"{server.url}/fw.bin?v=2", tmp_path / "fw")


async def test_https_believes_the_right_root_only(tmp_path: Path) -> None:
    ours, other = Authority(), Authority("Somebody else")
    with web(ours.write_server(tmp_path)) as server:
        server.files["/fw"] = CONTENT
        assert (
            await fetched(transfers(tmp_path, tls=ours.trusted), f"{server.url}/fw", tmp_path / "fw")
            == CONTENT
        )
        for wrong in (transfers(tmp_path, tls=other.trusted), transfers(tmp_path)):
            with pytest.raises(Untrusted):
                await fetched(wrong, f"{server.url}/fw", tmp_path / "other")
        with pytest.raises(Untrusted):  # the certificate names 127.0.0.1
            await fetched(
                transfers(tmp_path, tls=ours.trusted),
                f"https://localhost:{server.server_port}/fw",
                tmp_path / "other",
            )


async def test_the_rest_of_a_file_that_was_cut(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"] = CONTENT
        server.cut_after = 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw")
        assert not (tmp_path / "fw").exists()
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT
        assert server.ranges == [None, "bytes=600000-"]


async def test_a_file_that_changed_meanwhile_begins_anew(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"] = CONTENT
        server.cut_after = 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw")
        server.files["/fw"], server.etag = CONTENT[::-1], '"two"'
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT[::-1]


async def test_another_files_beginning_is_not_ours(tmp_path: Path) -> None:
    with web() as server:
        server.files |= {"/one": CONTENT, "/two": CONTENT[::-1]}
        server.cut_after = 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/one", tmp_path / "fw")
        assert await fetched(transfers(tmp_path), f"{server.url}/two", tmp_path / "fw") == CONTENT[::-1]
        assert server.ranges == [None, None]


async def test_a_server_that_cannot_say_whether_it_is_the_same_file(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.etag = CONTENT, None
        server.cut_after = 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw")
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT
        assert server.ranges == [None, None]


async def test_a_file_that_shrank_below_what_is_here(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"] = CONTENT
        server.cut_after = 600_000
        with pytest.raises(Interrupted):
            await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw")
        server.files["/fw"] = CONTENT[:1000]  # with the same tag: 416, then from the beginning
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT[:1000]


async def test_a_server_that_stalls(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.stall_after = CONTENT, 300_000
        with pytest.raises(Interrupted, match="silent"):
            await fetched(transfers(tmp_path, stall_s=0.2), f"{server.url}/fw", tmp_path / "fw")
        server.stall_after = None
        assert await fetched(transfers(tmp_path), f"{server.url}/fw", tmp_path / "fw") == CONTENT


async def test_a_transfer_that_takes_too_long(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.stall_after = CONTENT, 300_000
        with pytest.raises(Interrupted, match="longer than"):
            await fetched(transfers(tmp_path, stall_s=15, longest_s=0.3), f"{server.url}/fw", tmp_path / "fw")


async def test_cancelled_in_the_middle(tmp_path: Path) -> None:
    with web() as server:
        server.files["/fw"], server.stall_after = CONTENT, 300_000
        own = transfers(tmp_path, stall_s=15)
        task = asyncio.create_task(own.download(parse_location(f"{server.url}/fw"), tmp_path / "fw", BOUNDS))
        while not (tmp_path / "fw.part.json").exists():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not (tmp_path / "fw").exists()
        server.stall_after = None
        assert await fetched(own, f"{server.url}/fw", tmp_path / "fw") == CONTENT
        assert server.ranges[1] is not None, "what came before is used"


async def test_redirects(tmp_path: Path) -> None:
    with web() as server, web() as elsewhere:
        elsewhere.files["/fw"] = CONTENT
        server.redirects = {"/a": (302, "/b"), "/b": (307, f"{elsewhere.url}/fw"), "/loop": (301, "/loop")}
        url = f"http://ann:secret@127.0.0.1:{server.server_port}/a"
        assert await fetched(transfers(tmp_path), url, tmp_path / "fw") == CONTENT
        assert all(server.authorizations)
        assert elsewhere.authorizations == [None], "another server does not learn the password"
        with pytest.raises(Refused):
            await fetched(transfers(tmp_path), f"{server.url}/loop", tmp_path / "fw")
        server.redirects = {"/a": (302, "ftp://127.0.0.1/fw"), "/b": (302, "file:///etc/passwd")}
        for path in server.redirects:
            with pytest.raises(TransferError):
                await fetched(transfers(tmp_path), f"{server.url}{path}", tmp_path / "other")
        assert not (tmp_path / "other").exists()


async def test_no_redirect_out_of_tls(tmp_path: Path) -> None:
    ours = Authority()
    with web(ours.write_server(tmp_path)) as server, web() as plain:
        plain.files["/fw"] = CONTENT
        server.redirects["/fw"] = 302, f"{plain.url}/fw"
        with pytest.raises(Untrusted):
            await fetched(transfers(tmp_path, tls=ours.trusted), f"{server.url}/fw", tmp_path / "fw")
        assert plain.methods == []


async def test_nobody_there(tmp_path: Path) -> None:
    with web() as server:
        url = f"{server.url}/fw"
    with pytest.raises(Interrupted):
        await fetched(transfers(tmp_path), url, tmp_path / "fw")


async def send(url: str, tmp_path: Path) -> None:
    (tmp_path / "log.gz").write_bytes(CONTENT)
    await transfers(tmp_path).upload(parse_location(url), tmp_path / "log.gz", "CH-1_log.gz")


async def test_put_to_an_address_or_into_a_folder(tmp_path: Path) -> None:
    with web() as server:
        await send(f"{server.url}/upload?key=1", tmp_path)
        await send(f"{server.url}/logs/", tmp_path)
        assert server.uploads == {"/upload?key=1": CONTENT, "/logs/CH-1_log.gz": CONTENT}


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_post_where_put_is_not_known(tmp_path: Path, status: int) -> None:
    """N01.FR.19: a form with the file's name."""
    with web() as server:
        server.statuses["PUT"] = status
        await send(f"{server.url}/logs/", tmp_path)
        [(path, body)] = server.uploads.items()
        assert path == "/logs/"
        head, _, rest = body.partition(b"\r\n\r\n")
        assert b'Content-Disposition: form-data; name="uploadedfile"; filename="CH-1_log.gz"' in head
        assert b"Content-Type: application/octet-stream" in head
        assert rest.startswith(CONTENT)
        assert rest.removeprefix(CONTENT).startswith(b"\r\n--")


async def test_an_upload_is_redirected_with_the_file(tmp_path: Path) -> None:
    with web() as server:
        server.redirects = {"/a": (308, "/b"), "/lost": (302, "/b")}
        await send(f"{server.url}/a", tmp_path)
        assert server.uploads == {"/b": CONTENT}
        with pytest.raises(Refused):
            await send(f"{server.url}/lost", tmp_path)


@pytest.mark.parametrize(
    ("status", "error"), [(401, AccessDenied), (403, AccessDenied), (400, Refused), (500, Refused)]
)
async def test_an_upload_is_refused(tmp_path: Path, status: int, error: type[TransferError]) -> None:
    with web() as server:
        server.statuses["PUT"] = status
        with pytest.raises(error) as refused:
            await send(f"{server.url}/logs/", tmp_path)
        assert getattr(refused.value, "is_our_fault", False) == (status == 400)


async def test_nothing_takes_uploads(tmp_path: Path) -> None:
    with web() as server:
        server.statuses |= {"PUT": 405, "POST": 405}
        with pytest.raises(NotSupported):
            await send(f"{server.url}/logs/", tmp_path)
