from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.emulated.grid import Grid, GridSpec

times_us = st.integers(0, 10**13)


@given(st.integers(0, 2), times_us, st.integers(0, 100))
def test_voltage_and_frequency_wander_within_their_limits(phase: int, elapsed_us: int, seed: int) -> None:
    grid = Grid(GridSpec(voltage_v=230, wander_v=2, frequency_hz=50, wander_hz=0.03), seed)
    assert 228_000 <= grid.voltage_mv(phase, elapsed_us, 0) <= 232_000
    assert 49_970 <= grid.frequency_mhz(elapsed_us) <= 50_030


@given(times_us)
def test_the_voltage_sags_under_load(elapsed_us: int) -> None:
    grid = Grid(GridSpec(resistance_ohm=0.3), 1)
    assert abs(grid.voltage_mv(0, elapsed_us, 0) - grid.voltage_mv(0, elapsed_us, 16_000) - 4_800) <= 1


def test_it_does_wander_and_phases_differ() -> None:
    grid = Grid(GridSpec(), 1)
    assert len({grid.voltage_mv(phase, at * 10_000_000, 0) for phase in range(3) for at in range(10)}) > 20


def test_the_seed_decides() -> None:
    voltages = [Grid(GridSpec(), seed).voltage_mv(0, 0, 0) for seed in (1, 1, 2)]
    assert voltages[0] == voltages[1] != voltages[2]


def test_a_short_circuit_does_not_make_the_voltage_negative() -> None:
    assert Grid(GridSpec(resistance_ohm=10), 1).voltage_mv(0, 0, 80_000) == 0
