from __future__ import annotations

from decimal import Decimal

import pytest

from drivers.emulated.watchdog import Contact, EmulatedWatchdog
from drivers.profiles.values import Value
from drivers.profiles.watchdog import Feeding, Watchdog
from drivers.profiles.writes import Setting
from tests.profiles import shipped_profile

LIMIT = shipped_profile("phoenix-em-cp-pp-eth").point("max_current")


def watchdog(feed: Setting | Feeding, *arm: Setting) -> EmulatedWatchdog:
    return EmulatedWatchdog(Watchdog(arm=arm, feed=feed, every_s=2, within_s=10, safe_a=Decimal(6)))


def contact(dog: EmulatedWatchdog, how: Contact, now_s: float, *values: int, **held: Value) -> None:
    dog.contact(how, [(LIMIT, Decimal(value)) for value in values], held.get, now_s)


def test_it_falls_once_when_nobody_feeds_it() -> None:
    dog = watchdog("read")
    assert not dog.falls(1000)
    contact(dog, "read", 0)
    contact(dog, "read", 5)
    assert [dog.falls(moment_s) for moment_s in (14.9, 15, 16)] == [False, True, False]
    contact(dog, "read", 20)
    assert [dog.falls(moment_s) for moment_s in (29.9, 30)] == [False, True]


@pytest.mark.parametrize(("how", "falls"), [("read", True), ("write", False)])
def test_what_is_not_its_food_does_not_feed_it(how: Contact, falls: bool) -> None:
    dog = watchdog("write")
    contact(dog, "write", 0, 16)
    contact(dog, how, 8, *([16] if how == "write" else []))
    assert dog.falls(10) is falls


def test_a_token_is_food_only_with_its_value() -> None:
    dog = watchdog(Setting("max_current", Decimal(21930)))
    contact(dog, "write", 0, 21930)
    contact(dog, "write", 8, 16)
    assert dog.falls(10)
    contact(dog, "write", 11, 21930)
    assert not dog.falls(12)


def test_it_is_armed_by_what_the_device_holds() -> None:
    dog = watchdog("read", Setting("timeout", Decimal(30)))
    contact(dog, "read", 0, timeout=Decimal(0))
    assert not dog.falls(1000)
    contact(dog, "write", 1000, timeout=Decimal(30))
    assert [dog.falls(moment_s) for moment_s in (1009, 1010)] == [False, True]


def test_disarmed_or_without_power_it_forgets() -> None:
    dog = watchdog("read", Setting("timeout", Decimal(30)))
    contact(dog, "read", 0, timeout=Decimal(30))
    contact(dog, "write", 5, timeout=Decimal(0))
    assert not dog.falls(1000)
    contact(dog, "read", 1000, timeout=Decimal(30))
    dog.reset()
    assert not dog.falls(2000)
