"""Whether a transaction goes on that a power cut or a restart has interrupted (TxCtrlr.ResumptionTimeout)."""

from __future__ import annotations

from typing import Final

from agent.station.events import Terminated
from agent.system.clock import StationClock
from agent.transactions.records import StopReason, Transaction
from agent.variables.model import DeviceModel

_TIMEOUT: Final = "TxCtrlr.ResumptionTimeout"
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
