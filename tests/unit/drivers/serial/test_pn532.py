from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.serial.pn532 import ACK, NACK, Frame, Pn532Receiver, Response, Signal, encode

FIRMWARE = bytes.fromhex("0000FF06FAD50332010607E800")
"""The answer to GetFirmwareVersion in the user manual's example: PN532, version 1.6."""
ERROR = bytes.fromhex("0000FF01FF7F8100")

data = st.binary(min_size=1, max_size=60)


def framed(payload: bytes) -> bytes:
    body = b"\xd5" + payload
    return b"\x00\x00\xff" + bytes((len(body), -len(body) & 0xFF)) + body + bytes((-sum(body) & 0xFF, 0))


def extended(payload: bytes) -> bytes:
    body = b"\xd5" + payload
    size = len(body).to_bytes(2)
    head = b"\x00\x00\xff\xff\xff" + size + bytes((-sum(size) & 0xFF,))
    return head + body + bytes((-sum(body) & 0xFF, 0))


def response(payload: bytes) -> Response:
    return Response(payload[0], payload[1:])


def test_a_command_s_frame() -> None:
    assert encode(b"\x02") == bytes.fromhex("0000FF02FED4022A00")


@pytest.mark.parametrize("command", [b"", bytes(255)])
def test_commands_that_do_not_fit(command: bytes) -> None:
    with pytest.raises(ValueError, match="1 to 254 bytes"):
        encode(command)


@pytest.mark.parametrize(
    ("heard", "frame"),
    [
        (FIRMWARE, Response(0x03, bytes.fromhex("32010607"))),
        (ACK, Signal.ACK),
        (NACK, Signal.NACK),
        (ERROR, Signal.SYNTAX_ERROR),
        (extended(b"\x4b" + bytes(263)), Response(0x4B, bytes(263))),
        (FIRMWARE[1:], Response(0x03, bytes.fromhex("32010607"))),
    ],
)
def test_frames(heard: bytes, frame: Frame) -> None:
    receiver = Pn532Receiver()
    assert receiver.receive(heard) == [frame]
    assert receiver.receive(ACK) == [Signal.ACK]
    assert receiver.dropped == 0


@pytest.mark.parametrize(
    "heard",
    [
        FIRMWARE.replace(b"\x06\xfa", b"\x06\xfb"),
        FIRMWARE.replace(b"\xd5", b"\xd4"),
        FIRMWARE.replace(b"\xe8", b"\xe9"),
        b"\x00\x00\xff\x01\xff\xd5\x2b\x00",
        extended(b"\x4b" + bytes(264)),
        encode(b"\x02"),
    ],
    ids=["length", "direction", "sum", "no code", "too long", "our own command, echoed"],
)
def test_what_is_no_frame(heard: bytes) -> None:
    receiver = Pn532Receiver()
    assert receiver.receive(heard) == []
    assert receiver.receive(ACK) == [Signal.ACK]


@given(st.lists(data, max_size=5), st.integers(1, 30))
def test_characters_may_come_in_any_portions(payloads: list[bytes], portion: int) -> None:
    stream = b"".join(ACK + framed(payload) for payload in payloads)
    receiver = Pn532Receiver()
    found = [
        frame
        for start in range(0, len(stream), portion)
        for frame in receiver.receive(stream[start : start + portion])
    ]
    assert found == [frame for payload in payloads for frame in (Signal.ACK, response(payload))]


@given(data, st.integers(0, 200), st.integers(1, 255))
def test_one_damaged_character_is_never_believed(payload: bytes, where: int, damage: int) -> None:
    whole = framed(payload)
    where %= len(whole)
    damaged = whole[:where] + bytes((whole[where] ^ damage,)) + whole[where + 1 :]
    found = [frame for frame in Pn532Receiver().receive(damaged) if isinstance(frame, Response)]
    assert found in ([], [response(payload)])  # preamble and postamble carry nothing


@given(st.binary(max_size=300), data)
def test_after_noise_and_a_pause_frames_are_found(noise: bytes, payload: bytes) -> None:
    receiver = Pn532Receiver()
    receiver.receive(noise)
    receiver.forget()
    assert receiver.receive(framed(payload)) == [response(payload)]


@given(st.binary(max_size=5000))
def test_noise_takes_no_room(noise: bytes) -> None:
    receiver = Pn532Receiver()
    for _ in range(3):
        receiver.receive(noise)
    assert len(receiver._heard) < 300


@given(data, st.integers(0, 100))
def test_half_a_frame_and_a_pause_before_a_whole_one(payload: bytes, where: int) -> None:
    whole = framed(payload)
    receiver = Pn532Receiver()
    assert receiver.receive(whole[: where % len(whole)]) in ([], [response(payload)])  # without postamble
    receiver.forget()
    assert receiver.receive(whole) == [response(payload)]
