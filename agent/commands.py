"""What the running agent does for a technician who asks over the control socket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.authorization.by_hand import list_commands, token_of
from agent.authorization.readers import ReaderService
from agent.csms.absent import Backend
from agent.station.limits_by_hand import limit_commands
from agent.station.needs_by_hand import needs_commands
from agent.station.priority_by_hand import priority_commands
from agent.station.quota_by_hand import quota_commands
from agent.station.station import Station
from agent.station.tariff_by_hand import tariff_commands
from agent.status import reader_status, snapshot
from agent.store import outbox
from agent.store.database import Database, StoreError
from agent.system.control import Command, ControlError, UnknownEvse
from agent.variables.model import STATION, DeviceModel, Place


def commands(
    station_id: str,
    station: Station,
    client: Backend,
    settings: DeviceModel,
    readers: Sequence[ReaderService],
    database: Database,
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

    own: dict[str, Command] = {"status": status, "tap": tap, "variables": variables}
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
