from __future__ import annotations

import pytest

from agent.technician.searching import known_requests, parse_units, search_requests, settings_to_try
from drivers.modbus.requests import Read
from drivers.modbus.transport import SerialSettings
from tests.profiles import shipped_profile

SDM = shipped_profile("eastron-sdm630")
IEM = shipped_profile("schneider-iem3155")
PHOENIX = shipped_profile("phoenix-em-cp-pp-eth")
N9600 = SerialSettings(baud=9600, parity="N", stop_bits=1)
E19200 = SerialSettings(baud=19200, parity="E", stop_bits=1)


def test_what_most_profiles_say_is_tried_first_and_nothing_twice() -> None:
    tried = settings_to_try([IEM, IEM, SDM, PHOENIX])
    assert tried[:2] == [E19200, N9600]
    assert len(tried) == len(set(tried)) > 4


def test_what_is_given_is_not_searched() -> None:
    assert {one.parity for one in settings_to_try([SDM], parity="E")} == {"E"}
    assert settings_to_try([SDM], baud=9600, parity="N", stop_bits=1) == [N9600]
    assert [one.baud for one in settings_to_try([SDM], baud=57600)] == [57600, 57600]
    assert settings_to_try([SDM], baud=57600, parity="O") == []


def test_devices_are_asked_what_their_profile_reads_at_their_own_unit() -> None:
    (read,) = known_requests([SDM, IEM, PHOENIX], N9600)
    assert SDM.probe is not None
    assert (read.unit, read.address, read.count) == (SDM.modbus.unit, SDM.probe.start, SDM.probe.count)
    assert {read.unit for read in known_requests([SDM, PHOENIX], None)} == {1, 180}


def test_every_unit_is_asked_for_both_kinds_of_register() -> None:
    assert list(search_requests([7])) == [
        Read(unit=7, space="holding", address=0, count=1),
        Read(unit=7, space="input", address=0, count=1),
    ]


def test_units_are_a_list_of_ranges() -> None:
    assert parse_units("1-3,247,2") == [1, 2, 3, 247]


@pytest.mark.parametrize("text", ["", "0", "1-256", "a", "5-3", "-1"])
def test_what_is_no_list_of_units_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of int as well as of the range
        parse_units(text)
