from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.readings import Pilot
from drivers.serial.rapi_answers import (
    Electrical,
    Flag,
    Status,
    Supervision,
    Usage,
    parse_limit_a,
    parse_lock,
)


@pytest.mark.parametrize(
    ("state", "pilot", "expected", "is_resting"),
    [
        ("01", "01", Pilot.A, False),
        ("02", "02", Pilot.B, False),
        ("03", "03", Pilot.C, False),
        ("04", "04", Pilot.D, False),
        ("fe", "02", Pilot.B, True),
        ("ff", "02", Pilot.F, True),
        ("06", "02", Pilot.E, True),
        ("11", "03", Pilot.E, True),
        ("00", "00", None, False),
        ("fe", "00", None, True),
    ],
)
def test_states(state: str, pilot: str, expected: Pilot | None, is_resting: bool) -> None:
    status = Status.parse((state, "12", pilot, "0100"))
    assert (status.pilot, status.is_resting) == (expected, is_resting)
    assert (status.elapsed_s, status.flags, status.has_vehicle) == (12, Flag.VEHICLE_CONNECTED, True)


def test_it_is_off_only_with_an_open_relay() -> None:
    assert Status.parse(("fe", "0", "02", "0200")).is_off
    assert not Status.parse(("fe", "0", "03", "0240")).is_off
    assert not Status.parse(("02", "0", "02", "0200")).is_off
    assert not Status.parse(("08", "0", "02", "0240")).is_off, "a stuck relay"


def test_a_running_session_counts_in_whole_wh_as_it_will_when_it_has_ended() -> None:
    usage = Usage.parse(("7199", "1000"))
    assert usage.total_wh(in_session=True) == 1001
    assert usage.total_wh(in_session=False) == 1000


def test_values() -> None:
    assert Electrical.parse(("16000", "230100")) == Electrical(current_ma=16000, voltage_mv=230100)
    assert Electrical.parse(("-1", "240000")).current_ma == -1
    assert Supervision.parse(("30", "6", "2")) == Supervision(within_s=30, fallback_a=6, missed=2)
    assert parse_limit_a(("16", "0220")) == 16
    assert [parse_lock((state, "M")) for state in "01x"] == [False, True, None]


@pytest.mark.parametrize(
    ("parse", "params"),
    [
        (Status.parse, ("03", "0", "03")),
        (Status.parse, ("03", "0", "03", "0100", "1")),
        (Status.parse, ("0c", "0", "03", "0100")),
        (Status.parse, ("03", "0", "03", "10000")),
        (Status.parse, ("03", "0", "03", "01")),
        (Status.parse, ("03", "0", "3", "0100")),
        (Status.parse, ("03", "1_0", "03", "0100")),
        (Usage.parse, ("1",)),
        (Usage.parse, ("-1", "5")),
        (Usage.parse, ("1", "99999999999")),
        (Usage.parse, ("1e3", "5")),
        (Electrical.parse, ("1", "2", "3")),
        (Supervision.parse, ("30", "6", "3")),
        (parse_limit_a, ()),
        (parse_limit_a, ("256",)),
        (parse_limit_a, ("-1",)),
        (parse_lock, ("1",)),
    ],
)
def test_what_makes_no_sense(parse: Callable[[tuple[str, ...]], object], params: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(params)
