"""What a device's driver asks, whoever the master is."""

from __future__ import annotations

from typing import Protocol

from drivers.modbus.metrics import BusMetrics
from drivers.modbus.requests import Request
from drivers.modbus.terms import Answer, Terms


class Line(Protocol):
    """A bus, or the registers that a device fills which is the master itself; `run` must be running."""

    @property
    def name(self) -> str:
        """The port or address."""

    def metrics(self) -> BusMetrics:
        """Return how requests ended and how long answers took, by unit."""

    async def perform(self, request: Request, terms: Terms) -> Answer:
        """Return the exact answer to a request.

        Raises:
            ModbusError: If there is none.
        """

    async def run(self) -> None:
        """Own the line until cancelled."""
