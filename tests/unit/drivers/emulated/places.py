"""Surroundings for single behaviours: a bay whose time the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from drivers.emulated.behaviour import Note, Surroundings
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.controller import ControllerState
from drivers.emulated.ev import EvSpec
from drivers.emulated.grid import GridSpec
from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile


@dataclass
class Place:
    """A bay with steady mains; `pass_time` is the only way for time to pass."""

    ev: EvSpec = field(default_factory=lambda: EvSpec(reaction_s=0, imbalance=0, power_factor=0.8))
    now_us: int = 0

    def __post_init__(self) -> None:
        grid = GridSpec(wander_v=0, wander_hz=0, resistance_ohm=0)
        self.bay = ChargingBay("bay", clock_us=lambda: self.now_us, ev=self.ev, grid=grid)

    def pass_time(self, seconds: float) -> None:
        self.now_us += round(seconds * 1_000_000)
        self.bay.advance()

    def charge(self, limit_a: int = 16) -> None:
        """Plug in and let the vehicle reach its current."""
        self.bay.plug_in()
        self.bay.control(ControllerState(enabled=True, limit_ma=limit_a * 1000))
        self.pass_time(20)

    def surroundings(
        self, profile: Profile | str, start_mwh: int = 3_000_000, note: Note = lambda *_, **__: None
    ) -> Surroundings:
        return Surroundings(
            name="device",
            profile=load_profile(profile) if isinstance(profile, str) else profile,
            bay=self.bay,
            clock_us=lambda: self.now_us,
            clock_s=lambda: self.now_us / 1e6,
            rng=Random(1),
            start_mwh=start_mwh,
            note=note,
        )
