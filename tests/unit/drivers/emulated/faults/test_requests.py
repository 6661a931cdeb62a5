from __future__ import annotations

import pytest

from drivers.emulated.exchange import Message
from drivers.emulated.faults.requests import EXCEPTION_CODES, ExceptionReply, Silence, WriteIgnored, WriteLate

READ = Message(1, bytes.fromhex("04 00 48 00 02"))


def test_silence_is_no_answer() -> None:
    assert Silence().refuse(READ) is None


@pytest.mark.parametrize("code", EXCEPTION_CODES)
def test_an_exception_names_the_function_and_its_code(code: int) -> None:
    assert ExceptionReply(code).refuse(READ) == bytes((0x84, code))


@pytest.mark.parametrize("code", [0, 7, 9, 12])
def test_other_exceptions_do_not_exist(code: int) -> None:
    with pytest.raises(ValueError, match=f"exception {code} is none of 1, 2, 3, 4, 5, 6, 8, 10, 11"):
        ExceptionReply(code)


def test_writes_are_carried_out_late_or_never() -> None:
    assert WriteIgnored().delay_s() is None
    assert WriteLate(1.5).delay_s() == 1.5
    with pytest.raises(ValueError, match="not between 0 and 3600"):
        WriteLate(0)
