"""What the demo shows at one moment, gathered from the running stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

import httpx

from drivers.emulated.bay import EmulatedBay
from tests.stack.agent import AgentProcess
from tests.stack.backend import BackendProcess

UNKNOWN = "-"
_FRAMES_KEPT = 40
_CALL = 2


@dataclass
class Scene:
    """The latest of everything; what cannot be asked right now keeps its last value."""

    status: str = UNKNOWN
    pilot: str = "A"
    charging_state: str = UNKNOWN
    power_kw: tuple[float, ...] = (0.0, 0.0, 0.0)
    session_kwh: float = 0.0
    cost: str = UNKNOWN
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
        scene.frames = _frames(self._agent.lines())
        return scene

    async def _cost(self) -> str | None:
        sessions = (await self._backend.get("sessions"))["items"]
        return _money(sessions[0]) if sessions else None


def _money(session: dict[str, object]) -> str | None:
    cost = session.get("total_cost_incl_vat")
    return None if cost is None else f"{Decimal(str(cost)):.2f} {session['currency']}"


def _frames(lines: Iterator[str]) -> list[str]:
    """Return frames as "> TransactionEvent {...}"; answers are named by the action they answer."""
    actions: dict[str, str] = {}
    shown: list[str] = []
    for line in lines:
        direction, _, text = line.partition(" ocpp ")[2].partition(" ")
        if not text:
            continue
        kind, message_id, *rest = json.loads(text)
        if kind == _CALL:
            actions[message_id] = rest[0]
        body = json.dumps(rest[-1], separators=(",", ":"))
        shown.append(f"{direction} {actions.get(message_id, '?')}{'' if kind == _CALL else ' answer'} {body}")
    return shown[-_FRAMES_KEPT:]
