"""What the running agent says of itself: to technicians, to systemd, and in live variables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from agent.authorization.authorizer import Authorizer
from agent.authorization.readers import ReaderService
from agent.config.sections import Config
from agent.costs.records import Cost
from agent.csms.absent import Backend
from agent.station.faults import YOUNG_S
from agent.station.service import EvseService
from agent.station.station import Station
from agent.station.wiring import NOMINAL_V
from agent.system.clock import StationClock
from agent.system.zone import next_transition, offset_text, system_zone
from agent.variables.checks import ValueRefused
from agent.variables.model import DeviceModel, Place
from drivers.readings import MeterReading, Quality, Reading

_UNLOCKS = "OCPPCommCtrlr.UnlockOnEVSideDisconnect"


def snapshot(
    station: Station, client: Backend, station_id: str, waiting: int, set_aside: int
) -> Mapping[str, Any]:
    """Return everything a technician wants to see first."""
    return {
        "station": station_id,
        "backend": client.state,
        "outbox": {"waiting": waiting, "set_aside": set_aside},
        "evses": [
            {**_evse(service), "cost": _cost(station.costs.at(evse_id))}
            for evse_id, service in station.evses.items()
        ],
    }


def _cost(cost: Cost | None) -> Mapping[str, Any] | None:
    if cost is None:
        return None
    return {
        "transaction": cost.transaction_id,
        "total": f"{cost.total:f}",
        "currency": cost.currency,
        "is_final": cost.is_final,
        "at": cost.at.isoformat(timespec="seconds"),
    }


def reader_status(reader: ReaderService) -> Mapping[str, Any]:
    """Return what a technician wants to know of a card reader."""
    return {"reader": reader.name, "evse": reader.evse_id, "problem": reader.problem}


def _evse(service: EvseService) -> Mapping[str, Any]:
    state = service.state
    transaction = state.transaction
    return {
        "evse": service.identity.evse_id,
        "status": service.status,
        "phase": state.phase.value,
        "pilot": state.pilot.value,
        "fault": state.fault,
        "bay": None if service.bay is None else "taken" if state.has_vehicle else "free",
        "charging_state": state.charging_state,
        "limit_a": service.limit_a,
        "transaction": None if transaction is None else transaction.id,
        "tariff": None if service.pricing.bill is None else service.pricing.bill.tariff.id,
        "token": None if state.authorization is None else state.authorization.token.id,
        "meter": _meter(service),
    }


def _meter(service: EvseService) -> Mapping[str, Any] | None:
    """Return what the meter said, each part with its own age; nothing here is younger than it is."""
    meter = service.meter
    reading = meter.last
    if reading is None:
        return None
    energy = None if meter.counted is None else meter.counted.energy_import_mwh
    return {
        "age_s": round(meter.age_s(), 1),
        "energy_wh": None if energy is None else energy // 1000,
        "energy_age_s": None if energy is None else round(meter.count_age_s(), 1),
        "serial_number": reading.register.serial_number,
        "values": _values(reading, Quality.GOOD),
        "suspect": _values(reading, Quality.SUSPECT),
        "problems": [problem.value for problem in meter.problems],
        "polls": meter.counters.polls,
        "failed": meter.counters.failed,
        "suspect_polls": {problem.value: count for problem, count in meter.counters.suspect.items()},
        "breaks": {kind.value: count for kind, count in meter.counters.breaks.items()},
    }


def _values(reading: MeterReading, quality: Quality) -> Mapping[str, float]:
    return {
        _name(item): float(item.value)
        for item in reading.readings
        if item.value is not None and item.quality is quality
    }


def _name(reading: Reading) -> str:
    phase = "" if reading.phase is None else f" {reading.phase}"
    return f"{reading.measurand}{phase} [{reading.unit}]"


def describe(station: Station, client: Backend) -> str:
    """Return one line for systemd's STATUS."""
    evses = ", ".join(f"EVSE {number} {service.status}" for number, service in station.evses.items())
    return f"backend {client.state}; {evses}"


def live_variables(settings: DeviceModel, station: Station, config: Config, clock: StationClock) -> None:
    """Let the device model answer with what is true now."""
    about = config.station
    fixed = {
        "ChargingStation.Model": about.model,
        "ChargingStation.VendorName": about.vendor,
        "ChargingStation.SerialNumber": about.serial,
        "ChargingStation.FirmwareVersion": about.firmware,
        "ChargingStation.SupplyPhases": str(about.supply_phases),
    }
    for name, value in fixed.items():
        settings.provide(name, partial(str, value))
    _clock_variables(settings, clock)
    _authorization_figures(settings, station.authorizer)
    _locks(settings, station, config)
    _bays(settings, station)
    settings.provide("SmartChargingCtrlr.Phases3to1", partial(_can_switch, station))
    settings.provide("ChargingStation.AvailabilityState", lambda: _availability(station))
    settings.provide("ChargingStation.Problem", lambda: _problem(*station.evses.values()))
    for evse in config.evse:
        service = station.evses[evse.id]
        at_evse, at_connector = Place(evse.id), Place(evse.id, 1)
        for name, place in (("EVSE", at_evse), ("Connector", at_connector)):
            settings.provide(f"{name}.AvailabilityState", partial(_status, service), place)
            settings.provide(f"{name}.SupplyPhases", partial(_phases, service, evse.phases), place)
        settings.provide("EVSE.Problem", partial(_problem, service), at_evse)
        most_w = NOMINAL_V * evse.phases * evse.max_current_a
        settings.provide("EVSE.Power", partial(_power_w, service), at_evse, maximum=most_w)
        settings.provide("Connector.ConnectorType", partial(str, evse.connector.type), at_connector)


def _clock_variables(settings: DeviceModel, clock: StationClock) -> None:
    zone = system_zone()

    def transition() -> str:
        found = next_transition(zone, clock.now())
        return "" if found is None else _time_text(found)

    settings.provide("ClockCtrlr.DateTime", lambda: _time_text(clock.now()))
    settings.provide("ClockCtrlr.TimeOffset", lambda: offset_text(zone, clock.now()))
    settings.provide("ClockCtrlr.TimeZone", lambda: "" if zone is None else zone.key)
    settings.provide("ClockCtrlr.NextTimeOffsetTransitionDateTime", transition)


def _time_text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _authorization_figures(settings: DeviceModel, authorizer: Authorizer) -> None:
    local_list, cache = authorizer.local_list, authorizer.cache
    settings.provide(
        "LocalAuthListCtrlr.Entries", lambda: str(local_list.figures.entries), maximum=local_list.most_entries
    )
    settings.provide(
        "LocalAuthListCtrlr.Storage",
        lambda: str(local_list.figures.size_bytes),
        maximum=local_list.most_bytes,
    )
    settings.provide("AuthCacheCtrlr.Storage", lambda: str(cache.size_bytes), maximum=cache.most_bytes)


def _locks(settings: DeviceModel, station: Station, config: Config) -> None:
    """Say how the bolts are; where there is none, nothing can be said about unlocking either."""
    for evse_id, service in station.evses.items():
        place = Place(evse_id, service.identity.connector_id)
        for name, says in (("Available", _has_lock), ("Active", _is_held), ("Problem", _lock_has_failed)):
            settings.provide(f"ConnectorPlugRetentionLock.{name}", partial(says, service), place)
    if all(service.lock is None for service in station.evses.values()):
        fixed = "true" if _has_sockets(config) else "false"
        settings.provide(_UNLOCKS, partial(str, fixed))
        settings.guard(_UNLOCKS, _refuse_unlocking)


def _bays(settings: DeviceModel, station: Station) -> None:
    """Say what stands in the bays, as far as sensors look."""
    for evse_id, service in station.evses.items():
        place = Place(evse_id)
        settings.provide("BayOccupancySensor.Available", partial(_has_sensor, service), place)
        settings.provide("BayOccupancySensor.Active", partial(_has_vehicle, service), place)
        settings.provide("BayOccupancySensor.Problem", partial(_is_blind, service), place)


def _phases(service: EvseService, wired: int) -> str:
    """Return how many phases a vehicle is connected to."""
    return str(wired if service.phases is None else service.phases.position)


def _can_switch(station: Station) -> str:
    return "true" if any(service.phases is not None for service in station.evses.values()) else "false"


def _has_sensor(service: EvseService) -> str:
    return "false" if service.bay is None else "true"


def _has_vehicle(service: EvseService) -> str:
    return "true" if service.state.has_vehicle else "false"


def _is_blind(service: EvseService) -> str:
    return "true" if service.bay is not None and service.bay.has_failed else "false"


def _refuse_unlocking(_: str) -> None:
    raise ValueRefused(f"{_UNLOCKS} cannot be changed: this station has no lock")


def _has_lock(service: EvseService) -> str:
    return "false" if service.lock is None else "true"


def _is_held(service: EvseService) -> str:
    return "true" if service.state.bolt == "held" else "false"


def _lock_has_failed(service: EvseService) -> str:
    return "true" if service.lock is not None and service.lock.has_failed else "false"


def _has_sockets(config: Config) -> bool:
    return any(not evse.connector.has_fixed_cable for evse in config.evse)


def _availability(station: Station) -> str:
    """Return Available if any EVSE is, else what they all are, else Occupied."""
    found = {service.status for service in station.evses.values()}
    if "Available" in found:
        return "Available"
    return found.pop() if len(found) == 1 else "Occupied"


def _status(service: EvseService) -> str:
    return service.status


def _problem(*services: EvseService) -> str:
    return "true" if any(service.state.fault is not None for service in services) else "false"


def _power_w(service: EvseService) -> str:
    """Return the power now, or nothing if the meter does not say it now."""
    if service.meter.last is None or service.meter.age_s() > YOUNG_S:
        return ""
    reading = service.meter.last.find("Power.Active.Import")
    return "" if reading is None or reading.value is None else str(round(reading.value))
