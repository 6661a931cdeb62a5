from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from agent.authorization.readers import ReaderService
from agent.csms.absent import Backend
from agent.security.vault import Vault
from agent.station.warnings import READER_SILENT, STATION
from agent.store.keeper import Figures
from agent.troubles.watch import TroubleWatch
from tests.unit.agent.station.test_station import forecourt


@dataclass
class Reader:
    evse_id: int | None
    problem: str | None = None
    name: str = "reader"


@dataclass
class Client:
    state: str = "accepted"
    told: list[int] = field(default_factory=list)

    def evse_changed(self, evse_id: int) -> None:
        self.told.append(evse_id)


async def test_a_silent_reader_is_a_warning_of_its_evse_or_of_the_station(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        client, readers = Client(), [Reader(1), Reader(None)]
        given = cast("list[ReaderService]", readers)
        vault = Vault(tmp_path / "certificates")
        backend = cast("Backend", client)
        watch = TroubleWatch(place.station, backend, given, Figures(), vault, place.clock)
        watch._warn()
        assert client.told == [], "nothing is wrong"
        readers[0].problem = "no answer"
        watch._warn()
        assert (place.station.warnings.of(1), place.station.warnings.of(STATION)) == (READER_SILENT, None)
        assert set(client.told) == {STATION, *place.station.evses}
        watch._warn()
        assert len(client.told) == 1 + len(place.station.evses), "told once"
        readers[0].problem, readers[1].problem = None, "no answer"
        watch._warn()
        assert (place.station.warnings.of(1), place.station.warnings.of(STATION)) == (None, READER_SILENT)
        found: Any = await watch._tell({})
        assert [one["what"] for one in found["faults"]] == ["no answer"]
