"""The charge controller's own logic: pilot PWM and contactor (IEC 61851-1). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.emulated.ev import EvSpec, EvState
from drivers.emulated.pilot import (
    DIGITAL_DUTY_BP,
    FAULT_DUTY_BP,
    HIGHEST_MA,
    LOWEST_MA,
    STEADY_DUTY_BP,
    duty_for_current,
)
from drivers.readings import Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerState:
    """What was last written to the controller; after power-up nothing is offered."""

    enabled: bool = False
    available: bool = True
    digital: bool = False
    """Whether the pilot demands digital communication, whatever the limit."""
    limit_ma: int = LOWEST_MA
    phases: Literal[1, 3] = 3
    """How many phases the contactor lets through."""


def pilot_state(controller: ControllerState, ev: EvState) -> Pilot:
    """Return the pilot state that the controller measures."""
    if not controller.available:
        return Pilot.F
    if not ev.plugged:
        return Pilot.A
    return Pilot.C if ev.requests_energy else Pilot.B


def duty_bp(controller: ControllerState, ev: EvState, spec: EvSpec) -> int:
    """Return the duty cycle on the pilot (basis points); the cable's ampacity caps what is offered."""
    if not controller.available:
        return FAULT_DUTY_BP
    if controller.digital and ev.plugged:
        return DIGITAL_DUTY_BP
    limit_ma = min(controller.limit_ma, 1000 * spec.cable_limit_a, HIGHEST_MA)
    if not (controller.enabled and ev.plugged and limit_ma >= LOWEST_MA):
        return STEADY_DUTY_BP
    return duty_for_current(limit_ma)


def told_ma(controller: ControllerState) -> int:
    """Return what a vehicle that speaks is told that it may draw; 0 while nothing is offered.

    The emulated vehicle has no computer of its own: whoever speaks for it hears the same from the station.
    """
    return controller.limit_ma if controller.digital and controller.enabled else 0


def contactor_closed(controller: ControllerState, ev: EvState) -> bool:
    """Tell whether the contactor is closed: on pilot C while enabled, and at no other time."""
    return controller.enabled and pilot_state(controller, ev) is Pilot.C
