"""What a rig does now, in words."""

from __future__ import annotations

from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.device import EmulatedDevice
from drivers.emulated.ev import charged_ppm
from drivers.emulated.modbus_device import ModbusDevice
from drivers.emulated.rig import Rig

MWH_PER_KWH = 1_000_000


def bay_status(rig: Rig, bay: ChargingBay) -> str:
    """Return one line that says what a bay does now, its meters included."""
    scene = bay.scene
    volts = "/".join(f"{voltage_mv / 1000:.1f}" for voltage_mv in scene.measured.voltages_mv)
    amperes = "/".join(f"{current_ma / 1000:.2f}" for current_ma in scene.measured.currents_ma)
    line = (
        f"pilot {scene.state.pilot.value}  "
        f"contactor {'closed' if scene.state.contactor_closed else 'open'}  "
        f"offered {bay.offered_ma / 1000:.1f} A  {volts} V  {amperes} A  "
        f"{sum(scene.measured.powers_mw) / 1_000_000:.3f} kW  "
        f"battery {charged_ppm(bay.ev, scene.state.ev) / 10_000:.1f} %  "
        f"bay {'taken' if scene.state.vehicle_is_there else 'free'}"
    )
    meters = [
        device_status(rig, device)
        for device in rig.devices.values()
        if device.bay is bay and device.profile.kind == "meter"
    ]
    name = [f"{bay.name}:"] if len(rig.bays) > 1 else []
    return "  ".join((*name, line, *meters))


def device_status(rig: Rig, device: EmulatedDevice) -> str:
    """Return what a device has counted, exactly and as its register holds it, and whether it answers."""
    told = [device.name]
    counter = device.behaviour.counter
    if counter is not None:
        told.append(f"{counter.shows_mwh(device.bay.state.passed_mwh) / MWH_PER_KWH:.6f} kWh")
        told += _register(device)
    if not device.answers:
        told.append("silent" if device.powered else "without power")
    return " ".join(told) if len(told) > 1 else f"{device.name} answers at {rig.line_of(device.name).where}"


def _register(device: EmulatedDevice) -> list[str]:
    point = device.profile.find("Energy.Active.Import.Register")
    if point is None or not isinstance(device, ModbusDevice):
        return []
    shown = device.image.shown(point.name)
    return [f"(register {float(str(shown)) / MWH_PER_KWH:.6f})"] if shown is not None else ["(no value)"]
