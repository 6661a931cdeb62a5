"""ConnectorPhaseRotation: the wiring of all connectors in one text, as "1.RST,2.RST" (OCPP 1.6, 9.1.9)."""

from __future__ import annotations

from typing import Final

from agent.station.station import Station
from agent.variables.checks import ValueRefused
from agent.variables.model import Entry, Place

_VARIABLE: Final = "PhaseRotation"
_WHOLE: Final = "0"
"""Stands for what is between the grid and the station's own meter; here that is as the connectors are."""


def read(station: Station) -> str:
    """Return how the connectors are wired."""
    return ",".join(f"{evse_id}.{station.settings.value(_at(station, evse_id))}" for evse_id in station.evses)


async def write(station: Station, text: str) -> None:
    """Take over how the connectors are wired; the station knows one way for all of them.

    Raises:
        ValueRefused: If it is no such text, names a connector that is not there, or two ways.
        StoreError: If it could not be stored.
    """
    pairs = [part.strip().partition(".") for part in text.split(",")]
    known = {_WHOLE, *map(str, station.evses)}
    rotations = {rotation for _, _, rotation in pairs}
    if any(connector not in known for connector, _, _ in pairs) or len(rotations) != 1:
        raise ValueRefused("expected each connector with the same rotation, such as 1.RST,2.RST")
    await station.settings.write(_at(station, next(iter(station.evses))), rotations.pop())


def _at(station: Station, evse_id: int) -> Entry:
    return station.settings.find("EVSE", _VARIABLE, None, Place(evse_id))
