"""What the running agent does for a technician who asks over the control socket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.authorization.by_hand import list_commands, token_of
from agent.authorization.readers import ReaderService
from agent.csms.absent import Backend
from agent.metering.metrics import exposition as meter_exposition
from agent.station.limits_by_hand import limit_commands
from agent.station.needs_by_hand import needs_commands
from agent.station.priority_by_hand import priority_commands
from agent.station.quota_by_hand import quota_commands
from agent.station.station import Station
from agent.station.tariff_by_hand import tariff_commands
from agent.status import reader_status, snapshot
from agent.store import facts, notices, outbox
from agent.store.database import Database, StoreError
from agent.store.keeper import Figures
from agent.store.metrics import exposition as outbox_exposition
from agent.store.metrics import state_exposition
from agent.system.control import Command, ControlError, UnknownEvse
from agent.system.metrics import exposition as bus_exposition
from agent.variables.model import STATION, DeviceModel, Place
from drivers.open import Hardware


def commands(
    station_id: str,
    station: Station,
    client: Backend,
    settings: DeviceModel,
    hardware: Hardware,
    readers: Sequence[ReaderService],
    database: Database,
    outbox_figures: Figures,
) -> dict[str, Command]:
    """Return everything that may be asked, by name."""

    async def status(_: Mapping[str, Any]) -> Mapping[str, Any]:
        waiting, aside = await database.read(outbox.count)
        told = snapshot(station, client, station_id, waiting, aside)
        return {**told, "readers": [reader_status(reader) for reader in readers]}

    async def tap(request: Mapping[str, Any]) -> Mapping[str, Any]:
        token, evse_id = token_of(request), request.get("evse")
        if evse_id is not None and (not isinstance(evse_id, int) or evse_id not in station.evses):
            raise UnknownEvse(evse_id, station.evses)
        try:
            outcome = await station.tap(token, evse_id)
        except StoreError as error:
            raise ControlError(str(error)) from error
        return {"accepted": outcome.is_accepted, "why": outcome.why, "evse": outcome.evse_id}

    async def variables(_: Mapping[str, Any]) -> Mapping[str, Any]:
        shown: dict[str, Any] = {}
        for entry in settings:
            name, place = entry.variable.name, entry.place
            if entry.variable.mutability == "WriteOnly":
                continue
            if place == STATION:
                shown[name] = settings.value(entry)
            else:
                shown.setdefault(name, {})[_place(place)] = settings.value(entry)
        return shown

    async def metrics(_: Mapping[str, Any]) -> Mapping[str, Any]:
        meters = {evse_id: service.meter.counters for evse_id, service in station.evses.items()}
        buses = bus_exposition(bus.metrics() for bus in hardware.buses)
        state = state_exposition(await database.read(notices.count), await database.read(facts.run_counts))
        own = meter_exposition(meters) + outbox_exposition(outbox_figures) + state
        return {"text": buses + own + client.metrics()}

    own: dict[str, Command] = {"status": status, "tap": tap, "variables": variables, "metrics": metrics}
    return (
        own
        | list_commands(station.authorizer.local_list)
        | limit_commands(station.external)
        | needs_commands(station.negotiation, station.evses)
        | priority_commands(station.priority)
        | quota_commands(station.evses)
        | tariff_commands(station)
    )


def _place(place: Place) -> str:
    """Return where a variable is: the EVSE's number, and the connector's; or which slot it is of."""
    if place.instance is not None:
        return place.instance
    return str(place.evse_id) if place.connector_id is None else f"{place.evse_id}.{place.connector_id}"
