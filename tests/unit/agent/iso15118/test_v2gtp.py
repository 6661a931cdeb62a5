from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.v2gtp import LARGEST, Frame, NotV2gtp, PayloadType, V2gtpStream, read_datagram

FRAMES = st.lists(st.builds(Frame, st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=4)


@given(FRAMES, st.integers(1, 20))
def test_messages_come_out_however_the_bytes_are_cut(frames: list[Frame], size: int) -> None:
    data = b"".join(frame.to_bytes() for frame in frames)
    stream, found = V2gtpStream(), []
    for start in range(0, len(data), size):
        found += stream.receive(data[start : start + size])
    assert found == frames
    assert not stream.is_within_a_message


def test_the_header_is_the_standards() -> None:
    """ISO 15118-2, V2G2-086 and following: version, its inverse, type and length, big end first."""
    frame = Frame(PayloadType.EXI, b"\x80\x00")
    assert frame.to_bytes() == bytes.fromhex("01fe800100000002") + b"\x80\x00"


def test_a_message_that_has_begun() -> None:
    stream = V2gtpStream()
    assert stream.receive(Frame(PayloadType.EXI, b"abc").to_bytes()[:-1]) == []
    assert stream.is_within_a_message


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes.fromhex("02fd800100000000"), "version 0x02"),
        (bytes.fromhex("01ff800100000000"), "with 0xff"),
        (b"GET / HTTP/1.1\r\n", "version 0x47"),
        (bytes.fromhex("01fe8001") + (LARGEST + 1).to_bytes(4, "big"), "at most"),
    ],
)
def test_what_is_none_ends_the_stream(data: bytes, why: str) -> None:
    with pytest.raises(NotV2gtp, match=why):
        V2gtpStream().receive(data)


@pytest.mark.parametrize("data", [b"", b"\x01\xfe\x90", bytes.fromhex("01fe900000000002") + b"\x00"])
def test_a_datagram_holds_one_message(data: bytes) -> None:
    with pytest.raises(NotV2gtp):
        read_datagram(data)
