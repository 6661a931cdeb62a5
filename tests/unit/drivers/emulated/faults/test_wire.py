from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from drivers.emulated.exchange import Message, Sending
from drivers.emulated.faults.fault import WireFault
from drivers.emulated.faults.wire import (
    BitFlip,
    Contention,
    Crc,
    Delay,
    Duplicate,
    Echo,
    LeadingNoise,
    LostReply,
    Reset,
    Truncate,
)
from tests.unit.drivers.emulated.raw_master import with_crc

READ = Message(1, bytes.fromhex("04 00 48 00 02"))
REPLY = with_crc(bytes.fromhex("01 04 04 3f 80 00 00"))


def sent(fault: WireFault, seed: int = 1) -> tuple[Sending, ...]:
    return fault.damage((Sending(data=REPLY),), READ, Random(seed))


def data(fault: WireFault, seed: int = 1) -> bytes:
    (sending,) = sent(fault, seed)
    return sending.data


def is_whole(frame: bytes) -> bool:
    return with_crc(frame[:-2]) == frame


def test_the_checksum_is_wrong_and_the_rest_is_right() -> None:
    assert data(Crc())[:-2] == REPLY[:-2]
    assert not is_whole(data(Crc()))


@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_exactly_so_many_bits_are_flipped_and_found_by_the_checksum(bits: int) -> None:
    for seed in range(50):
        damaged = data(BitFlip(bits), seed)
        difference = int.from_bytes(damaged, "big") ^ int.from_bytes(REPLY, "big")
        assert difference.bit_count() == bits
        assert bits > 3 or not is_whole(damaged)


def test_a_frame_is_cut_short_or_begins_too_early() -> None:
    assert data(Truncate(4)) == REPLY[:-4]
    assert data(Truncate(255)) == b""
    assert data(LeadingNoise(0xFF)) == b"\xff" + REPLY


def test_a_reply_is_lost_late_or_comes_twice() -> None:
    assert sent(LostReply()) == ()
    assert sent(Delay(0.7)) == (Sending(data=REPLY, after_s=0.7),)
    assert sent(Duplicate()) == (Sending(data=REPLY), Sending(data=REPLY))


def test_an_echo_comes_before_the_reply_and_is_not_damaged_itself() -> None:
    request = with_crc(bytes.fromhex("01 04 00 48 00 02"))
    echoed = sent(Echo())
    assert echoed == (Sending(data=request, at_once=True), Sending(data=REPLY))
    assert Crc().damage(echoed, READ, Random(1))[0].data == request


def test_a_reset_comes_in_the_middle() -> None:
    (sending,) = sent(Reset())
    assert sending == Sending(data=REPLY[:4], reset=True)


def test_two_devices_at_once_are_neither_of_them() -> None:
    for seed in range(50):
        mixed = data(Contention(), seed)
        assert len(mixed) == len(REPLY)
        assert mixed[:2] == REPLY[:2]
        assert all(got & ~was == 0 for got, was in zip(mixed, REPLY, strict=True))
    assert data(Contention(), 1) != REPLY


@pytest.mark.parametrize(
    "make", [lambda: BitFlip(0), lambda: Truncate(0), lambda: Delay(0), lambda: LeadingNoise(256)]
)
def test_what_cannot_be_is_refused(make: Callable[[], WireFault]) -> None:
    with pytest.raises(ValueError, match="is not between"):
        make()
