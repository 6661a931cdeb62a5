from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.errors import (
    GarbledReply,
    ModbusError,
    NoReply,
    WrongFunction,
    WrongTransaction,
    WrongUnit,
)
from drivers.modbus.mbap import MbapFraming
from drivers.modbus.requests import Read
from drivers.modbus.rtu import RtuFraming
from tests.unit.drivers.modbus.hostile import crc

REQUEST = Read(unit=1, space="input", address=0, count=2)
RTU_SENT = bytes.fromhex("01 04 0000 0002 71CB")
TCP_SENT = bytes.fromhex("0005 0000 0006 01 04 0000 0002")
TCP_REPLY = bytes.fromhex("0005 0000 0007 01 04 04 1111 2222")


def rtu(text: str) -> bytes:
    body = bytes.fromhex(text)
    return body + crc(body)


RTU_REPLY = rtu("01 04 04 1111 2222")


@given(st.integers(0, len(RTU_REPLY) - 1))
def test_part_of_a_serial_frame_is_no_frame(size: int) -> None:
    assert RtuFraming().find(RTU_REPLY[:size], RTU_SENT) is None


@given(st.integers(0, len(RTU_REPLY) * 8 - 1))
def test_a_serial_frame_with_any_bit_flipped_is_no_frame(bit: int) -> None:
    broken = bytearray(RTU_REPLY)
    broken[bit // 8] ^= 1 << bit % 8
    assert RtuFraming().find(bytes(broken), RTU_SENT) is None


@pytest.mark.parametrize("noise", ["", "00", "ff", "01", "0104", "ffffffff"])
def test_a_little_noise_before_a_serial_frame_is_passed_over(noise: str) -> None:
    assert RtuFraming().find(bytes.fromhex(noise) + RTU_REPLY, RTU_SENT) == RTU_REPLY


def test_what_follows_a_serial_frame_is_left_out() -> None:
    assert RtuFraming().find(RTU_REPLY + b"\0\0", RTU_SENT) == RTU_REPLY


def test_a_serial_frame_of_another_unit_is_no_answer() -> None:
    assert RtuFraming().find(rtu("02 04 04 1111 2222"), RTU_SENT) is None


@pytest.mark.parametrize("text", ["01 84 02", "01 05 0190 FF00", "01 10 0000 0002", "01 01 01 05"])
def test_serial_frames_of_every_function_are_found(text: str) -> None:
    assert RtuFraming().find(rtu(text), RTU_SENT) == rtu(text)


@pytest.mark.parametrize("text", ["01 63 00", "01 04 03 112233", "01 04"])
def test_serial_frames_that_cannot_be_read_are_not_shown(text: str) -> None:
    assert RtuFraming().find(rtu(text), RTU_SENT) is None


@pytest.mark.parametrize(
    ("heard", "error"),
    [
        (b"", NoReply),
        (RTU_REPLY[:5], GarbledReply),
        (RTU_REPLY[:-1] + b"\0", GarbledReply),
        (rtu("02 04 04 1111 2222"), WrongUnit),
    ],
)
def test_a_serial_failure_is_explained(heard: bytes, error: type[ModbusError]) -> None:
    assert type(RtuFraming().explain(heard, RTU_SENT, REQUEST)) is error


def test_a_garbled_reply_shows_its_bytes() -> None:
    error = RtuFraming().explain(b"\x01\x04", RTU_SENT, REQUEST)
    assert isinstance(error, GarbledReply)
    assert error.heard == b"\x01\x04"
    assert "01 04" in str(error)


@given(st.integers(0, len(TCP_REPLY) - 1))
def test_part_of_a_tcp_frame_is_no_frame(size: int) -> None:
    assert MbapFraming().find(TCP_REPLY[:size], TCP_SENT) is None


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_a_tcp_frame_cut_short_is_not_filled_up_with_the_next(missing: int) -> None:
    """There is no checksum: only what comes after it tells that it was cut."""
    cut = TCP_REPLY[:-missing]
    assert MbapFraming().find(cut + TCP_REPLY, TCP_SENT) is None
    assert MbapFraming().find(cut + cut, TCP_SENT) is None
    assert type(MbapFraming().explain(cut + TCP_REPLY, TCP_SENT, REQUEST)) is GarbledReply


@given(st.integers(0, len(TCP_REPLY) - 1))
def test_a_tcp_frame_that_begins_behind_the_answer_does_not_spoil_it(size: int) -> None:
    assert MbapFraming().find(TCP_REPLY + TCP_REPLY[:size], TCP_SENT) == TCP_REPLY


def test_a_late_tcp_reply_before_the_right_one_is_passed_over() -> None:
    late = b"\x00\x04" + TCP_REPLY[2:]
    assert MbapFraming().find(late, TCP_SENT) is None
    assert MbapFraming().find(late + TCP_REPLY, TCP_SENT) == TCP_REPLY


@pytest.mark.parametrize(
    ("heard", "error"),
    [
        (b"", NoReply),
        (TCP_REPLY[:5], GarbledReply),
        (bytes.fromhex("0005 0001 0007 01 04 04 1111 2222"), GarbledReply),  # protocol 1 is not Modbus
        (bytes.fromhex("0005 0000 0007 01 04 06 1111 2222"), GarbledReply),  # byte count beyond the frame
        (bytes.fromhex("0005 0000 0006 01 04 03 1111 22"), GarbledReply),  # half a register
        (bytes.fromhex("0004 0000 0007 01 04 04 1111 2222"), WrongTransaction),
        (bytes.fromhex("0000 0000 0007 01 04 04 1111 2222"), WrongTransaction),
        (bytes.fromhex("0005 0000 0007 02 04 04 1111 2222"), WrongUnit),
        (bytes.fromhex("0005 0000 0003 01 63 00"), WrongFunction),
    ],
)
def test_a_tcp_failure_is_explained(heard: bytes, error: type[ModbusError]) -> None:
    assert MbapFraming().find(heard, TCP_SENT) is None
    assert type(MbapFraming().explain(heard, TCP_SENT, REQUEST)) is error


@given(st.binary(max_size=64))
def test_no_bytes_make_the_framings_raise(heard: bytes) -> None:
    for framing, sent in ((RtuFraming(), RTU_SENT), (MbapFraming(), TCP_SENT)):
        framing.find(heard, sent)
        framing.explain(heard, sent, REQUEST)
