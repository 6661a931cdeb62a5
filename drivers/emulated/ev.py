"""An electric vehicle behind its inlet: asks for energy, follows the pilot, fills its battery. Pure.

Inside, times are whole microseconds, currents whole microamperes and energy whole milliwatt-microseconds,
so that no step size makes anything drift.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from drivers.emulated.pilot import DIGITAL_DUTY_BP, STEADY_DUTY_BP, current_for_duty

MW_US_PER_MWH = 3_600_000_000
UA_PER_MA = 1_000
PPM = 1_000_000
PERCENT_PPM = PPM // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EvSpec:
    """What kind of vehicle this is, and the cable it brings."""

    phases: Literal[1, 2, 3] = 3
    onboard_limit_a: float = 32.0
    """Most the on-board charger takes per phase (A)."""
    cable_limit_a: Literal[13, 20, 32, 63] = 32
    """Ampacity that the plug's proximity resistor codes (IEC 61851-1 Annex B)."""
    reaction_s: float = 1.0
    """From a change of the pilot, or of its own wish, until the vehicle acts on it (5 s are allowed)."""
    ramp_a_per_s: float = 4.0
    power_factor: float = 0.985
    imbalance: float = 0.01
    """How much less than the others a phase may draw, as a fraction."""
    battery_kwh: float = 60.0
    stored_kwh: float = 20.0
    """Energy in the battery at the start; when it is full the vehicle stops asking."""
    taper_from: float = 0.8
    """State of charge above which it takes less and less; 1 for a vehicle that never does."""
    taper_to: float = 0.1
    """The fraction of its limit that it still takes just before it is full."""
    dc_battery_v: float = 0.0
    """Voltage of a battery that direct current charges; 0: the vehicle takes alternating current."""

    def __post_init__(self) -> None:
        """Refuse vehicles that cannot exist (ValueError)."""
        checks = {
            "phases": self.phases in {1, 2, 3},
            "onboard_limit_a": 0 < self.onboard_limit_a <= 80,
            "cable_limit_a": self.cable_limit_a in {13, 20, 32, 63},
            "reaction_s": 0 <= self.reaction_s <= 60,
            "ramp_a_per_s": 0 < self.ramp_a_per_s <= 1000,
            "power_factor": 0 < self.power_factor <= 1,
            "imbalance": 0 <= self.imbalance < 1,
            "battery_kwh": self.battery_kwh > 0,
            "stored_kwh": 0 <= self.stored_kwh <= self.battery_kwh,
            "taper_from": 0 < self.taper_from <= 1,
            "taper_to": 0 < self.taper_to <= 1,
            "dc_battery_v": 0 <= self.dc_battery_v <= 1500,
        }
        for name, holds in checks.items():
            if not holds:
                raise ValueError(f"{name}: {getattr(self, name)} is out of range")

    @property
    def is_dc(self) -> bool:
        """Whether it charges with direct current."""
        return self.dc_battery_v > 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the vehicle bases its behaviour on: the pilot's duty cycle and whether it wants energy itself.

    `told_ma`: what it is told that it may draw, where the pilot leaves that to digital communication.
    """

    duty_bp: int
    asks: bool
    told_ma: int = 0

    @property
    def may_draw_ma(self) -> int:
        """The current that it may draw by what it sees and hears."""
        return self.told_ma if self.duty_bp == DIGITAL_DUTY_BP else current_for_duty(self.duty_bp)


UNPLUGGED_SEES = Seen(STEADY_DUTY_BP, asks=False)


Cable = Literal["untested", "under test", "tested", "connected"]
"""Of a vehicle on direct current: the first voltage at its inlet is the test of the cable, which it only
watches; for the next one it has closed its contactors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvState:
    """A vehicle at one moment."""

    plugged: bool = False
    paused: bool = False
    asked: bool = False
    """Whether its computer wants S2 closed before anything is offered to it over digital communication."""
    cable: Cable = "untested"
    """How far it is with direct current."""
    acts_on: Seen = UNPLUGGED_SEES
    """What it has reacted to; the world may already look different."""
    unnoticed_us: int = 0
    """For how long the world has looked different."""
    drawn_ua: int = 0
    """Current per used phase, before imbalance (uA)."""
    stored_mw_us: int = 0

    @property
    def requests_energy(self) -> bool:
        """Whether the vehicle has closed S2, which turns pilot B into pilot C."""
        is_invited = self.acts_on.duty_bp == DIGITAL_DUTY_BP or self.acts_on.may_draw_ma > 0
        return self.plugged and self.acts_on.asks and is_invited


def parked(spec: EvSpec) -> EvState:
    """Return the vehicle beside the charging station, not plugged in."""
    return EvState(stored_mw_us=round(spec.stored_kwh * 1_000_000) * MW_US_PER_MWH)


def plug_in(ev: EvState) -> EvState:
    """Put the plug into the inlet."""
    return ev if ev.plugged else replace(ev, plugged=True, acts_on=UNPLUGGED_SEES, unnoticed_us=0)


def unplug(ev: EvState) -> EvState:
    """Pull the plug, at any moment: the current is zero at once."""
    return replace(
        ev, plugged=False, asked=False, cable="untested", acts_on=UNPLUGGED_SEES, unnoticed_us=0, drawn_ua=0
    )


def wants_energy(spec: EvSpec, ev: EvState) -> bool:
    """Tell whether the vehicle would charge if it could: not paused, not full."""
    return not ev.paused and ev.stored_mw_us < round(spec.battery_kwh * 1_000_000) * MW_US_PER_MWH


def sees(spec: EvSpec, ev: EvState, duty_bp: int, told_ma: int = 0) -> Seen:
    """Return what the vehicle makes of this pilot, and of what it is told over digital communication.

    There it closes S2 when it is told that it may draw something, or when its computer says so; on direct
    current at once, for nothing flows before the vehicle's own contactors close.
    """
    is_digital = duty_bp == DIGITAL_DUTY_BP
    is_called = not is_digital or ev.asked or told_ma > 0 or spec.is_dc
    return Seen(duty_bp, wants_energy(spec, ev) and is_called, told_ma if is_digital else 0)


def step(spec: EvSpec, ev: EvState, *, duty_bp: int, supplied: bool, dt_us: int, told_ma: int = 0) -> EvState:
    """Let `dt_us` pass under this pilot; without supply (contactor open) no current flows."""
    if not ev.plugged:
        return ev
    ev = _notice(spec, ev, sees(spec, ev, duty_bp, told_ma), dt_us)
    if not supplied:
        return replace(ev, drawn_ua=0)
    return replace(ev, drawn_ua=_ramp(ev.drawn_ua, _target_ua(spec, ev), _ramp_ua(spec, dt_us)))


def feel(ev: EvState, *, is_reached: bool, has_voltage: bool) -> EvState:
    """Let direct voltage stand at the inlet, or none: it may be the test of the cable, or what comes then.

    With the station's contactor open the vehicle is not reached, and begins anew.
    """
    if not (ev.requests_energy and is_reached):
        return replace(ev, cable="untested") if ev.cable != "untested" else ev
    return replace(ev, cable=_CABLE[ev.cable, has_voltage])


_CABLE: Final[dict[tuple[Cable, bool], Cable]] = {
    ("untested", False): "untested",
    ("untested", True): "under test",
    ("under test", True): "under test",
    ("under test", False): "tested",
    ("tested", False): "tested",
    ("tested", True): "connected",
    ("connected", True): "connected",
    ("connected", False): "tested",
}


def settled(spec: EvSpec, ev: EvState, *, duty_bp: int, supplied: bool, told_ma: int = 0) -> bool:
    """Tell whether nothing but the battery's charge will change while the world stays as it is."""
    if not ev.plugged:
        return True
    target_ua = _target_ua(spec, ev) if supplied else 0
    return ev.acts_on == sees(spec, ev, duty_bp, told_ma) and ev.drawn_ua == target_ua


def _notice(spec: EvSpec, ev: EvState, seen: Seen, dt_us: int) -> EvState:
    if seen == ev.acts_on:
        return replace(ev, unnoticed_us=0) if ev.unnoticed_us else ev
    waited_us = ev.unnoticed_us + dt_us
    if waited_us < round(spec.reaction_s * 1_000_000):
        return replace(ev, unnoticed_us=waited_us)
    return replace(ev, acts_on=seen, unnoticed_us=0)


def _target_ua(spec: EvSpec, ev: EvState) -> int:
    """Return the current it steers to; a vehicle that wants no more reduces it before it opens S2."""
    if spec.is_dc or not (ev.requests_energy and wants_energy(spec, ev)):
        return 0
    limit_ma = min(round(spec.onboard_limit_a * 1000), spec.cable_limit_a * 1000)
    tapered_ma = limit_ma * _taper_ppm(spec, ev) // PPM
    return min(tapered_ma, ev.acts_on.may_draw_ma) * UA_PER_MA


def charged_ppm(spec: EvSpec, ev: EvState) -> int:
    """Return the state of charge in millionths."""
    return ev.stored_mw_us * PPM // (round(spec.battery_kwh * 1_000_000) * MW_US_PER_MWH)


def _taper_ppm(spec: EvSpec, ev: EvState) -> int:
    """Return how much of its limit the vehicle takes at this state of charge, in millionths.

    It changes with every percent, so that between two of them the current is steady.
    """
    begins_ppm = round(spec.taper_from * PPM)
    above_ppm = (charged_ppm(spec, ev) - begins_ppm) // PERCENT_PPM * PERCENT_PPM
    if above_ppm <= 0 or begins_ppm == PPM:
        return PPM
    return PPM - round((1 - spec.taper_to) * PPM) * min(PPM, above_ppm * PPM // (PPM - begins_ppm)) // PPM


def _ramp_ua(spec: EvSpec, dt_us: int) -> int:
    return round(spec.ramp_a_per_s * 1000) * dt_us // 1000


def _ramp(now_ua: int, target_ua: int, most_ua: int) -> int:
    return min(target_ua, now_ua + most_ua) if now_ua < target_ua else max(target_ua, now_ua - most_ua)
