from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from agent.vehicle.output import AcOutput
from tests.unit.agent.station.test_station import forecourt


async def test_an_evse_takes_back_what_its_station_file_says_and_nothing_while_it_gives_nothing(
    tmp_path: Path,
) -> None:
    async with forecourt(tmp_path, evses=1) as place:
        service = place.station.evses[1]
        assert AcOutput(service, 3).ac_limits.most_back_w == 0
        assert AcOutput(service, 3, 11_000).ac_limits.most_back_w == Decimal(11_000)
        await service.limit(0)
        assert AcOutput(service, 3, 11_000).ac_limits.most_back_w == 0
