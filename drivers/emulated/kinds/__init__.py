"""The kinds of emulated devices, a file each. A new one: write its file, put its maker into `KINDS`."""

from __future__ import annotations

from typing import Final

from drivers.emulated.behaviour import Maker
from drivers.emulated.kinds.bay_sensor import make_bay_sensor
from drivers.emulated.kinds.charge_controller import make_charge_controller
from drivers.emulated.kinds.dc_charger import make_dc_charger
from drivers.emulated.kinds.dc_supply import make_dc_supply
from drivers.emulated.kinds.isolation_monitor import make_isolation_monitor
from drivers.emulated.kinds.meter import make_meter
from drivers.emulated.kinds.signing_meter import make_signing_meter

KINDS: Final[tuple[Maker, ...]] = (
    make_charge_controller,
    make_dc_charger,
    make_dc_supply,
    make_isolation_monitor,
    make_bay_sensor,
    make_signing_meter,
    make_meter,
)
"""The first whose maker does not return None is taken, so that the more special stand before the general."""
