from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.emulated.controller import ControllerState, contactor_closed, duty_bp, pilot_state
from drivers.emulated.ev import EvSpec, EvState, Seen
from drivers.emulated.pilot import FAULT_DUTY_BP, STEADY_DUTY_BP, duty_for_current
from drivers.readings import Pilot

SPEC = EvSpec(cable_limit_a=32)
ABSENT = EvState()
WAITING = EvState(plugged=True)
ASKING = EvState(plugged=True, acts_on=Seen(duty_for_current(16_000), asks=True))
OFF = ControllerState(limit_ma=16_000)
ON = replace(OFF, enabled=True)


@pytest.mark.parametrize(
    ("controller", "ev", "pilot"),
    [
        (ON, ABSENT, Pilot.A),
        (ON, WAITING, Pilot.B),
        (OFF, ASKING, Pilot.C),
        (ON, ASKING, Pilot.C),
        (replace(ON, available=False), ABSENT, Pilot.F),
        (replace(ON, available=False), ASKING, Pilot.F),
    ],
)
def test_pilot_states(controller: ControllerState, ev: EvState, pilot: Pilot) -> None:
    assert pilot_state(controller, ev) is pilot


@pytest.mark.parametrize("controller", [OFF, ON, replace(ON, available=False)])
@pytest.mark.parametrize("ev", [ABSENT, WAITING, ASKING])
def test_the_contactor_is_closed_on_pilot_c_while_enabled_and_never_else(
    controller: ControllerState, ev: EvState
) -> None:
    assert contactor_closed(controller, ev) == (controller == ON and ev == ASKING)


@pytest.mark.parametrize(
    ("controller", "ev", "duty"),
    [
        (ON, WAITING, duty_for_current(16_000)),
        (replace(ON, limit_ma=63_000), ASKING, duty_for_current(32_000)),
        (replace(ON, limit_ma=5_000), ASKING, STEADY_DUTY_BP),
        (ON, ABSENT, STEADY_DUTY_BP),
        (OFF, WAITING, STEADY_DUTY_BP),
        (replace(ON, available=False), WAITING, FAULT_DUTY_BP),
    ],
    ids=["offers", "cable caps", "below the lowest", "no vehicle", "not enabled", "not available"],
)
def test_the_pwm(controller: ControllerState, ev: EvState, duty: int) -> None:
    assert duty_bp(controller, ev, SPEC) == duty


def test_after_power_up_nothing_is_offered() -> None:
    assert duty_bp(ControllerState(), WAITING, SPEC) == STEADY_DUTY_BP
