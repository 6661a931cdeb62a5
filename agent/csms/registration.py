"""Where the station stands with its backend: announced, kept waiting, refused or accepted (B01, B02, B03)."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from typing import Literal

from agent.csms.backend_time import follow
from agent.csms.connection import CallFailed
from agent.csms.dialect import BootAnswer, Dialect
from agent.csms.identity import Identity
from agent.store.database import StoreError
from agent.system.clock import StationClock
from agent.variables.model import DeviceModel
from ocppj.messages.fields import Payload

log = logging.getLogger(__name__)

_HEARTBEAT = "OCPPCommCtrlr.HeartbeatInterval"
_RANDOM_RANGE = "OCPPCommCtrlr.RetryBackOffRandomRange"

Call = Callable[[Payload], Awaitable[Payload]]


class Registration:
    """Announces the station, over any number of connections, until the backend accepts it."""

    def __init__(self, identity: Identity, settings: DeviceModel, clock: StationClock, reason: str) -> None:
        """`reason` is why the station has started."""
        self._identity = identity
        self._settings = settings
        self._clock = clock
        self._reason = reason
        self._status: Literal["Accepted", "Pending", "Rejected"] | None = None
        self._asked = asyncio.Event()
        self._due_s = 0.0

    @property
    def is_accepted(self) -> bool:
        """Whether the backend in use has accepted the station since it started."""
        return self._status == "Accepted"

    @property
    def is_rejected(self) -> bool:
        """Whether the backend wants to hear and answer nothing until the next announcement (B03)."""
        return self._status == "Rejected"

    @property
    def word(self) -> str:
        """Return where the station stands, for the technician."""
        match self._status:
            case "Accepted":
                return "accepted"
            case "Pending":
                return "not accepted yet: kept waiting"
            case "Rejected":
                return "not accepted: rejected"
            case None:
                return "not accepted yet"

    def ask(self) -> None:
        """Announce the station before its time: the backend asks for it (F06)."""
        self._asked.set()

    def begin_anew(self) -> None:
        """Forget what was said: another backend is connected, which knows nothing of it (B10)."""
        if self._status is not None:
            self._reason = "Unknown"  # none of the reasons is "you are another"
        self._status = None
        self._due_s = 0.0

    async def run(self, dialect: Dialect, call: Call) -> None:
        """Announce the station until it is accepted.

        Raises:
            CallFailed: If the connection went away.
        """
        while not self.is_accepted:
            await self._announce(dialect, call, await self._await_turn())

    async def _await_turn(self) -> str:
        """Wait until BootNotification may be sent, new connection or not (B02.FR.04); return its reason."""
        try:
            async with asyncio.timeout(max(0.0, self._due_s - time.monotonic())):
                await self._asked.wait()
        except TimeoutError:
            return self._reason
        return "Triggered"

    async def _announce(self, dialect: Dialect, call: Call, reason: str) -> None:
        """Announce the station once; when it is not accepted, the next turn is later (B02, B03)."""
        self._asked.clear()
        try:
            request = dialect.boot_notification(self._identity, reason)
            answer = dialect.read_boot(await call(request))
        except CallFailed as failure:
            if failure.is_disconnected:
                raise
            log.warning("not registered: %s", failure)
            self._due_s = time.monotonic() + self._own_wait_s()
        else:
            await self._take(answer)

    async def _take(self, answer: BootAnswer) -> None:
        await follow(answer.backend_time, self._settings, self._clock)
        log.info("registration %s, interval %d s", answer.status, answer.interval_s)
        self._status = answer.status
        if self.is_accepted:
            await self._use_interval(answer.interval_s)
        self._due_s = time.monotonic() + (answer.interval_s or self._own_wait_s())

    def _own_wait_s(self) -> float:
        """Return how long to wait where the backend does not say: no flood, and not in step with others."""
        chance_s = random.uniform(0, self._settings.integer(_RANDOM_RANGE))  # noqa: S311 - no secret
        return self._settings.integer(_HEARTBEAT) + chance_s

    async def _use_interval(self, interval_s: int) -> None:
        """Use the heartbeat interval of the answer (B01.FR.04); 0 leaves the choice to the station."""
        entry = self._settings.entry(_HEARTBEAT)
        if interval_s <= 0:
            return
        try:
            await self._settings.write(entry, str(min(interval_s, entry.variable.maximum or interval_s)))
        except StoreError as error:
            log.error("the backend's heartbeat interval is not used: %s", error)
