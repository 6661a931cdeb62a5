"""Gives an EVSE what it has besides a meter and a charge controller, from the station file."""

from __future__ import annotations

from agent.config.hardware import device_address, lock_address
from agent.config.sections import EvseSection
from agent.metering.notary import Notary
from agent.station.service import EvseService
from drivers.open import Hardware


def equip(service: EvseService, section: EvseSection, hardware: Hardware, station_id: str) -> None:
    """Give the service whatever the station file says that it has, such as a lock."""
    if (address := lock_address(section)) is not None:
        service.hold_with(hardware.lock(address))
    if section.phase_switch:
        switch = section.controller if section.phase_switch is True else section.phase_switch
        service.switch_phases_with(hardware.phase_switch(device_address(switch)))
    if (link := section.iso15118) is not None:
        address = device_address(section.controller)
        service.listen(
            basic_after_s=None if section.connector.is_dc else link.basic_after_s,
            pilot=hardware.digital_pilot(address) if link.pilot == "controller" else None,
        )
    if section.bay_sensor is not None:
        sensor = hardware.bay_sensor(device_address(section.bay_sensor))
        service.watch_bay_with(
            sensor, settle_s=section.bay_sensor.settle_s, is_inverted=section.bay_sensor.inverted
        )
    if section.signed:
        meter = hardware.signed_meter(device_address(section.meter))
        notary = Notary(f"meter of EVSE {section.id}", meter)
        service.sign_with(notary, f"{station_id}*{section.id}")
