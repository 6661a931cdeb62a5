"""RFC 6455 section 5.2, beside the library's own parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from backend.csms.framing import FrameBoundaries, text_frame, whole_text

payloads = st.one_of(
    st.binary(max_size=200), st.sampled_from([125, 126, 127, 65_535, 65_536]).map(lambda size: b"x" * size)
)
opcodes = st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.CONT, Opcode.PING, Opcode.PONG])
frames = st.builds(Frame, opcode=opcodes, data=payloads, fin=st.booleans(), rsv1=st.booleans())


def written(frame: Frame, *, mask: bool = True) -> bytes:
    """Return any frame's bytes; the library refuses to write what it would refuse to read."""
    first = frame.fin << 7 | frame.rsv1 << 6 | frame.opcode
    return bytes((first,)) + Frame(Opcode.TEXT, frame.data).serialize(mask=mask)[1:]


@given(payloads)
def test_a_whole_masked_text_frame_is_read(payload: bytes) -> None:
    assert whole_text(written(Frame(Opcode.TEXT, payload))) == payload


@given(payloads)
def test_a_text_frame_is_written_as_the_library_writes_it(payload: bytes) -> None:
    assert text_frame(payload) == written(Frame(Opcode.TEXT, payload), mask=False)


@given(payloads, st.integers(1, 20))
def test_a_part_of_a_frame_and_more_than_a_frame_are_left_to_the_library(payload: bytes, count: int) -> None:
    data = written(Frame(Opcode.TEXT, payload))
    assert whole_text(data[:-count]) is None
    assert whole_text(data + b"\x81" * count) is None


OTHERS = {
    "nothing": b"",
    "half a header": b"\x81",
    "not masked": written(Frame(Opcode.TEXT, b"x"), mask=False),
    "binary": written(Frame(Opcode.BINARY, b"x")),
    "ping": written(Frame(Opcode.PING, b"x")),
    "close": written(Frame(Opcode.CLOSE, b"")),
    "first fragment": written(Frame(Opcode.TEXT, b"x", fin=False)),
    "last fragment": written(Frame(Opcode.CONT, b"x")),
    "compressed": written(Frame(Opcode.TEXT, b"x", rsv1=True)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_frame_is_left_to_the_library(name: str) -> None:
    assert whole_text(OTHERS[name]) is None


@given(st.lists(frames, max_size=6), st.lists(st.integers(0, 400), max_size=12))
def test_the_boundaries_are_found_however_the_stream_is_cut(stream: list[Frame], cuts: list[int]) -> None:
    parts = [written(frame) for frame in stream]
    data = b"".join(parts)
    ends = {sum(len(part) for part in parts[:count]) for count in range(len(parts) + 1)}
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    boundaries = FrameBoundaries()
    for start, end in zip([0, *places], places, strict=False):
        boundaries.skip(data[start:end])
        assert boundaries.is_between == (end in ends)
