"""Everything that the running agent counts, as text that Prometheus and people can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agent.csms.absent import Backend
from agent.metering.metrics import exposition as meter_exposition
from agent.station.station import Station
from agent.store import facts, notices
from agent.store.database import Database
from agent.store.keeper import Figures
from agent.store.metrics import exposition as outbox_exposition
from agent.store.metrics import state_exposition
from agent.system.control import Command
from agent.system.metrics import exposition as bus_exposition
from drivers.open import Hardware


def metric_commands(
    station: Station,
    client: Backend,
    hardware: Hardware,
    database: Database,
    outbox_figures: Figures,
    vehicles: Callable[[], str],
) -> dict[str, Command]:
    """Return the command that tells; `vehicles` has the text about those that speak ISO 15118."""

    async def metrics(_: Mapping[str, Any]) -> Mapping[str, Any]:
        meters = {evse_id: service.meter.counters for evse_id, service in station.evses.items()}
        buses = bus_exposition(bus.metrics() for bus in hardware.buses)
        state = state_exposition(await database.read(notices.count), await database.read(facts.run_counts))
        own = meter_exposition(meters) + outbox_exposition(outbox_figures) + state
        return {"text": buses + own + vehicles() + client.metrics()}

    return {"metrics": metrics}
