from __future__ import annotations

import pytest

from drivers.modbus.errors import (
    ExceptionReply,
    MismatchedReply,
    WrongCount,
    WrongEcho,
    WrongFunction,
    WrongUnit,
)
from drivers.modbus.requests import Read, Reply, Write
from drivers.modbus.strict import check
from tests.real_time import clock

READ = Read(unit=7, space="input", address=100, count=2)
COILS = Read(unit=7, space="coil", address=0, count=10)
WRITE = Write(unit=7, function=6, address=300, values=(16,))
SEVERAL = Write(unit=7, function=16, address=300, values=(1, 2, 3))


def reply(
    function: int,
    values: tuple[int, ...],
    *,
    unit: int = 7,
    address: int | None = None,
    exception_code: int | None = None,
) -> Reply:
    return Reply(
        unit=unit,
        function=function,
        values=values,
        arrived=clock(),
        address=address,
        exception_code=exception_code,
    )


def test_an_exact_answer_gives_its_values() -> None:
    assert check(READ, reply(4, (1, 2))) == (1, 2)


def test_the_bits_that_fill_the_last_byte_are_cut_off() -> None:
    bits = (1, 0) * 8
    assert check(COILS, reply(1, bits)) == bits[:10]


def test_the_echo_of_a_write_gives_nothing() -> None:
    assert check(WRITE, reply(6, (16,), address=300)) == ()
    assert check(SEVERAL, reply(16, (3,), address=300)) == ()


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (reply(4, (1, 2), unit=8), WrongUnit),
        (reply(3, (1, 2)), WrongFunction),
        (reply(0x83, (), exception_code=2), WrongFunction),
        (reply(4, (1,)), WrongCount),
        (reply(4, (1, 2, 3)), WrongCount),
        (reply(4, ()), WrongCount),
    ],
)
def test_anything_but_an_exact_answer_to_a_read_is_refused(bad: Reply, error: type[MismatchedReply]) -> None:
    with pytest.raises(error) as caught:
        check(READ, bad)
    assert (caught.value.unit, caught.value.function, caught.value.address) == (7, 4, 100)


@pytest.mark.parametrize("bits", [(1,) * 8, (1,) * 24])
def test_a_wrong_number_of_coils_is_refused(bits: tuple[int, ...]) -> None:
    with pytest.raises(WrongCount):
        check(COILS, reply(1, bits))


@pytest.mark.parametrize(
    ("request_", "bad"),
    [
        (WRITE, reply(6, (17,), address=300)),
        (WRITE, reply(6, (16,), address=301)),
        (SEVERAL, reply(16, (2,), address=300)),
        (SEVERAL, reply(16, (3,), address=299)),
    ],
)
def test_an_echo_of_another_write_is_refused(request_: Write, bad: Reply) -> None:
    with pytest.raises(WrongEcho):
        check(request_, bad)


def test_a_refusal_names_its_code() -> None:
    with pytest.raises(ExceptionReply, match="illegal data address") as caught:
        check(READ, reply(0x84, (), exception_code=2))
    assert caught.value.exception_code == 2
