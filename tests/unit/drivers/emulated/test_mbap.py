from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.mbap import MbapError, MbapReceiver, TcpFrame

tcp_frames = st.builds(
    TcpFrame, st.integers(0, 0xFFFF), st.integers(0, 255), st.binary(min_size=1, max_size=253)
)


@given(st.lists(tcp_frames, max_size=5), st.integers(1, 300))
def test_frames_survive_any_segmentation(sent: list[TcpFrame], segment: int) -> None:
    stream = b"".join(frame.encode() for frame in sent)
    receiver = MbapReceiver()
    received = [
        frame
        for start in range(0, len(stream), segment)
        for frame in receiver.receive(stream[start : start + segment])
    ]
    assert received == sent


def test_the_header_of_a_published_frame() -> None:
    assert TcpFrame(0x1501, 0xFF, bytes.fromhex("03 00 04 00 01")).encode() == bytes.fromhex(
        "15 01 00 00 00 06 ff 03 00 04 00 01"
    )


@pytest.mark.parametrize(
    "header",
    [
        "00 01 00 01 00 06 b4",
        "00 01 00 00 00 01 b4",
        "00 01 00 00 00 00 b4",
        "00 01 00 00 00 ff b4",
        "47 45 54 20 2f 20 48",
    ],
    ids=["another protocol", "no function", "no unit", "too long", "HTTP"],
)
def test_what_is_not_modbus_tcp_ends_the_stream(header: str) -> None:
    with pytest.raises(MbapError, match="protocol"):
        MbapReceiver().receive(bytes.fromhex(header))
