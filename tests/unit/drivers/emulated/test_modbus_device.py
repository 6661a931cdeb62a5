from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.emulated.behaviour import Inert
from drivers.emulated.faults.messages import ShortCount
from drivers.emulated.faults.requests import ExceptionReply, Silence, WriteIgnored, WriteLate
from drivers.emulated.faults.values import Frozen, Sentinel, SignFlip, WordSwap
from drivers.emulated.pdu import ExceptionCode, Refused
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from tests.unit.drivers.emulated.strict_device import Strict

POWER = "04 00 02 00 02"
LIMIT_16 = "06 00 12 00 a0"
REMOTE_3_PHASES = "06 00 14 00 13"


@pytest.fixture
def strict(tmp_path: Path) -> Strict:
    return Strict(tmp_path)


def test_points_that_share_a_register_lie_in_it_together(strict: Strict) -> None:
    strict.behaviour.values = {"pilot": "C", "fault_code": Decimal(2)}
    assert strict.ask("04 00 00 00 01") == "04 02 02 03"


def test_a_write_of_a_shared_register_sets_all_points_in_it(strict: Strict) -> None:
    assert strict.ask("03 00 14 00 01") == "03 02 00 03"
    assert strict.ask(REMOTE_3_PHASES) == REMOTE_3_PHASES
    assert strict.behaviour.changes == [("mode", "remote"), ("phases", Decimal(3))]
    assert strict.ask("03 00 14 00 01") == "03 02 00 13"


@pytest.mark.parametrize(
    ("request_pdu", "reply", "why"),
    [
        ("04 00 00 00 09", "84 03", "more than max_read"),
        ("04 00 0b 00 01", "84 02", "no point there"),
        ("03 00 13 00 02", "83 02", "across a barrier"),
        ("03 00 16 00 05", "83 02", "beyond the last point"),
        ("06 00 12 00 32", "86 03", "5 A is below the range"),
        ("06 00 12 01 41", "86 03", "32.1 A is above it"),
        ("06 00 13 00 02", "86 03", "no such state"),
        ("06 00 14 00 20", "86 03", "no such state in a part of a register"),
        ("06 00 0a 00 01", "86 02", "read only"),
        ("10 00 12 00 01 02 00 a0", "90 01", "no function 16"),
        ("01 00 00 00 01", "81 01", "no coils"),
    ],
)
def test_what_the_profile_does_not_allow_has_its_exception(
    strict: Strict, request_pdu: str, reply: str, why: str
) -> None:
    assert strict.ask(request_pdu) == reply, why
    assert strict.behaviour.changes == []


def test_off_is_allowed_although_it_is_out_of_range(strict: Strict) -> None:
    assert strict.ask("06 00 12 00 00") == "06 00 12 00 00"
    assert strict.behaviour.changes == [("max_current", Decimal(0))]


def test_a_write_whose_conditions_are_not_met_is_confirmed_and_ignored(strict: Strict) -> None:
    enable = "06 00 13 00 01"
    assert strict.ask(enable) == enable
    assert strict.behaviour.changes == []
    strict.ask(REMOTE_3_PHASES)
    strict.ask(enable)
    assert strict.behaviour.changes[-1] == ("enable", "on")


def test_a_setpoint_that_is_not_repeated_lapses_to_off(strict: Strict) -> None:
    strict.ask(LIMIT_16)
    strict.pass_time(50)
    strict.ask(LIMIT_16)
    strict.pass_time(59)
    assert strict.behaviour.changes == [("max_current", Decimal(16))] * 2
    strict.pass_time(1)
    assert strict.behaviour.changes[2:] == [("max_current", Decimal(0))]
    assert strict.ask("03 00 12 00 01") == "03 02 00 00"
    strict.pass_time(1000)
    assert len(strict.behaviour.changes) == 3


def test_the_watchdog_falls_when_its_token_stops_coming(strict: Strict) -> None:
    strict.pass_time(100)
    strict.ask("06 00 15 00 1e")
    for _ in range(5):
        strict.pass_time(4)
        strict.ask("06 00 16 00 55")
    assert strict.behaviour.happened == []
    strict.pass_time(4)
    strict.ask(POWER)
    strict.pass_time(1)
    assert strict.behaviour.happened == ["fell back to 6 A"]
    assert "watchdog" in strict.notes


def test_a_power_cut_forgets_what_was_written_and_disarms_the_watchdog(strict: Strict) -> None:
    strict.ask("06 00 15 00 1e")
    strict.ask(REMOTE_3_PHASES)
    strict.device.cut_power()
    assert strict.ask("03 00 14 00 01") == ""
    strict.pass_time(100)
    strict.device.return_power()
    assert strict.ask("03 00 15 00 01") == "03 02 00 00"
    assert strict.ask("03 00 14 00 01") == "03 02 00 03"
    strict.pass_time(100)
    assert strict.behaviour.happened == ["power lost", "power returned"]


def test_another_device_has_another_serial_number_and_counter(strict: Strict) -> None:
    strict.device.swap("S2", strict.place.surroundings("abb-b23").rng)
    assert strict.ask("03 00 0a 00 04") == "03 08 53 32 00 00 00 00 00 00"
    assert strict.behaviour.happened == ["power returned"]


def test_silence_carries_nothing_out_and_an_exception_neither(strict: Strict) -> None:
    fault = strict.inject(Silence())
    assert strict.ask(LIMIT_16) == ""
    strict.faults.take(fault.id)
    strict.inject(ExceptionReply(6))
    assert strict.ask(LIMIT_16) == "86 06"
    assert strict.behaviour.changes == []
    assert strict.notes == ["fault", "fault"]


def test_a_write_is_confirmed_and_not_carried_out(strict: Strict) -> None:
    ignored = strict.inject(WriteIgnored())
    assert strict.ask(LIMIT_16) == LIMIT_16
    assert strict.ask("03 00 12 00 01") == "03 02 00 00"
    assert strict.behaviour.changes == []
    assert ignored.hits == 1


def test_a_write_is_confirmed_and_carried_out_later(strict: Strict) -> None:
    strict.inject(WriteLate(3))
    assert strict.ask(LIMIT_16) == LIMIT_16
    strict.pass_time(2.9)
    assert strict.behaviour.changes == []
    strict.pass_time(0.2)
    assert strict.behaviour.changes == [("max_current", Decimal(16))]


def test_frozen_values_are_those_of_the_first_request(strict: Strict) -> None:
    strict.behaviour.values = {"power": Decimal(1000)}
    strict.inject(Frozen())
    first = strict.ask(POWER)
    strict.behaviour.values = {"power": Decimal(2000)}
    assert strict.ask(POWER) == first == "04 04 00 00 03 e8"
    assert strict.device.image.shown("power") == 2000


def test_only_the_point_that_is_named_is_wrong(strict: Strict) -> None:
    strict.behaviour.values = {"power": Decimal(0x10002), "energy_import": Decimal(1000 * 0x30004)}
    strict.inject(WordSwap(), points=frozenset({"energy_import"}))
    assert strict.ask("04 00 02 00 04") == "04 08 00 01 00 02 00 04 00 03"


def test_a_sign_that_no_register_can_hold_stays_right(strict: Strict) -> None:
    strict.behaviour.values = {"power": Decimal(5), "energy_import": Decimal(1000)}
    strict.inject(SignFlip())
    assert strict.ask(POWER) == "04 04 ff ff ff fb"
    strict.inject(SignFlip(), points=frozenset({"energy_import"}))
    assert strict.ask("04 00 04 00 02") == "04 04 00 00 00 01"


def test_value_faults_hit_only_requests_that_read_such_values(strict: Strict) -> None:
    sentinel = strict.inject(Sentinel())
    strict.ask("03 00 14 00 01")
    assert sentinel.hits == 0
    assert strict.ask(POWER) == "04 04 ff ff ff ff"
    assert sentinel.hits == 1


def test_several_faults_come_together(strict: Strict) -> None:
    strict.behaviour.values = {"power": Decimal(5)}
    strict.inject(SignFlip())
    strict.inject(ShortCount())
    assert strict.ask(POWER) == "04 02 ff ff"


class Unwilling(Inert):
    def written(self, changes: Sequence[tuple[Point, Value]]) -> None:
        raise Refused(ExceptionCode.SERVER_DEVICE_FAILURE)


def test_a_behaviour_that_refuses_a_write_answers_with_its_exception(tmp_path: Path) -> None:
    strict = Strict(tmp_path, Unwilling)
    assert strict.ask(LIMIT_16) == "86 04"
    assert strict.ask("03 00 12 00 01") == "03 02 00 00"
    strict.inject(WriteLate(1))
    assert strict.ask(LIMIT_16) == LIMIT_16
    strict.pass_time(2)
    assert strict.ask("03 00 12 00 01") == "03 02 00 00"
