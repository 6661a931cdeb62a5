from __future__ import annotations

from pathlib import Path
from typing import Any

from agent.store import collected
from tests.unit.agent.station.test_limits import charge
from tests.unit.agent.station.test_station import forecourt

REGISTER = "Energy.Active.Import.Register"


async def test_what_is_collected_comes_between_the_first_and_the_last_value(tmp_path: Path) -> None:
    """J02.FR.04: sampled and clock-aligned, in the order of time; nothing stays behind."""
    settings: dict[str, Any] = {
        "SampledDataCtrlr__TxEndedInterval": "10",
        "SampledDataCtrlr__TxEndedMeasurands": REGISTER,
        "AlignedDataCtrlr__TxEndedInterval": "60",
        "AlignedDataCtrlr__TxEndedMeasurands": REGISTER,
        "SampledDataCtrlr__TxUpdatedInterval": "0",
    }
    async with forecourt(tmp_path, **settings) as place:
        await charge(place, 1)
        transaction = place.state(1).transaction
        assert transaction is not None

        async def count() -> int:
            found = await place.database.read(lambda opened: collected.load(opened, transaction.id))
            return len(found)

        for wanted in range(1, 4):
            place.clock.advance(3 * 60)
            await place.benches[1].until(lambda: place.station.evses[1].meter.age_s() < 5)
            while await count() < wanted:
                await place.benches[1].until(lambda: True)
        service = place.station.evses[1]
        await place.station.remote_stop(service)
        await place.benches[1].until(lambda: service.state.transaction is None)
        (ended,) = [event for event in await place.events() if event.kind == "Ended"]
        contexts = [sample.context for sample in ended.samples]
        assert (contexts[0], contexts[-1]) == ("Transaction.Begin", "Transaction.End")
        assert {"Sample.Periodic", "Sample.Clock"} >= set(contexts[1:-1]) != set()
        assert [sample.at for sample in ended.samples] == sorted(sample.at for sample in ended.samples)
        assert await count() == 0
