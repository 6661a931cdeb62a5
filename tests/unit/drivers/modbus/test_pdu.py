"""pymodbus judges: an independent implementation must read what we write and write what we read."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU, FramerSocket
from pymodbus.pdu import DecodePDU, ExceptionResponse
from pymodbus.pdu import bit_message as bits
from pymodbus.pdu import register_message as registers

from drivers.modbus import mbap, pdu, rtu
from drivers.modbus.mbap import MbapFraming
from drivers.modbus.requests import Read, Reply, Request, Space, Write
from drivers.modbus.rtu import RtuFraming, crc16
from tests.real_time import clock

WORDS = st.integers(0, 0xFFFF)
UNITS = st.integers(1, 247)
SPACES: tuple[Space, ...] = ("coil", "discrete", "holding", "input")


@st.composite
def reads(draw: st.DrawFn) -> Read:
    space = draw(st.sampled_from(SPACES))
    most = 2000 if space in {"coil", "discrete"} else 125
    return Read(unit=draw(UNITS), space=space, address=draw(WORDS), count=draw(st.integers(1, most)))


@st.composite
def writes(draw: st.DrawFn) -> Write:
    unit, address = draw(UNITS), draw(st.integers(0, 0xF000))
    return draw(
        st.one_of(
            st.builds(_write, st.just(unit), st.just(5), st.just(address), st.tuples(st.integers(0, 1))),
            st.builds(_write, st.just(unit), st.just(6), st.just(address), st.tuples(WORDS)),
            st.builds(_write, st.just(unit), st.just(15), st.just(address), _many(st.integers(0, 1), 1968)),
            st.builds(_write, st.just(unit), st.just(16), st.just(address), _many(WORDS, 123)),
        )
    )


def _write(unit: int, function: Any, address: int, values: tuple[int, ...]) -> Write:
    return Write(unit=unit, function=function, address=address, values=values)


def _many(values: st.SearchStrategy[int], most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(values, min_size=1, max_size=most).map(tuple)


def theirs(request: Request) -> Any:
    """The same request in pymodbus's words."""
    if isinstance(request, Read):
        kind = {
            1: bits.ReadCoilsRequest,
            2: bits.ReadDiscreteInputsRequest,
            3: registers.ReadHoldingRegistersRequest,
            4: registers.ReadInputRegistersRequest,
        }[request.function]
        return kind(dev_id=request.unit, address=request.address, count=request.count)
    at: dict[str, Any] = {"dev_id": request.unit, "address": request.address}
    if request.function == 5:
        return bits.WriteSingleCoilRequest(bits=[bool(request.values[0])], **at)
    if request.function == 6:
        return registers.WriteSingleRegisterRequest(registers=list(request.values), **at)
    if request.function == 15:
        return bits.WriteMultipleCoilsRequest(bits=[bool(value) for value in request.values], **at)
    return registers.WriteMultipleRegistersRequest(registers=list(request.values), **at)


@given(reads() | writes())
def test_requests_are_those_of_pymodbus_byte_for_byte(request: Request) -> None:
    asked = theirs(request)
    asked.transaction_id = 513
    assert RtuFraming().encode(request, 513) == FramerRTU(DecodePDU(is_server=True)).buildFrame(asked)
    assert MbapFraming().encode(request, 513) == FramerSocket(DecodePDU(is_server=True)).buildFrame(asked)


def answered(request: Request, response: Any) -> Reply:
    """Our reading of pymodbus's reply; both framings must agree."""
    response.transaction_id = 7
    found = []
    for framing, framer in ((RtuFraming(), FramerRTU), (MbapFraming(), FramerSocket)):
        sent = framing.encode(request, 7)
        whole = framer(DecodePDU(is_server=False)).buildFrame(response)
        frame = framing.find(whole, sent)
        assert frame == whole
        found.append(framing.decode(frame, MOMENT))
    assert found[0] == found[1]
    return found[0]


MOMENT = clock()


@given(UNITS, st.lists(WORDS, min_size=1, max_size=125))
def test_registers_that_pymodbus_answers_are_read(unit: int, values: list[int]) -> None:
    request = Read(unit=unit, space="input", address=0, count=len(values))
    reply = answered(request, registers.ReadInputRegistersResponse(dev_id=unit, registers=values))
    assert (reply.unit, reply.function, reply.values) == (unit, 4, tuple(values))


@given(UNITS, st.lists(st.booleans(), min_size=1, max_size=100))
def test_bits_that_pymodbus_answers_are_read(unit: int, values: list[bool]) -> None:
    request = Read(unit=unit, space="coil", address=0, count=len(values))
    reply = answered(request, bits.ReadCoilsResponse(dev_id=unit, bits=list(values)))
    assert reply.values[: len(values)] == tuple(map(int, values))
    assert len(reply.values) % 8 == 0


@given(writes())
def test_the_echo_that_pymodbus_answers_repeats_the_write(write: Write) -> None:
    at: dict[str, Any] = {"dev_id": write.unit, "address": write.address}
    response: Any
    if write.function == 5:
        response = bits.WriteSingleCoilResponse(bits=[bool(write.values[0])], **at)
    elif write.function == 6:
        response = registers.WriteSingleRegisterResponse(registers=list(write.values), **at)
    elif write.function == 15:
        response = bits.WriteMultipleCoilsResponse(count=len(write.values), **at)
    else:
        response = registers.WriteMultipleRegistersResponse(count=len(write.values), **at)
    reply = answered(write, response)
    expected = write.values if write.function in {5, 6} else (len(write.values),)
    assert (reply.function, reply.address, reply.values) == (write.function, write.address, expected)


def test_a_refusal_that_pymodbus_answers_is_read() -> None:
    request = Read(unit=3, space="holding", address=0, count=1)
    reply = answered(request, ExceptionResponse(3, 2, device_id=3))
    assert (reply.unit, reply.function, reply.exception_code, reply.values) == (3, 0x83, 2, ())


def test_a_coil_echoed_as_neither_on_nor_off_is_no_confirmation() -> None:
    assert pdu.decode(1, bytes.fromhex("05 0190 1234"), MOMENT).values == (0x1234,)


@given(st.binary(min_size=1, max_size=300))
def test_the_checksum_is_that_of_pymodbus(data: bytes) -> None:
    assert crc16(data).to_bytes(2, "little") == FramerRTU.compute_CRC(data).to_bytes(2, "big")


def test_a_frame_with_its_checksum_has_the_checksum_0() -> None:
    assert crc16(rtu.frame(1, b"\x04\x00\x00\x00\x02")) == 0


def test_frames_are_split_from_a_stream() -> None:
    first, second = mbap.frame(1, 1, b"\x04\x02\0\1"), mbap.frame(2, 1, b"\x84\x02")
    assert mbap.split(first + second + b"\0") == ([first, second], b"\0")
    assert mbap.split(first[:-1]) == ([], first[:-1])
    assert mbap.split(b"\0\1\0\7" + bytes(20)) == ([], b"\0\1\0\7" + bytes(20))
