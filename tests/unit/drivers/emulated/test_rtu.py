from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.line import LineTiming
from drivers.emulated.rtu import LONGEST_FRAME, Frame, RtuReceiver, crc16

TIMING = LineTiming(baud=9600)
READ_VOLTAGE = bytes.fromhex("01 04 00 00 00 02 71 cb")
"""The example request of the SDM630's manual."""

frames = st.builds(Frame, st.integers(0, 255), st.binary(min_size=1, max_size=253))


def receive_at_once(data: bytes) -> tuple[list[Frame], RtuReceiver]:
    receiver = RtuReceiver(TIMING)
    assert receiver.receive(data, 0.0) == []
    assert receiver.next_deadline_s is not None
    return [arrival.frame for arrival in receiver.expire(receiver.next_deadline_s)], receiver


def test_crc_of_a_published_frame() -> None:
    assert crc16(READ_VOLTAGE[:-2]).to_bytes(2, "little") == READ_VOLTAGE[-2:]


def test_a_published_frame_is_decoded() -> None:
    assert receive_at_once(READ_VOLTAGE)[0] == [Frame(1, bytes.fromhex("04 00 00 00 02"))]


@given(frames)
def test_what_is_encoded_is_received(frame: Frame) -> None:
    assert receive_at_once(frame.encode())[0] == [frame]


@given(frames, st.lists(st.integers(0, 256), max_size=6))
def test_chunks_without_silence_between_them_are_one_frame(frame: Frame, cuts: list[int]) -> None:
    data, receiver, now_s = frame.encode(), RtuReceiver(TIMING), 0.0
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        assert receiver.receive(data[start:end], now_s) == []
        now_s += (end - start) * TIMING.character_s + TIMING.silence_s * 0.9
    assert receiver.next_deadline_s is not None
    assert [arrival.frame for arrival in receiver.expire(receiver.next_deadline_s)] == [frame]


@given(frames, frames)
def test_silence_separates_frames(first: Frame, second: Frame) -> None:
    receiver = RtuReceiver(TIMING)
    receiver.receive(first.encode(), 0.0)
    ended_s = receiver.next_deadline_s
    assert ended_s is not None
    (arrival,) = receiver.receive(second.encode(), ended_s)
    assert (arrival.frame, arrival.ended_s) == (first, ended_s)
    assert receiver.next_deadline_s is not None
    assert [late.frame for late in receiver.expire(receiver.next_deadline_s)] == [second]


def test_a_frame_is_over_when_its_characters_and_the_silence_have_passed_on_the_wire() -> None:
    receiver = RtuReceiver(TIMING)
    receiver.receive(READ_VOLTAGE, 100.0)
    assert receiver.next_deadline_s == 100.0 + 8 * TIMING.character_s + TIMING.silence_s
    assert receiver.expire(receiver.next_deadline_s - 1e-6) == []
    assert len(receiver.expire(receiver.next_deadline_s)) == 1
    assert receiver.next_deadline_s is None


@given(frames, st.data())
def test_a_frame_with_any_bit_flipped_is_dropped_silently(frame: Frame, data: st.DataObject) -> None:
    wire = bytearray(frame.encode())
    bit = data.draw(st.integers(0, 8 * len(wire) - 1))
    wire[bit // 8] ^= 1 << bit % 8
    received, receiver = receive_at_once(bytes(wire))
    assert (received, receiver.rejected) == ([], 1)


@given(st.one_of(st.binary(min_size=1, max_size=3), st.binary(min_size=LONGEST_FRAME + 1, max_size=600)))
def test_frames_of_impossible_length_are_dropped(data: bytes) -> None:
    received, receiver = receive_at_once(data)
    assert (received, receiver.rejected) == ([], 1)


def test_a_frame_that_is_too_long_is_dropped_although_its_crc_is_right() -> None:
    received, receiver = receive_at_once(Frame(1, bytes(300)).encode())
    assert (received, receiver.rejected) == ([], 1)


def test_after_noise_and_silence_the_next_frame_is_understood() -> None:
    receiver = RtuReceiver(TIMING)
    receiver.receive(b"\xff\x00\xff", 0.0)
    assert receiver.receive(READ_VOLTAGE, 1.0) == []
    assert receiver.rejected == 1
    assert [arrival.frame.unit for arrival in receiver.expire(2.0)] == [1]


def test_reset_forgets_a_frame_in_progress() -> None:
    receiver = RtuReceiver(TIMING)
    receiver.receive(READ_VOLTAGE, 0.0)
    receiver.reset()
    assert receiver.next_deadline_s is None
    assert receiver.expire(10.0) == []
