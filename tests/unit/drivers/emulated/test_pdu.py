from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.pdu import answer
from tests.unit.drivers.emulated.memory import SIZE, MemoryRegisters


def ask(request: str, registers: MemoryRegisters | None = None) -> str:
    return answer(bytes.fromhex(request), registers or MemoryRegisters()).hex(" ")


@pytest.mark.parametrize(
    ("request_pdu", "reply_pdu"),
    [
        ("01 00 00 00 0a", "01 02 00 00"),
        ("02 00 00 00 0a", "02 02 55 01"),
        ("03 00 00 00 02", "03 04 00 00 00 00"),
        ("04 00 05 00 02", "04 04 00 05 00 06"),
        ("05 00 03 ff 00", "05 00 03 ff 00"),
        ("05 00 03 00 00", "05 00 03 00 00"),
        ("06 00 03 12 34", "06 00 03 12 34"),
        ("0f 00 03 00 0a 02 cd 01", "0f 00 03 00 0a"),
        ("10 00 03 00 02 04 00 0a 01 02", "10 00 03 00 02"),
    ],
)
def test_every_function_is_answered_as_the_standard_shows(request_pdu: str, reply_pdu: str) -> None:
    assert ask(request_pdu) == reply_pdu


def test_coils_of_a_multiple_write_are_packed_lowest_first() -> None:
    registers = MemoryRegisters()
    ask("0f 00 13 00 0a 02 cd 01", registers)
    assert registers.spaces["coil"][19:30] == [1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0]


@given(st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=SIZE), st.data())
def test_registers_that_were_written_are_read_back(values: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, SIZE - len(values)))
    registers, place = MemoryRegisters(), start.to_bytes(2, "big") + len(values).to_bytes(2, "big")
    packed = b"".join(value.to_bytes(2, "big") for value in values)
    assert answer(b"\x10" + place + bytes((len(packed),)) + packed, registers) == b"\x10" + place
    assert answer(b"\x03" + place, registers) == b"\x03" + bytes((len(packed),)) + packed


@given(st.lists(st.integers(0, 1), min_size=1, max_size=SIZE), st.data())
def test_coils_that_were_written_are_read_back(bits: list[int], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, SIZE - len(bits)))
    registers, place = MemoryRegisters(), start.to_bytes(2, "big") + len(bits).to_bytes(2, "big")
    size = (len(bits) + 7) // 8
    packed = sum(bit << at for at, bit in enumerate(bits)).to_bytes(size, "little")
    assert answer(b"\x0f" + place + bytes((size,)) + packed, registers) == b"\x0f" + place
    assert answer(b"\x01" + place, registers) == b"\x01" + bytes((size,)) + packed


@pytest.mark.parametrize("function", [0x00, 0x07, 0x14, 0x2B, 0x7F])
def test_exception_1_for_functions_nobody_implements(function: int) -> None:
    assert ask(f"{function:02x} 00 00 00 01") == f"{function | 0x80:02x} 01"


def test_exception_1_for_functions_this_device_does_not_implement() -> None:
    assert ask("03 00 00 00 01", MemoryRegisters(functions=(4,))) == "83 01"


@pytest.mark.parametrize(
    "request_pdu",
    [
        "01 00 60 00 0a",
        "02 00 60 00 0a",
        "03 00 63 00 02",
        "04 ff ff 00 02",
        "05 00 64 ff 00",
        "06 00 64 00 00",
        "0f 00 63 00 02 01 03",
        "10 00 63 00 02 04 00 00 00 00",
    ],
)
def test_exception_2_outside_the_map(request_pdu: str) -> None:
    assert ask(request_pdu) == f"{int(request_pdu[:2], 16) | 0x80:02x} 02"


@pytest.mark.parametrize(
    "request_pdu",
    [
        "01 00 00 00 00",
        "01 00 00 07 d1",
        "02 00 00 07 d1",
        "03 00 00 00 00",
        "03 00 00 00 7e",
        "04 00 00 00 7e",
        "04 00 00 00",
        "04 00 00 00 01 00",
        "05 00 00 00 01",
        "05 00 00 ff",
        "06 00 00",
        "0f 00 00 00 00 00",
        "0f 00 00 07 b1 f7" + " 00" * 247,
        "0f 00 00 00 09 01 ff",
        "0f 00 00 00 08 01",
        "10 00 00 00 00 00",
        "10 00 00 00 7c f8" + " 00" * 248,
        "10 00 00 00 02 02 00 00",
        "10 00 00 00 01 02 00 00 00",
        "10 00 00",
    ],
)
def test_exception_3_for_quantities_values_and_lengths_that_cannot_be(request_pdu: str) -> None:
    assert ask(request_pdu) == f"{int(request_pdu[:2], 16) | 0x80:02x} 03"


def test_the_quantity_is_checked_before_the_address() -> None:
    assert ask("03 ff ff 00 7e") == "83 03"


def test_exception_4_when_the_device_fails() -> None:
    registers = MemoryRegisters()
    registers.broken = True
    assert ask("03 00 00 00 01", registers) == "83 04"
    assert ask("06 00 00 00 01", registers) == "86 04"


@given(st.binary(min_size=1, max_size=253))
def test_every_request_gets_a_reply_that_fits(request_pdu: bytes) -> None:
    reply = answer(request_pdu, MemoryRegisters())
    assert reply[0] & 0x7F == request_pdu[0] & 0x7F
    assert 2 <= len(reply) <= 253
