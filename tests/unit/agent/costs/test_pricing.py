from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agent.costs.pricing import (
    Anchor,
    ChargingPrice,
    IdlePrice,
    Period,
    Seen,
    Triggers,
    crossed,
    due_at,
    following,
    rounded,
    turned,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CHARGING = Anchor(
    at=NOON,
    meter_wh=1_234_000,
    due=Decimal("1.00"),
    charging=ChargingPrice(kwh=Decimal("0.123"), hour=Decimal("0.60"), flat=Decimal(5)),
    idle=IdlePrice(hour=Decimal(1), grace=timedelta(minutes=30)),
)
IDLE = replace(CHARGING, idle_since=NOON)


def test_energy_and_time_are_counted_on_exactly_and_the_flat_fee_is_due_already() -> None:
    assert due_at(CHARGING, NOON, 1_234_000) == 1
    assert due_at(CHARGING, NOON, 1_235_001) == Decimal("1.123123")
    assert due_at(CHARGING, NOON + HOUR / 4, 1_234_000) == Decimal("1.15")
    assert due_at(CHARGING, NOON - HOUR, 1_233_000) == 1, "neither clock nor meter go back"


def test_who_is_idle_pays_by_the_hour_after_the_grace() -> None:
    assert due_at(IDLE, NOON + HOUR / 2, 1_300_000) == 1
    assert due_at(IDLE, NOON + HOUR, 1_300_000) == Decimal("1.5")
    assert due_at(IDLE, NOON + 2 * HOUR, 1_300_000) == Decimal("2.5")


def test_the_grace_runs_from_the_first_word_of_being_idle() -> None:
    later = following(IDLE, replace(IDLE, at=NOON + HOUR, idle_since=NOON + HOUR))
    assert later.idle_since == NOON
    assert due_at(later, NOON + 2 * HOUR, 0) == 2
    anew = following(CHARGING, replace(IDLE, at=NOON + HOUR, idle_since=NOON + HOUR))
    assert anew.idle_since == NOON + HOUR


def test_the_next_period_has_its_own_prices() -> None:
    period = Period(
        at=NOON + HOUR, charging=ChargingPrice(kwh=Decimal("0.1"), flat=Decimal("0.05")), idle=IdlePrice()
    )
    anchor = replace(CHARGING, next_period=period)
    assert turned(anchor, NOON + HOUR / 2, 1_235_000) is anchor
    after = turned(anchor, NOON + 2 * HOUR, 1_236_000)
    assert (after.at, after.due, after.next_period) == (NOON + HOUR, Decimal("1.896"), None)
    assert due_at(after, NOON + 2 * HOUR, 1_237_000) == Decimal("1.996")
    idle = turned(replace(IDLE, next_period=period), NOON + 2 * HOUR, 0)
    assert (idle.due, due_at(idle, NOON + 9 * HOUR, 0)) == (Decimal("1.5"), Decimal("1.5"))


@pytest.mark.parametrize(
    ("amount", "decimals", "shown"), [("1.005", 2, "1.01"), ("1.1", 3, "1.100"), ("2.5", 0, "3")]
)
def test_what_is_shown_is_rounded_half_up(amount: str, decimals: int, shown: str) -> None:
    assert str(rounded(Decimal(amount), decimals)) == shown


SEEN = Seen(at=NOON, energy_kwh=Decimal(1), power_kw=Decimal(10), status="Charging")


def due(triggers: Triggers, before: Seen, now: Seen) -> bool:
    _, before = crossed(triggers, None, before)
    return crossed(triggers, before, now)[0]


@pytest.mark.parametrize(
    ("triggers", "now", "is_due"),
    [
        (Triggers(), replace(SEEN, at=NOON + HOUR, energy_kwh=Decimal(9), status="SuspendedEV"), False),
        (Triggers(at=NOON + HOUR), replace(SEEN, at=NOON + HOUR), True),
        (Triggers(at=NOON + HOUR), replace(SEEN, at=NOON + HOUR / 2), False),
        (Triggers(at=NOON - HOUR), replace(SEEN, at=NOON + HOUR), False),
        (Triggers(energy_kwh=Decimal("1.5")), replace(SEEN, energy_kwh=Decimal("1.5")), True),
        (Triggers(energy_kwh=Decimal("1.5")), replace(SEEN, energy_kwh=Decimal("1.4")), False),
        (Triggers(power_kw=Decimal("0.1")), replace(SEEN, power_kw=Decimal(0)), True),
        (Triggers(power_kw=Decimal(10)), replace(SEEN, power_kw=Decimal("9.8")), False),
        (Triggers(power_kw=Decimal(1)), replace(SEEN, power_kw=None), False),
        (Triggers(statuses=frozenset({"SuspendedEV"})), replace(SEEN, status="SuspendedEV"), True),
        (Triggers(statuses=frozenset({"SuspendedEV"})), replace(SEEN, status="Finishing"), False),
    ],
)
def test_when_meter_values_are_due(triggers: Triggers, now: Seen, is_due: bool) -> None:
    assert due(triggers, SEEN, now) is is_due


def test_power_is_crossed_in_both_directions_but_not_by_a_flicker() -> None:
    triggers, seen, found = Triggers(power_kw=Decimal(10)), None, []
    for power in ("20", "9.8", "9.4", "10.2", "10.6", "9.6"):
        is_due, seen = crossed(triggers, seen, replace(SEEN, power_kw=Decimal(power)))
        found.append(is_due)
    assert found == [False, False, True, False, True, False]
