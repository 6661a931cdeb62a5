"""Whether a transaction goes on that a power cut or a restart has interrupted, and how (E17)."""

from __future__ import annotations

import random
from typing import Final

from agent.station.events import Resumed, Terminated
from agent.station.evse import EvseState
from agent.system.clock import StationClock
from agent.transactions.records import ChargingState, StopReason, Transaction
from agent.variables.model import DeviceModel

_TIMEOUT: Final = "TxCtrlr.ResumptionTimeout"
_ALLOWS_ENERGY: Final = "TxCtrlr.AllowEnergyTransferResumption"
_RANDOM_RANGE: Final = "TxCtrlr.EnergyTransferResumptionRandomRange"
_SETTLES_S: Final = 10.0
"""How long a vehicle may take to go on as before, until the transaction is told as it is."""
_MARKS_PER_TIMEOUT: Final = 4
_MOST_OFTEN_S: Final = 10.0
_MOST_SELDOM_S: Final = 600.0


class Resumption:
    """Knows from the meter's last mark how long one EVSE's transaction has been interrupted.

    That mark is on flash with every event of the transaction, and whenever `is_mark_due`.
    """

    def __init__(self, clock: StationClock, settings: DeviceModel) -> None:
        self._clock = clock
        self._settings = settings
        self._marked_s = 0.0
        self._awaited: ChargingState | None = None
        self._rests_until_s = self._tells_by_s = 0.0

    def end(self, transaction: Transaction | None, interrupted_by: StopReason) -> Terminated | None:
        """Return the end of a transaction that was interrupted for too long; None if it goes on.

        One goes on if nobody knows what time it is.
        """
        if transaction is None or transaction.ending is not None:
            return None
        now, timeout_s = self._clock.now(), self._settings.integer(_TIMEOUT)
        last = transaction.started_at if transaction.register is None else transaction.register.at
        is_late = self._clock.is_known and (now - last).total_seconds() > timeout_s
        if timeout_s > 0 and not is_late:
            return None
        return Terminated(at=now, trigger="AbnormalCondition", reason=interrupted_by)

    def begin(self, transaction: Transaction | None, *, is_told: bool) -> Resumed | None:
        """Begin to go on, after a while at random if that is wanted, or without energy: then return that.

        `is_told`: whether the backend has a word for it; `event` then says when it is to be told.
        """
        self._awaited, self._rests_until_s = None, 0.0
        if transaction is None or transaction.ending is not None:
            return None
        if not self._settings.flag(_ALLOWS_ENERGY):
            return Resumed(at=self._clock.now(), with_energy=False)
        rest_s = random.uniform(0, self._settings.integer(_RANDOM_RANGE))  # noqa: S311 - no secret
        self._rests_until_s = self._now_s() + rest_s
        self._tells_by_s = self._rests_until_s + _SETTLES_S
        self._awaited = transaction.charging_state if is_told else None
        return None

    @property
    def rests(self) -> bool:
        """Whether no energy is to flow yet: a whole street that begins at once would trip its fuse again."""
        return self._now_s() < self._rests_until_s

    def event(self, state: EvseState) -> Resumed | None:
        """Return that the transaction goes on, once, when it is as it was before or has had time to be."""
        if self._awaited is None or self.rests:
            return None
        is_due = state.charging_state == self._awaited or self._now_s() >= self._tells_by_s
        if not is_due or state.transaction is None:
            return None
        self._awaited = None
        return Resumed(at=self._clock.now(), with_energy=True)

    def marked(self) -> None:
        """Take note that the state was stored now."""
        self._marked_s = self._now_s()

    def is_mark_due(self, transaction: Transaction | None) -> bool:
        """Return whether a running transaction's mark is getting too old to tell how long a break was."""
        timeout_s = self._settings.integer(_TIMEOUT)
        if transaction is None or transaction.ending is not None or timeout_s == 0:
            return False
        every_s = min(max(timeout_s / _MARKS_PER_TIMEOUT, _MOST_OFTEN_S), _MOST_SELDOM_S)
        return self._now_s() - self._marked_s > every_s

    def _now_s(self) -> float:
        return self._clock.instant().monotonic_s
