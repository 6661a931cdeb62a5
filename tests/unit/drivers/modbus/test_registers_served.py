from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.registers_served import Held, ServedRegisters
from tests.real_time import clock

FIRST = clock()
SECOND = replace(FIRST, monotonic_s=FIRST.monotonic_s + 5, wall=FIRST.wall + timedelta(seconds=5))


@pytest.fixture
def registers() -> ServedRegisters:
    return ServedRegisters()


def ask(registers: ServedRegisters, text: str) -> str:
    return registers.answer(bytes.fromhex(text), FIRST).hex(" ").upper()


def test_what_was_written_is_read_back(registers: ServedRegisters) -> None:
    assert ask(registers, "10 2000 0002 04 4366 0000") == "10 20 00 00 02"
    assert ask(registers, "06 2002 0007") == "06 20 02 00 07"
    assert ask(registers, "03 2000 0003") == "03 06 43 66 00 00 00 07"
    assert ask(registers, "04 2001 0002") == "04 04 00 00 00 07"


def test_several_registers_are_as_old_as_the_oldest(registers: ServedRegisters) -> None:
    registers.put(10, (1, 2, 3), FIRST)
    registers.put(11, (20,), SECOND)
    assert registers.get(10, 3) == Held(values=(1, 20, 3), written_at=FIRST)
    assert registers.get(11, 1) == Held(values=(20,), written_at=SECOND)


def test_what_was_never_written_is_not_there(registers: ServedRegisters) -> None:
    registers.put(10, (1,), FIRST)
    assert registers.get(10, 2) is None
    assert ask(registers, "03 000A 0002") == "83 02"
    registers.forget()
    assert registers.get(10, 1) is None


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        ("01 0000 0001", "81 01"),
        ("2B 0E", "AB 01"),
        ("03 0000 0000", "83 03"),
        ("03 0000 007E", "83 03"),
        ("03 0000", "83 03"),
        ("06 0000", "86 03"),
        ("10 0000 0001 04 0001", "90 03"),
        ("10 0000 0001 02 0001 00", "90 03"),
        ("10 0000 0000 00", "90 03"),
        ("10 0000 0001", "90 03"),
        ("10 FFFF 0002 04 0001 0002", "90 02"),
    ],
)
def test_requests_that_make_no_sense_are_refused_and_change_nothing(
    registers: ServedRegisters, request_: str, reply: str
) -> None:
    assert ask(registers, request_) == reply
    assert registers.get(0, 1) is None
    assert registers.get(0xFFFF, 1) is None


@given(st.binary(min_size=1, max_size=260))
def test_no_request_makes_it_raise(request_: bytes) -> None:
    reply = ServedRegisters().answer(request_, FIRST)
    assert reply[0] & 0x7F == request_[0] & 0x7F


def test_our_own_registers_must_fit(registers: ServedRegisters) -> None:
    with pytest.raises(ValueError, match="reach beyond 65535"):
        registers.put(0xFFFF, (1, 2), FIRST)
