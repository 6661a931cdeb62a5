"""What a device's driver asks, whoever the master is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
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


@asynccontextmanager
async def running(line: Line) -> AsyncIterator[None]:
    """Let the line's owner run inside; leaving closes the line."""
    owner = asyncio.create_task(line.run())
    await asyncio.sleep(0)
    try:
        yield
    finally:
        owner.cancel()
        with suppress(asyncio.CancelledError):
            await owner
