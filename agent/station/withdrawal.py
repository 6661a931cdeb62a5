"""Waits until power is off at the end of a transaction, as long as that is worth waiting for."""

from __future__ import annotations

import logging
from typing import Final

from agent.station.identity import EvseIdentity
from agent.station.power import PowerSwitch
from agent.system.clock import StationClock

log = logging.getLogger(__name__)

POWER_OFF_TIMEOUT_S: Final = 5.0
_PATIENCE_S: Final = 30.0
"""For how long the final reading waits for a controller that does not confirm that power is off."""
_FALLEN_BACK_S: Final = 2.0
"""After this much more than a controller's own watchdog takes, it has acted."""


class Withdrawal:
    """One EVSE's way from a transaction that is to end to its final reading.

    What is read before power is off is not the whole of a transaction. A controller with a watchdog falls
    back by itself; for any other there is an end to waiting, and the EVSE stays out of order.
    """

    def __init__(self, name: str, identity: EvseIdentity, power: PowerSwitch, clock: StationClock) -> None:
        self._name = name
        self._patience_s = max(_PATIENCE_S, (identity.watchdog_s or 0.0) + _FALLEN_BACK_S)
        self._power = power
        self._clock = clock
        self._since_s: float | None = None

    async def is_over(self) -> bool:
        """Withdraw power; False while it is worth waiting for a controller that does not confirm it."""
        if self._since_s is None:
            self._since_s = self._clock.instant().monotonic_s
            await self._power.off(POWER_OFF_TIMEOUT_S)
        if self._power.is_on is not False:
            if self._clock.instant().monotonic_s - self._since_s < self._patience_s:
                return False
            log.error(
                "%s: energy may go on flowing; the transaction ends with what is counted now", self._name
            )
        self._since_s = None
        return True
