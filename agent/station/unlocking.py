"""Lets a plug go because the backend asks for it: a driver is stuck (F05)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Literal

from agent.station.events import CableReleased, PlugUnlocked
from agent.station.evse import Phase
from agent.station.service import EvseService
from agent.station.station import Station
from agent.store.database import StoreError

log = logging.getLogger(__name__)

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
    if not await service.open_bolt():
        return "UnlockFailed"
    await _tell(service, at)
    return "Unlocked"


async def _tell(service: EvseService, at: datetime) -> None:
    """Report it if a transaction waits for its driver (E02.FR.17); the plug is loose, told or not."""
    try:
        await service.apply(PlugUnlocked(at=at))
    except StoreError as error:
        log.error("EVSE %d: that its plug was unlocked is not told: %s", service.identity.evse_id, error)


def _is_charging(service: EvseService) -> bool:
    state = service.state
    has_session = state.transaction is not None and state.authorization is not None
    return state.phase is Phase.POWERED or has_session
