"""Three layers of service: the station over its EVSEs over their connectors, each remembered by itself.

An EVSE that was taken out of service stays so when the whole station is taken out and put back (G04.FR.06).
"""

from __future__ import annotations

from collections.abc import Set

from agent.variables.model import STATION, Place

Closed = Set[Place]
"""The places that the operator took out of service; every other one is in service."""


def is_closed(closed: Closed, evse_id: int, connector_id: int) -> bool:
    """Return whether anything above a connector, or the connector itself, is out of service."""
    return not closed.isdisjoint((STATION, Place(evse_id), Place(evse_id, connector_id)))


def covers(place: Place, evse_id: int, connector_id: int) -> bool:
    """Return whether a connector belongs to a place."""
    return place in (STATION, Place(evse_id), Place(evse_id, connector_id))
