"""The control pilot's PWM: duty cycle <-> current (IEC 61851-1 Annex A, tables A.7 and A.8).

Duty cycles are whole basis points (1/100 %), currents whole mA, so that nothing is lost between the two.
"""

from __future__ import annotations

STEADY_DUTY_BP = 10_000
"""No PWM: a steady positive voltage, nothing is offered."""
FAULT_DUTY_BP = 0
"""No PWM: steady -12 V (state F)."""

DIGITAL_DUTY_BP = 500
"""Demands digital communication (ISO 15118): what may be drawn is told there."""

LINEAR_FROM_BP = 1_000
LINEAR_TO_BP = 8_500
STEEP_TO_BP = 9_600
LINEAR_MA_PER_BP = 6
STEEP_MA_PER_BP = 25
STEEP_ZERO_BP = 6_400
LOWEST_MA = 6_000
HIGHEST_MA = 80_000
LINEAR_TO_MA = LINEAR_TO_BP * LINEAR_MA_PER_BP


def duty_for_current(current_ma: int) -> int:
    """Return the duty cycle (basis points) that offers at most `current_ma`, rounded down.

    Raises:
        ValueError: If the current is not 6..80 A.
    """
    if not LOWEST_MA <= current_ma <= HIGHEST_MA:
        raise ValueError(f"{current_ma} mA cannot be offered: the pilot codes {LOWEST_MA}..{HIGHEST_MA} mA")
    if current_ma <= LINEAR_TO_MA:
        return current_ma // LINEAR_MA_PER_BP
    return max(LINEAR_TO_BP, current_ma // STEEP_MA_PER_BP + STEEP_ZERO_BP)


def current_for_duty(duty_bp: int) -> int:
    """Return the current (mA) a vehicle may draw at this duty cycle; 0 where it must not charge by PWM.

    That is so outside 8..97 %; 3..7 % demands digital communication (ISO 15118), which this is not.
    """
    if 800 <= duty_bp < LINEAR_FROM_BP:
        return LOWEST_MA
    if LINEAR_FROM_BP <= duty_bp <= LINEAR_TO_BP:
        return duty_bp * LINEAR_MA_PER_BP
    if LINEAR_TO_BP < duty_bp <= STEEP_TO_BP:
        return (duty_bp - STEEP_ZERO_BP) * STEEP_MA_PER_BP
    return HIGHEST_MA if STEEP_TO_BP < duty_bp <= 9_700 else 0
