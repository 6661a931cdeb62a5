from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.serial.rapi import (
    Booted,
    RapiReceiver,
    RapiSession,
    Reply,
    StateChanged,
    checksum,
    decode,
    encode,
)

words = st.text("0123456789abcdefABCDEF.-", min_size=1, max_size=12)
noise = st.binary(max_size=40)


def framed(body: str) -> bytes:
    return body.encode() + b"^%02X\r" % checksum(body.encode())


@pytest.mark.parametrize(
    ("body", "digits"),
    [
        ("$GS", 0x30),
        ("$GG", 0x24),
        ("$GU", 0x36),
        ("$GP", 0x33),
        ("$GV", 0x35),
        ("$GC", 0x20),
        ("$F0 1", 0x43),
    ],
)
def test_checksums_of_the_protocol_s_own_examples(body: str, digits: int) -> None:
    assert checksum(body.encode()) == digits


def test_a_command_carries_its_number() -> None:
    assert encode("SC 16 V", 0x0A) == framed("$SC 16 V :0A")


@pytest.mark.parametrize("command", ["GS\r", "GS$", "GS^30", "GS*", "FP 0 0 ü", ""])
def test_commands_that_cannot_be_carried(command: str) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        encode(command, 1)


def test_a_command_fits_the_device_s_buffer() -> None:
    assert len(encode("FP 0 1 " + "x" * 16, 1)) == 31 + len("\r")
    with pytest.raises(ValueError, match="too long"):
        encode("FP 0 1 " + "x" * 17, 1)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("$OK", Reply(accepted=True)),
        ("$OK fe 0 01 0200 :05", Reply(accepted=True, params=("fe", "0", "01", "0200"), sequence=5)),
        ("$NK 6 :FF", Reply(accepted=False, params=("6",), sequence=255)),
        ("$NK", Reply(accepted=False)),
        ("$OK  ABCDEF", Reply(accepted=True, params=("ABCDEF",))),
        ("$AT 03 03 16 0140", StateChanged(state=3, pilot=3, limit_a=16, flags=0x140)),
        ("$AB 00 8.2.1", Booted(post_code=0, firmware="8.2.1")),
    ],
)
def test_what_the_device_says(body: str, message: object) -> None:
    assert RapiReceiver().receive(framed(body)) == [message]


@pytest.mark.parametrize(
    "body",
    ["$AT 03 03 16", "$AT 0_3 03 16 0140", "$AT 03 03 x 0140", "$AB 00", "$AN 0", "$ok", "$OK :1", "$OK\x80"],
)
def test_what_is_no_message(body: str) -> None:
    receiver = RapiReceiver()
    data = body.encode("latin-1")
    assert receiver.receive(data + b"^%02X\r" % checksum(data)) == []
    assert receiver.dropped == 1


@given(st.lists(words, max_size=4), st.integers(1, 255), st.integers(0, 200), st.integers(1, 255))
def test_one_damaged_character_is_never_believed(
    params: list[str], sequence: int, where: int, damage: int
) -> None:
    whole = framed(" ".join(["$OK", *params, f":{sequence:02X}"]))
    where %= len(whole)
    damaged = whole[:where] + bytes((whole[where] ^ damage,)) + whole[where + 1 :]
    messages = RapiReceiver().receive(damaged)
    assert messages in ([], RapiReceiver().receive(whole))  # a digit in the other case is the same digit


@given(st.lists(words, min_size=1, max_size=4), st.integers(0, 200))
def test_a_reply_that_is_cut_is_never_believed(params: list[str], where: int) -> None:
    whole = framed(" ".join(["$OK", *params]))
    assert RapiReceiver().receive(whole[: where % len(whole)]) == []
    receiver = RapiReceiver()
    receiver.receive(whole[: where % len(whole)])
    assert receiver.receive(whole) == [decode(whole[:-1])]


@given(st.lists(st.lists(words, max_size=3), max_size=4), st.integers(1, 20))
def test_characters_may_come_in_any_portions(replies: list[list[str]], portion: int) -> None:
    stream = b"\n".join(framed(" ".join(["$OK", *params])) for params in replies)
    receiver = RapiReceiver()
    found = [
        message
        for start in range(0, len(stream), portion)
        for message in receiver.receive(stream[start : start + portion])
    ]
    assert found == [Reply(accepted=True, params=tuple(params)) for params in replies]
    assert receiver.dropped == 0


@given(noise.filter(lambda data: b"$" not in data), noise.filter(lambda data: b"$" not in data))
def test_noise_between_frames_costs_nothing(before: bytes, after: bytes) -> None:
    frame = framed("$OK 12 34")
    reply = Reply(accepted=True, params=("12", "34"))
    assert RapiReceiver().receive(before + frame + after + frame) == [reply, reply]


def test_a_frame_without_end_is_dropped_and_takes_no_room() -> None:
    receiver = RapiReceiver()
    for _ in range(1000):
        assert receiver.receive(b"$" + b"9" * 1000) == []
    assert receiver.dropped == 1000
    assert receiver.receive(framed("$OK 1")) == [Reply(accepted=True, params=("1",))]


def test_sequence_numbers_go_round_and_leave_out_zero() -> None:
    session = RapiSession()
    numbers = [int(session.ask("GS")[5:7], 16) for _ in range(256)]
    assert numbers == [*range(1, 256), 1]


def test_only_the_reply_that_is_waited_for_counts() -> None:
    session = RapiSession()
    session.ask("GU")
    session.ask("GS")
    assert session.receive(framed("$OK 1 2 :01")) == []
    answer = Reply(accepted=True, params=("fe", "0", "01", "0000"), sequence=2)
    assert session.receive(framed("$OK fe 0 01 0000 :02") * 2) == [answer]
    assert session.receive(framed("$OK fe 0 01 0000")) == []
    assert session.stale == 3


def test_a_device_that_could_not_read_the_command_answers_without_its_number() -> None:
    session = RapiSession()
    session.ask("GS")
    assert session.receive(framed("$NK")) == [Reply(accepted=False)]
    assert session.receive(framed("$NK")) == []


def test_notices_pass_at_any_time() -> None:
    session = RapiSession()
    session.ask("GS")
    booted = Booted(post_code=0, firmware="8.2.1")
    assert session.receive(framed("$AB 00 8.2.1")) == [booted]
    assert session.receive(framed("$OK :01") + framed("$AB 00 8.2.1")) == [
        Reply(accepted=True, sequence=1),
        booted,
    ]


def test_a_command_that_cannot_be_sent_changes_nothing() -> None:
    session = RapiSession()
    session.ask("GS")
    with pytest.raises(ValueError, match="cannot be sent"):
        session.ask("$")
    assert session.receive(framed("$OK :01")) == [Reply(accepted=True, sequence=1)]
