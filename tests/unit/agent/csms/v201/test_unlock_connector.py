from __future__ import annotations

import asyncio
from pathlib import Path

from agent.csms.v201.unlock_connector import handle
from agent.station.events import Unplugged
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office
from tests.unit.agent.hardware import MemoryLock
from tests.unit.agent.station.test_station import ANNA, CARL


async def unlock(office: Office, evse_id: int = 1, connector_id: int = 1) -> str:
    request = v201.UnlockConnectorRequest(evse_id=evse_id, connector_id=connector_id)
    response = (await handle(request, office.context)).response
    assert isinstance(response, v201.UnlockConnectorResponse)
    return response.status


async def test_what_cannot_be_unlocked(tmp_path: Path) -> None:
    """F05.FR.02, F05.FR.03, F05.FR.05."""
    async with office(tmp_path) as backend:
        assert await unlock(backend, evse_id=3) == "UnknownConnector"
        assert await unlock(backend, connector_id=2) == "UnknownConnector"
        assert await unlock(backend) == "UnlockFailed", "there is no lock"
        await backend.place.plug(1)
        await backend.place.accepted(ANNA, 1)
        assert await unlock(backend) == "OngoingAuthorizedTransaction"


async def test_a_kept_cable_is_given_back(tmp_path: Path) -> None:
    """F05.FR.01: nobody has to come for it with the token then; not if that cannot be stored."""
    async with office(tmp_path) as backend:
        service = backend.place.station.evses[1]
        service.hold_with(MemoryLock(backend.place.clock))
        assert service.lock is not None
        bolting = asyncio.create_task(service.lock.run())
        await backend.place.plug(1)
        await backend.place.accepted(ANNA, 1)
        await service.apply(Unplugged(at=backend.place.clock.now(), keeps_cable=True))
        assert await backend.place.refused(CARL, 1) == "another driver's transaction or cable is still there"
        backend.place.benches[1].journal.is_full = True
        assert await unlock(backend) == "UnlockFailed"
        assert backend.place.state(1).kept_for is not None
        backend.place.benches[1].journal.is_full = False
        assert await unlock(backend) == "Unlocked"
        assert backend.place.state(1).kept_for is None
        bolting.cancel()
