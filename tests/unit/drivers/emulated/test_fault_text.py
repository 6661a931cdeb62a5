from __future__ import annotations

import pytest

from drivers.emulated.fault_text import fault_words, parse_fault
from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.faults.requests import ExceptionReply
from drivers.emulated.faults.values import Frozen
from drivers.emulated.faults.wire import Crc

METER = frozenset({"meter"})


@pytest.mark.parametrize(
    ("text", "injection"),
    [
        ("meter crc", Injection(fault=Crc(), where=Where(devices=METER))),
        ("all crc for 5", Injection(fault=Crc(), when=Schedule(for_s=5))),
        (
            "meter exception 6 at 1 every 10 for 2 times 7 chance 0.5",
            Injection(
                fault=ExceptionReply(6),
                where=Where(devices=METER),
                when=Schedule(at_s=1, every_s=10, for_s=2, times=7, probability=0.5),
            ),
        ),
        (
            "meter frozen point power function 4 address 0x48-0x4b",
            Injection(
                fault=Frozen(),
                where=Where(
                    devices=METER,
                    points=frozenset({"power"}),
                    functions=frozenset({4}),
                    addresses=range(72, 76),
                ),
            ),
        ),
    ],
)
def test_what_the_words_mean_and_how_they_are_told_again(text: str, injection: Injection) -> None:
    assert parse_fault(text.split()) == injection
    assert parse_fault(fault_words(injection).split()) == injection


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a device .* and the name of a fault are needed"),
        ("meter", "a device .* and the name of a fault are needed"),
        ("meter fire", "'fire' is not a fault"),
        ("meter crc for", "'for': something is missing after it"),
        ("meter crc for long", "for takes a number, not 'long'"),
        ("meter crc colour red", "crc takes no number, 'colour' was given"),
        ("meter delay 1 colour red", "'colour' is none of at, every"),
        ("meter crc for 0", "must be above 0"),
        ("meter crc address 9-5", "9-5 is no address or range"),
    ],
)
def test_what_is_wrong_is_told(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_fault(text.split())
