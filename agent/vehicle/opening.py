"""The output of an EVSE of direct current, from the station file."""

from __future__ import annotations

from decimal import Decimal

from agent.config.hardware import device_address
from agent.config.sections import EvseSection
from agent.station.wiring import NOMINAL_V
from agent.system.clock import StationClock
from agent.vehicle.insulation import InsulationWatch
from agent.vehicle.path import DcPath
from drivers.open import Hardware


def open_path(evse: EvseSection, hardware: Hardware, clock: StationClock) -> DcPath | None:
    """Return what moves supply, isolation monitor and contactor; None for alternating current."""
    if evse.supply is None or evse.isolation_monitor is None:
        return None
    name = f"EVSE {evse.id}"
    monitor = hardware.isolation_monitor(device_address(evse.isolation_monitor))
    return DcPath(
        name,
        hardware.charge_controller(device_address(evse.controller)),
        hardware.dc_supply(device_address(evse.supply)),
        InsulationWatch(name, monitor, clock),
        clock,
        NOMINAL_V * evse.phases * Decimal(str(evse.supply.efficiency)),
    )
