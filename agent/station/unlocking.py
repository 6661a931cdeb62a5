"""Lets a plug go because the backend asks for it: a driver is stuck (F05)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from agent.station.events import CableReleased
from agent.station.evse import Phase
from agent.station.service import EvseService
from agent.station.station import Station

Unlocking = Literal["Unlocked", "UnlockFailed", "OngoingAuthorizedTransaction", "UnknownConnector"]


async def unlock(station: Station, evse_id: int, connector_id: int, at: datetime) -> Unlocking:
    """Open a connector's bolt, unless somebody charges there (F05.FR.01, F05.FR.02, F05.FR.03).

    Raises:
        StoreError: If it could not be made durable that a kept cable is given back; the bolt stays.
    """
    service = station.evses.get(evse_id)
    if service is None or service.identity.connector_id != connector_id:
        return "UnknownConnector"
    if _is_charging(service):
        return "OngoingAuthorizedTransaction"
    if service.state.kept_for is not None:
        await service.apply(CableReleased(at=at))
    return "Unlocked" if await service.open_bolt() else "UnlockFailed"


def _is_charging(service: EvseService) -> bool:
    state = service.state
    has_session = state.transaction is not None and state.authorization is not None
    return state.phase is Phase.POWERED or has_session
