from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.smartcharging.matching import Criteria
from agent.station.priority import PriorityChanged, PriorityCharging
from agent.store import priority
from tests.unit.agent.station.test_external import Told
from tests.unit.agent.station.test_limits import charge, default, limited, offered
from tests.unit.agent.station.test_station import Forecourt


def running(place: Forecourt) -> str:
    transaction = place.state(1).transaction
    assert transaction is not None
    return transaction.id


def profile_of(limit: float, **members: Any) -> Any:
    return default((0, limit), **members)


async def test_it_overrules_the_other_profiles_until_it_ends(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        service, told = place.station.priority, Told()
        service.tell(told)
        await service.restore(place.database)
        await charge(place, 1)
        name = running(place)
        await place.limits.install(profile_of(8, id=1))
        await offered(place, 1, 8)
        assert await service.use("T-unknown", is_wanted=True) == "Rejected"
        assert await service.use(name, is_wanted=True) == "NoProfile"
        await place.limits.install(profile_of(14, id=2, evse_id=0, purpose="PriorityCharging"))
        assert await service.use(name, is_wanted=True) == "Accepted"
        assert await service.use(name, is_wanted=True) == "Accepted"  # is so already
        await offered(place, 1, 14)
        assert await place.database.read(priority.load) == {name}
        assert told.take() == [PriorityChanged(transaction_id=name, is_active=True)]

        again = PriorityCharging(place.limits, lambda: place.station.evses, place.clock)
        await again.restore(place.database)  # after a power cut
        assert place.limits.prioritised == {name}

        await place.limits.clear(Criteria(ids=frozenset({2})))
        await service.tidy()
        await offered(place, 1, 8)
        assert told.take() == [PriorityChanged(transaction_id=name, is_active=False)]


async def test_with_the_transaction_it_ends_without_a_word(tmp_path: Path) -> None:
    async with limited(tmp_path) as place:
        service, told = place.station.priority, Told()
        service.tell(told)
        await service.restore(place.database)
        await place.limits.install(profile_of(14, purpose="PriorityCharging"))
        await charge(place, 1)
        name = running(place)
        assert service.transaction_at(1) == name
        assert await service.use(name, is_wanted=True) == "Accepted"
        told.take()
        await place.station.remote_stop(place.station.evses[1])
        await place.benches[1].until(lambda: place.state(1).transaction is None)
        await service.tidy()
        assert place.limits.prioritised == frozenset()
        assert await place.database.read(priority.load) == frozenset()
        assert told.take() == []
