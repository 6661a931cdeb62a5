"""The charging station as a whole: routes cards and remote requests, resets, samples by the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from agent.authorization.authorizer import Authorizer, Verdict
from agent.station.evse import (
    Authorized,
    EvseState,
    IllegalTransition,
    Phase,
    SampleDue,
    Terminated,
    Withdrawn,
)
from agent.station.service import EvseService
from agent.system.clock import StationClock
from agent.transactions.records import Authorization, Sample, StopReason, Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

ResetKind = Literal["Immediate", "OnIdle"]
_IDLE_CHECK_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a request; `why` says in a few words why it was refused."""

    is_accepted: bool
    why: str = ""
    evse_id: int | None = None
    transaction_id: str | None = None


class MeterValueSink(Protocol):
    """Takes meter values that belong to no transaction."""

    async def send_meter_values(self, evse_id: int, sample: Sample) -> None:
        """Send them if the backend can be reached; they are not kept."""


class Station:
    """What a driver, the backend and a technician can ask of the station."""

    def __init__(
        self,
        evses: Mapping[int, EvseService],
        authorizer: Authorizer,
        settings: DeviceModel,
        clock: StationClock,
        announce_restart: Callable[[str], Awaitable[None]],
    ) -> None:
        """`announce_restart` stores the boot reason, lets messages out and restarts the agent."""
        self.evses = evses
        self.settings = settings
        self._authorizer = authorizer
        self._clock = clock
        self._announce_restart = announce_restart

    async def tap(self, token: Token, evse_id: int | None = None) -> Outcome:
        """A driver presents a token: stops what it may, else asks whether it may start (C01, E07)."""
        service = self._evse_for_tap(token, evse_id)
        if service is None:
            return Outcome(is_accepted=False, why="no EVSE is free for this card; name one")
        driver = service.state.authorization
        if driver is not None and driver.admits(token):
            return await self._stop_by_card(service, token)
        if service.state.fault is not None:
            return _refused(service, f"out of order: {service.state.fault}")
        verdict = await self._authorizer.decide(token)
        if not verdict.is_accepted:
            return _refused(service, verdict.status)
        return await self._admit(service, token, verdict)

    def choose_for_remote_start(self, evse_id: int | None) -> EvseService | None:
        """Return the EVSE that a remote start without, or with, an EVSE id is meant for."""
        if evse_id is not None:
            return self.evses.get(evse_id)
        free = [service for service in self.evses.values() if _is_free(service.state)]
        plugged = [service for service in free if service.state.phase is Phase.CABLE_ONLY]
        candidates = plugged or free
        return candidates[0] if len(candidates) == 1 else None

    def may_start(self, service: EvseService) -> Outcome:
        """Return whether a remote start can begin here now (F01, F02)."""
        state = service.state
        running = None if state.transaction is None else state.transaction.id
        if state.fault is not None:
            return _refused(service, f"out of order: {state.fault}")
        if not _is_free(state):
            return _refused(service, "another driver is charging here")
        return Outcome(is_accepted=True, evse_id=service.identity.evse_id, transaction_id=running)

    async def remote_start(
        self, service: EvseService, token: Token, group_id: str | None, remote_start_id: int
    ) -> Outcome:
        """Start for a token the backend named, authorized first if AuthorizeRemoteStart (F01.FR.01)."""
        verdict = Verdict(status="Accepted", group_id=group_id)
        if self.settings.flag("AuthCtrlr.AuthorizeRemoteStart"):
            verdict = await self._authorizer.decide(token)
        if not verdict.is_accepted:
            log.info("remote start %d refused: %s", remote_start_id, verdict.status)
            return _refused(service, verdict.status)
        authorization = Authorization(
            token=token,
            granted_at=self._clock.now(),
            group_id=verdict.group_id or group_id,
            remote_start_id=remote_start_id,
        )
        event = Authorized(at=self._clock.now(), authorization=authorization, trigger="RemoteStart")
        return await self._apply(service, event)

    def find_transaction(self, transaction_id: str) -> EvseService | None:
        """Return the EVSE on which this transaction runs."""
        for service in self.evses.values():
            transaction = service.state.transaction
            if transaction is not None and transaction.id == transaction_id:
                return service
        return None

    async def remote_stop(self, service: EvseService) -> Outcome:
        """Stop what the backend asked to stop (F03)."""
        return await self._withdraw(service, "RemoteStop", "Remote")

    async def deauthorize(self, transaction_id: str, status: str) -> None:
        """Act on a backend that does not accept the token of a running transaction (E05)."""
        service = self.find_transaction(transaction_id)
        if service is None or not self.settings.flag("TxCtrlr.StopTxOnInvalidId"):
            return
        log.warning("token of transaction %s is %s: stopping", transaction_id, status)
        await self._withdraw(service, "Deauthorized", "DeAuthorized")

    def is_idle(self) -> bool:
        """Whether no transaction runs and no driver is authorized anywhere."""
        return all(
            service.state.transaction is None and service.state.authorization is None
            for service in self.evses.values()
        )

    async def reset(self, kind: ResetKind) -> None:
        """Restart the agent: now, ending transactions, or once the station is idle (B11, B12)."""
        if kind == "OnIdle":
            while not self.is_idle():  # noqa: ASYNC110 - idleness is the sum of many states
                await asyncio.sleep(_IDLE_CHECK_S)
            await self._announce_restart("ScheduledReset")
            return
        for service in self.evses.values():
            event = Terminated(at=self._clock.now(), trigger="ResetCommand", reason="ImmediateReset")
            await self._apply(service, event)
        await self._announce_restart("RemoteReset")

    async def sample_by_clock(self, sink: MeterValueSink) -> None:
        """Take clock-aligned samples until cancelled (J01: aligned to midnight UTC)."""
        while True:
            interval_s = self.settings.integer("AlignedDataCtrlr.Interval")
            now_s = self._clock.now().timestamp()
            if interval_s == 0:
                await asyncio.sleep(1)
                continue
            await asyncio.sleep(min(interval_s - now_s % interval_s, 1.0))
            if int(now_s // interval_s) != int(self._clock.now().timestamp() // interval_s):
                await self._take_aligned(sink)

    async def _take_aligned(self, sink: MeterValueSink) -> None:
        only_idle = self.settings.flag("AlignedDataCtrlr.SendDuringIdle")
        if only_idle and not self.is_idle():
            return
        measurands = self.settings.members("AlignedDataCtrlr.Measurands")
        for evse_id, service in self.evses.items():
            aligned = service.latest_sample(measurands, "Sample.Clock")
            if aligned is None:
                continue
            if service.state.transaction is not None:
                await self._apply(service, SampleDue(at=self._clock.now(), trigger="MeterValueClock"))
            else:
                await sink.send_meter_values(evse_id, aligned)

    def _evse_for_tap(self, token: Token, evse_id: int | None) -> EvseService | None:
        if evse_id is not None:
            return self.evses.get(evse_id)
        for service in self.evses.values():
            driver = service.state.authorization
            if driver is not None and driver.admits(token):
                return service
        return self.choose_for_remote_start(None)

    async def _admit(self, service: EvseService, token: Token, verdict: Verdict) -> Outcome:
        driver = service.state.authorization
        if driver is not None:
            if driver.admits(token, verdict.group_id):
                return await self._stop_by_card(service, token)
            return _refused(service, "another driver is charging here")
        authorization = Authorization(token=token, granted_at=self._clock.now(), group_id=verdict.group_id)
        return await self._apply(service, Authorized(at=self._clock.now(), authorization=authorization))

    async def _stop_by_card(self, service: EvseService, token: Token) -> Outcome:
        return await self._withdraw(service, "StopAuthorized", "Local", token)

    async def _withdraw(
        self,
        service: EvseService,
        trigger: Literal["StopAuthorized", "RemoteStop", "Deauthorized"],
        reason: StopReason,
        token: Token | None = None,
    ) -> Outcome:
        event = Withdrawn(at=self._clock.now(), trigger=trigger, reason=reason, token=token)
        return await self._apply(service, event)

    async def _apply(
        self, service: EvseService, event: Authorized | Withdrawn | Terminated | SampleDue
    ) -> Outcome:
        try:
            state = await service.apply(event)
        except IllegalTransition as refusal:
            return _refused(service, str(refusal))
        transaction = state.transaction
        return Outcome(
            is_accepted=True,
            evse_id=service.identity.evse_id,
            transaction_id=None if transaction is None else transaction.id,
        )


def _is_free(state: EvseState) -> bool:
    return state.authorization is None and (state.transaction is None or state.transaction.ending is None)


def _refused(service: EvseService, why: str) -> Outcome:
    return Outcome(is_accepted=False, why=why, evse_id=service.identity.evse_id)
