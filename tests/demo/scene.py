"""What the demo shows at one moment, gathered from the running stack."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from drivers.emulated.bay import EmulatedBay
from tests.stack.agent import AgentProcess
from tests.stack.backend import BackendProcess

_FRAMES_KEPT = 12


@dataclass
class Scene:
    """The latest of everything; what cannot be asked right now keeps its last value."""

    step: str = ""
    status: str = "-"
    pilot: str = "A"
    charging_state: str = "-"
    power_kw: tuple[float, ...] = (0.0, 0.0, 0.0)
    session_kwh: float = 0.0
    cost: str = "-"
    frames: list[str] = field(default_factory=list)


class Observer:
    """Looks at the bay, the agent and the backend."""

    def __init__(self, bay: EmulatedBay, agent: AgentProcess, backend: BackendProcess) -> None:
        self._bay = bay
        self._agent = agent
        self._backend = backend
        self._began_mwh = bay.energy_register_mwh
        self.scene = Scene()

    async def look(self) -> Scene:
        """Return the scene now."""
        scene = self.scene
        scene.pilot = self._bay.pilot.value
        scene.power_kw = tuple(milliwatts / 1e6 for milliwatts in self._bay.truth().powers_mw)
        scene.session_kwh = (self._bay.energy_register_mwh - self._began_mwh) / 1e6
        status = await self._agent.status()
        if status is not None:
            evse = status["evses"][0]
            scene.status = evse["status"]
            scene.charging_state = evse["charging_state"] if evse["transaction"] else "no transaction"
        with suppress(httpx.HTTPError):
            scene.cost = await self._cost() or scene.cost
        scene.frames = [_short(line) for line in self._agent.lines() if " ocpp " in line][-_FRAMES_KEPT:]
        return scene

    async def _cost(self) -> str | None:
        sessions = (await self._backend.get("sessions"))["items"]
        return _money(sessions[0]) if sessions else None


def _money(session: dict[str, object]) -> str | None:
    cost = session.get("total_cost_excl_vat")
    return None if cost is None else f"{cost} {session['currency']}"


def _short(line: str) -> str:
    """Return "> TransactionEvent {...}" of a log line that carries a frame."""
    return line.partition(" ocpp ")[2]
