from __future__ import annotations

from decimal import Decimal

import pytest

from agent.metering.phases import STEADY_S, PhaseCount, phases_drawn
from drivers.readings import Instant, MeterReading, Phase, Reading
from tests.unit.agent.hardware import START, reading

AT = Instant(1000.0, START)


def meter(*currents_a: str | None, phases: tuple[Phase | None, ...] = ("L1", "L2", "L3")) -> MeterReading:
    """A reading with these currents."""
    readings: tuple[Reading, ...] = tuple(
        reading("Current.Import", None if a is None else Decimal(a), "A", phase=phase, at=AT)
        for phase, a in zip(phases, currents_a, strict=False)
    )
    return MeterReading(readings=readings, taken_at=AT)


@pytest.mark.parametrize(
    ("currents_a", "count"),
    [
        (("16", "15.9", "16"), 3),
        (("0.2", "16", "0"), 1),
        (("6", "6", None), 2),
        (("16",), 1),
        (("0", "0.4", "0.1"), None),
        ((), None),
    ],
)
def test_phases_that_carry_current_count(currents_a: tuple[str | None, ...], count: int | None) -> None:
    assert phases_drawn(meter(*currents_a)) == count


def test_a_meter_that_does_not_tell_phases_apart() -> None:
    assert phases_drawn(meter("16", phases=(None,))) is None


def test_a_count_is_believed_once_it_is_steady() -> None:
    steady = PhaseCount()
    assert steady.note(1, 0.0) is None
    assert steady.note(3, 5.0) is None, "it has just changed"
    assert steady.note(3, 5.0 + STEADY_S / 2) is None
    assert steady.note(3, 5.0 + STEADY_S) == 3
    assert steady.note(None, 30.0) is None
    assert steady.note(None, 90.0) is None
