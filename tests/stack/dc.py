"""A place to charge with direct current: supply, isolation monitor, contactor and meter, each on a line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.ev import EvSpec
from drivers.emulated.kinds.dc_supply import DcSupply
from drivers.emulated.lines import TcpLine
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import BaySpec, DeviceSpec, RigSpec, TcpSpec
from drivers.open import DeviceAddress

PROFILES: Final = Path(__file__).parent / "profiles"
DEVICES: Final = {
    "controller": "phoenix-em-cp-pp-eth",
    "supply": "vehicle-supply",
    "monitor": "bender-isocha425hv",
    "meter": "eastron-sdm630",
}
VEHICLE: Final = EvSpec(reaction_s=0, dc_battery_v=400)


@dataclass(frozen=True)
class DcPlace:
    """The rig, and where its devices are."""

    rig: Rig

    @property
    def bay(self) -> ChargingBay:
        """The bay."""
        return next(iter(self.rig.bays.values()))

    @property
    def supply(self) -> DcSupply:
        """The supply."""
        behaviour = self.rig.devices["supply"].behaviour
        assert isinstance(behaviour, DcSupply)
        return behaviour

    @property
    def current_a(self) -> float:
        """What the vehicle takes."""
        feed = self.bay.state.feed
        return 0.0 if feed is None else feed.current_ma / 1000

    def silence(self, name: str, *, silent: bool = True) -> None:
        """Let a device not answer, or answer again."""
        self.rig.devices[name].silent = silent

    def port(self, name: str) -> int:
        """Return the port that a device listens on."""
        line = self.rig.lines[name]
        assert isinstance(line, TcpLine)
        return line.port

    def address(self, name: str) -> DeviceAddress:
        """Return a device's address, as the drivers take it."""
        return DeviceAddress(profile=DEVICES[name], host="127.0.0.1", tcp_port=self.port(name))


@asynccontextmanager
async def dc_place(ev: EvSpec = VEHICLE, *, speed: float = 1.0) -> AsyncIterator[DcPlace]:
    """A place to charge while it is entered."""
    spec = RigSpec(
        lines={name: TcpSpec() for name in DEVICES},
        devices={name: DeviceSpec(profile=profile, line=name) for name, profile in DEVICES.items()},
        bays={"bay": BaySpec(ev=ev)},
        speed=speed,
        profiles=PROFILES,
    )
    async with Rig(spec) as rig:
        yield DcPlace(rig)
