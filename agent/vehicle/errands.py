"""What a conversation has begun and does not wait for: a task each, ended with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from agent.store.database import StoreError

log = logging.getLogger(__name__)

Errand = Coroutine[Any, Any, None]


class Errands:
    """Runs errands side by side. One that cannot be made durable is logged, and ends alone."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: asyncio.Queue[Errand] = asyncio.Queue()
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, errand: Errand) -> None:
        """Begin an errand; returns at once."""
        self._waiting.put_nowait(errand)

    def drop(self) -> None:
        """End all that have not ended."""
        while not self._waiting.empty():
            self._waiting.get_nowait().close()
        for task in self._running:
            task.cancel()

    async def run(self) -> None:
        """Do errands until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    errand = await self._waiting.get()
                    task = tasks.create_task(self._do(errand), name=f"{self._name} for its vehicle")
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
        finally:
            self.drop()

    async def _do(self, errand: Errand) -> None:
        try:
            await errand
        except StoreError as error:
            log.error("%s: what the vehicle began cannot be kept: %s", self._name, error)
