from __future__ import annotations

import pytest

from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.messages import WrongUnit
from drivers.emulated.faults.names import FAULTS, describe, make_fault
from drivers.emulated.faults.requests import ExceptionReply
from drivers.emulated.faults.state import DeviceSwap
from drivers.emulated.faults.wire import Crc, Delay, LeadingNoise


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_be_made_and_told_by_its_name(name: str) -> None:
    fault = make_fault(name)
    assert fault.name == name
    words = describe(fault).split()
    assert make_fault(*words) == fault
    assert fault.media


@pytest.mark.parametrize(
    ("name", "strength", "fault"),
    [
        ("exception", "6", ExceptionReply(6)),
        ("exception", "0x0B", ExceptionReply(11)),
        ("delay", "0.7", Delay(0.7)),
        ("leading-noise", "0xff", LeadingNoise(255)),
        ("wrong-unit", "9", WrongUnit(9)),
        ("device-swap", "A7", DeviceSwap("A7")),
        ("crc", None, Crc()),
    ],
)
def test_how_strong_it_is(name: str, strength: str | None, fault: Fault) -> None:
    assert make_fault(name, strength) == fault


@pytest.mark.parametrize(
    ("name", "strength", "problem"),
    [
        ("crcc", None, "'crcc' is not a fault; there are silence, exception"),
        ("crc", "5", "crc takes no number, '5' was given"),
        ("delay", "long", "delay 'long': seconds must be a number"),
        ("exception", "7", "exception 7 is none of 1, 2"),
    ],
)
def test_what_is_wrong_is_told(name: str, strength: str | None, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make_fault(name, strength)
