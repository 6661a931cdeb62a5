"""Emulated hardware for a site: the place to charge at with its meter, and the station file about it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from drivers.emulated.bay import ENERGY, METER, EmulatedBay
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig
from tests.conformance.dc_station import EVSE_KEYS, SECTIONS
from tests.stack.agent import StationSpec, vehicle_link, write_station_file
from tests.stack.dc import DEVICES, PROFILES, DcPlace, dc_place

Kind = Literal["AC", "DC"]
SPEED: Final = 30
"""A short session has to be worth billing."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """A place to charge at."""

    rig: Rig
    write: Callable[[StationSpec], object]
    """Writes the station file."""

    @property
    def bay(self) -> ChargingBay:
        """The place with its vehicle."""
        return next(iter(self.rig.bays.values()))

    @property
    def register_wh(self) -> int:
        """What the meter's register shows, rounded down as the agent does (Wh)."""
        meter = self.rig.devices[METER]
        assert isinstance(meter, ModbusDevice)
        point = meter.profile.find(ENERGY)
        assert point is not None
        shown = meter.image.shown(point.name)
        assert isinstance(shown, Decimal)
        return int(shown) // 1000

    @property
    def is_closed(self) -> bool:
        """Whether the contactor is."""
        return self.bay.state.contactor_closed

    @property
    def power_w(self) -> float:
        """What the meter sees flow."""
        return sum(self.bay.scene.measured.powers_mw) / 1000


@asynccontextmanager
async def hardware(kind: Kind) -> AsyncIterator[Hardware]:
    """Run it while it is entered."""
    if kind == "AC":
        async with EmulatedBay(speed=SPEED) as bay:
            yield Hardware(bay.rig, lambda spec: write_station_file(spec, [bay]))
    else:
        async with dc_place(speed=SPEED) as place:
            yield Hardware(place.rig, lambda spec: _write_dc(spec, place))


def _write_dc(spec: StationSpec, place: DcPlace) -> None:
    path = write_station_file(spec, [])
    devices = "".join(
        f'\n[evse.{section}]\nprofile = "{DEVICES[name]}"\nhost = "127.0.0.1"\n'
        f"tcp_port = {place.port(name)}\n"
        for section, name in SECTIONS.items()
    )
    head = f'profiles_directory = "{PROFILES}"\n'
    path.write_text(head + path.read_text("utf-8") + EVSE_KEYS + devices + vehicle_link(spec), "utf-8")
