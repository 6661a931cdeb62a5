"""Resets of the station and of single EVSEs: at once, or when nobody is charging there (B11, B12)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.station.events import Terminated
from agent.station.evse import IllegalTransition
from agent.station.service import EvseService
from agent.store.database import StoreError
from agent.system.clock import StationClock
from agent.system.concerning import concerning
from agent.transactions.records import StopReason
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

ResetKind = Literal["Immediate", "ImmediateAndResume", "OnIdle"]
Hindrance = Callable[[], str | None]
"""Says why nothing may be reset now, such as a firmware update half written; None if it may."""

_TIMEOUT = "TxCtrlr.ResumptionTimeout"
_IDLE_CHECK_S = 0.5
_RETRY_S = 1.0
_STATION = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAnswer:
    """What is to come of a reset that was asked for."""

    status: Literal["Accepted", "Scheduled", "Rejected"]
    code: str = ""
    why: str = ""


class Resets:
    """Carries out one reset of a place at a time; an Immediate one hurries one that waits."""

    def __init__(
        self,
        evses: Callable[[], Mapping[int, EvseService]],
        settings: DeviceModel,
        clock: StationClock,
        announce_restart: Callable[[str], Awaitable[None]],
    ) -> None:
        """`announce_restart` stores the boot reason, lets messages out and restarts the agent."""
        self._evses = evses
        self._settings = settings
        self._clock = clock
        self._announce_restart = announce_restart
        self._hurries: dict[int, asyncio.Event] = {}
        """The resets under way, by EVSE; 0 is the station."""
        self.hindrances: list[Hindrance] = []

    def ask(self, kind: ResetKind, evse_id: int | None) -> ResetAnswer:
        """Say what will come of a reset; `carry_out` then does it."""
        if evse_id is not None:
            if evse_id not in self._evses():
                return ResetAnswer(status="Rejected", code="UnknownEvse", why=f"there is no EVSE {evse_id}")
            if not self._settings.flag("EVSE.AllowReset"):
                why = "EVSE.AllowReset is false: reset the station"
                return ResetAnswer(status="Rejected", code="UnsupportedParam", why=why)
        if kind == "ImmediateAndResume" and self._settings.integer(_TIMEOUT) == 0:
            return ResetAnswer(status="Rejected", code="NotEnabled", why=f"{_TIMEOUT} is 0: nothing resumes")
        if kind != "OnIdle" and (hindrance := self._hindrance()) is not None:
            return ResetAnswer(status="Rejected", code="Unspecified", why=hindrance)
        waits = kind == "OnIdle" and not self._may_begin(self._of(evse_id))
        return ResetAnswer(status="Scheduled" if waits else "Accepted")

    async def carry_out(
        self, kind: ResetKind, evse_id: int | None, reason: StopReason = "ImmediateReset"
    ) -> None:
        """Reset the station or an EVSE: now, ending transactions or not (B13), or once nobody charges there.

        Nobody may start there in the meantime; when it is over, the EVSE is as after a start. `reason` is
        what transactions that end for it are said to have ended for.

        Raises:
            StoreError: If it could not be made durable; then everything goes on as before.
        """
        place = _STATION if evse_id is None else evse_id
        if (hurry := self._hurries.get(place)) is not None:
            if kind == "Immediate":
                hurry.set()
            return
        self._hurries[place] = hurry = asyncio.Event()
        if kind != "OnIdle":
            hurry.set()
        services = self._of(evse_id)
        has_to_wait = not hurry.is_set() and not self._may_begin(services)
        _close(services, is_closing=True)
        is_over = False
        try:
            if kind != "ImmediateAndResume":
                await self._clear(services, hurry, reason)
            if evse_id is None:
                is_over = True
                await self._restart("ScheduledReset" if has_to_wait else "RemoteReset")
            else:
                await services[0].begin_anew()
                with concerning(evse=evse_id):
                    log.info("EVSE %d has been reset", evse_id)
        except BaseException:
            is_over = False
            raise
        finally:
            del self._hurries[place]
            if not is_over and _STATION not in self._hurries:
                _close(services, is_closing=False)

    def _of(self, evse_id: int | None) -> Sequence[EvseService]:
        evses = self._evses()
        return list(evses.values()) if evse_id is None else [evses[evse_id]]

    async def _restart(self, reason: str) -> None:
        """Restart the agent, again after a failure, as often as ResetRetries says."""
        for _ in range(self._settings.integer("OCPPCommCtrlr.ResetRetries")):
            try:
                await self._announce_restart(reason)
            except StoreError as error:
                log.warning("the reset is tried again: %s", error)
                await asyncio.sleep(_RETRY_S)
            else:
                return
        await self._announce_restart(reason)

    def _hindrance(self) -> str | None:
        return next((found for hindrance in self.hindrances if (found := hindrance()) is not None), None)

    def _may_begin(self, services: Sequence[EvseService]) -> bool:
        return is_idle(services) and self._hindrance() is None

    async def _clear(self, services: Sequence[EvseService], hurry: asyncio.Event, reason: StopReason) -> None:
        """Wait until nobody charges; once it is urgent, end what goes on."""
        while not self._may_begin(services) and not hurry.is_set():
            try:
                async with asyncio.timeout(_IDLE_CHECK_S):  # idleness is the sum of many states
                    await hurry.wait()
            except TimeoutError:
                continue
        if hurry.is_set():
            await asyncio.gather(*(self._terminate(service, reason) for service in services))

    async def _terminate(self, service: EvseService, reason: StopReason) -> None:
        event = Terminated(at=self._clock.now(), trigger="ResetCommand", reason=reason)
        try:
            await service.apply(event)
        except IllegalTransition as refusal:
            log.debug("EVSE %d: %s", service.identity.evse_id, refusal)


def is_idle(services: Sequence[EvseService]) -> bool:
    """Return whether no transaction runs and no driver is authorized there."""
    return all(
        service.state.transaction is None and service.state.authorization is None for service in services
    )


def _close(services: Sequence[EvseService], *, is_closing: bool) -> None:
    for service in services:
        service.close(is_closed=is_closing)
