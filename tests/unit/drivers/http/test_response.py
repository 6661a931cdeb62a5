from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.http.response import LONGEST_BODY, NotHttp, Response, ResponseReader

OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;name=value\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: yes\r\n\r\n"
)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def read(data: bytes) -> Response | None:
    return ResponseReader().receive(data)


@pytest.mark.parametrize(
    ("data", "response"),
    [
        (PLAIN, Response(200, b"hello")),
        (CHUNKED, Response(201, b"hello")),
        (b"HTTP/1.0 404\r\ncontent-length:0\r\n\r\n", Response(404, b"")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Response(204, b"")),
        (CONTINUE + PLAIN, Response(200, b"hello")),
        (OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", Response(200, b"hello")),
        (PLAIN + b"and more", Response(200, b"hello")),
    ],
)
def test_responses(data: bytes, response: Response) -> None:
    assert read(data) == response


def test_without_a_length_the_connection_s_end_is_the_end() -> None:
    reader = ResponseReader()
    assert reader.receive(b"HTTP/1.0 200 OK\r\n\r\nhel") is None
    assert reader.receive(b"lo") is None
    assert reader.end() == Response(200, b"hello")


@pytest.mark.parametrize("data", [b"", OK, PLAIN[:-1], CHUNKED[: CHUNKED.index(b"0\r\n")]])
def test_what_is_cut_off_is_no_response(data: bytes) -> None:
    reader = ResponseReader()
    assert reader.receive(data) is None
    with pytest.raises(NotHttp, match="cut off"):
        reader.end()


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 600 Odd\r\n\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        OK + b"no field\r\n\r\n",
        OK + b"bad name: x\r\n\r\n",
        OK + b"Content-Length: -5\r\n\r\n",
        OK + b"Content-Length: 5, 5\r\n\r\n",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        OK + b"Content-Length: 99999999999\r\n\r\n",
        OK + b"Content-Length: %d\r\n\r\n" % (LONGEST_BODY + 1),
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 20_000,
        OK + b"X: " + b"x" * 20_000,
        OK + b"\r\n" + bytes(LONGEST_BODY + 1),
    ],
    ids=range(19),
)
def test_what_is_no_response(data: bytes) -> None:
    with pytest.raises(NotHttp):
        read(data)


@given(st.integers(1, 40))
def test_bytes_may_come_in_any_portions(portion: int) -> None:
    for data in (PLAIN, CHUNKED, CONTINUE + CHUNKED):
        reader = ResponseReader()
        found = [reader.receive(data[start : start + portion]) for start in range(0, len(data), portion)]
        assert [response.body for response in found if response][:1] == [b"hello"]


@given(st.integers(0, 200), st.binary(max_size=8))
def test_damage_raises_nothing_else(where: int, damage: bytes) -> None:
    for data in (PLAIN, CHUNKED):
        at = where % len(data)
        reader = ResponseReader()
        try:
            if reader.receive(data[:at] + damage + data[at + len(damage) :]) is None:
                reader.end()
        except NotHttp:
            continue
