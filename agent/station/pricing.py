"""The bill of whoever charges at one EVSE, kept up to date (I12).

The bill in memory is ahead of the stored one; every commit takes it along. What a power cut takes is time
that was not yet stored, never energy.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, Literal, Protocol

from agent.station.energy import EvseEnergy
from agent.station.events import CostDue
from agent.station.evse import EvseState
from agent.system.clock import StationClock
from agent.tariffs.account import details, failed
from agent.tariffs.bill import Bill, Seen, advanced, begun, changed, moved, resumed
from agent.tariffs.conditions import Circumstances, Flow
from agent.tariffs.details import CostDetails
from agent.tariffs.tariff import EvseKind, Tariff
from agent.transactions.records import Authorization, Transaction, Trigger
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

RUNNING_COST: Final = "TariffCostCtrlr.Enabled[RunningCost]"
INTERVAL: Final = "TariffCostCtrlr.Interval[Cost]"
KEEP_EVERY_S: Final = 300.0
"""How much of the time that has been counted a power cut may take."""
_DC_CONNECTORS: Final = ("cCCS1", "cCCS2", "cG105", "cTesla", "wInductive")
_NO_COUNT: Final = "the meter gave no count"
_PRICED: Final = ("RunningCost", "TariffChanged")
_NO_TIME: Final = timedelta()


class Defaults(Protocol):
    """Knows the tariff of who has none of their own."""

    def in_force(self, evse_id: int) -> Tariff | None:
        """Return the tariff that counts at an EVSE now."""


def kind_of(connector_type: str) -> EvseKind:
    """Return what flows through a connector of this type (ConnectorEnumType)."""
    return "DC" if connector_type in _DC_CONNECTORS else "AC"


class EvsePricing:
    """The bill at one EVSE; without any tariff there is none."""

    def __init__(
        self,
        evse_id: int,
        kind: EvseKind,
        energy: EvseEnergy,
        clock: StationClock,
        settings: DeviceModel,
    ) -> None:
        self._evse_id = evse_id
        self._kind = kind
        self._energy = energy
        self._clock = clock
        self._settings = settings
        self._defaults: Defaults | None = None
        self._zone: Callable[[], tzinfo] | None = None
        self._transaction_id: str | None = None
        self._bill: Bill | None = None
        self._is_decided = False
        self._is_resuming = False
        self._kept_s = self._told_s = clock.instant().monotonic_s
        self.last: tuple[str, CostDetails] | None = None
        """The transaction that ended last here, and what it cost."""

    def by(self, defaults: Defaults, zone: Callable[[], tzinfo]) -> None:
        """Say whose tariffs count, and in which time zone the EVSE is."""
        self._defaults, self._zone = defaults, zone

    @property
    def bill(self) -> Bill | None:
        """The bill of the transaction that runs, if it is priced here."""
        return self._bill

    @property
    def cost(self) -> CostDetails | None:
        """What the transaction that runs costs so far, if that is calculated here."""
        return None if self._bill is None else self._details(self._bill, is_final=False)

    def resume(self, transaction: Transaction | None) -> None:
        """Go on with the bill of a running transaction; the time since it was stored is not counted."""
        self._transaction_id = None if transaction is None else transaction.id
        self._bill = None if transaction is None else transaction.bill
        self._is_decided = transaction is not None and transaction.token is not None
        self._is_resuming = self._bill is not None

    def follow(self, state: EvseState, at: datetime) -> None:
        """Bring the bill up to this moment; from it on goes on what the state says.

        It begins with the transaction's first driver, and keeps the tariff that it began with.
        """
        transaction = state.transaction
        if transaction is None:
            self.resume(None)
            return
        if transaction.id != self._transaction_id:
            self.resume(None)
            self._transaction_id = transaction.id
        seen = Seen(at=at, count_mwh=self._energy.counted_mwh, flow=self._flow(state, transaction))
        if self._bill is None:
            self._begin(state.authorization, seen)
        elif not self._is_resuming:
            self._bill = advanced(self._bill, seen, self._local())
        elif seen.count_mwh is not None:
            self._bill, self._is_resuming = resumed(self._bill, seen, self._local()), False

    def marked(self, state: EvseState) -> EvseState:
        """Return the state with the bill of now: it is about to be stored."""
        transaction = state.transaction
        if transaction is None or transaction.id != self._transaction_id or self._bill is None:
            return state
        self._kept_s = self._clock.instant().monotonic_s
        return replace(state, transaction=replace(transaction, bill=self._bill))

    @property
    def is_to_be_kept(self) -> bool:
        """Whether the bill has got too far ahead of the stored one."""
        ahead_s = self._clock.instant().monotonic_s - self._kept_s
        return self._bill is not None and ahead_s >= KEEP_EVERY_S

    def told(self, kind: Literal["Started", "Updated", "Ended"], trigger: Trigger) -> CostDetails | None:
        """Return what a transaction event is to say of the cost (I12.FR.01, I12.FR.02)."""
        is_running = self._settings.flag(RUNNING_COST) and (kind == "Started" or trigger in _PRICED)
        if self._bill is None or not (kind == "Ended" or is_running):
            return None
        self._told_s = self._clock.instant().monotonic_s
        return self._details(self._bill, is_final=kind == "Ended")

    def ended(self, transaction_id: str, cost: CostDetails | None) -> None:
        """Take note that a transaction is over, and what it cost."""
        if cost is not None:
            self.last = transaction_id, cost
        self.resume(None)

    def change(self, tariff: Tariff) -> None:
        """Go on under another tariff from now on (I11.FR.06, I11.FR.08)."""
        if self._bill is not None:
            self._bill = changed(self._bill, tariff, self._local())

    def restore(self, bill: Bill | None) -> None:
        """Take back what could not be made durable."""
        self._bill = bill

    def retime(self, step: timedelta) -> None:
        """Move the bill's times after the clock was set."""
        self._bill = None if self._bill is None else moved(self._bill, step)

    def due(self, state: EvseState, now: datetime) -> CostDue | None:
        """Return that the running cost is to be told, once Interval[Cost] has passed (I12.FR.02)."""
        interval_s = self._settings.integer(INTERVAL)
        now_s = self._clock.instant().monotonic_s
        is_told = interval_s > 0 and self._settings.flag(RUNNING_COST) and self._bill is not None
        if not is_told or state.transaction is None or state.transaction.ending is not None:
            self._told_s = now_s
            return None
        return CostDue(at=now, trigger="RunningCost") if now_s - self._told_s >= interval_s else None

    def _begin(self, driver: Authorization | None, seen: Seen) -> None:
        if self._is_decided or driver is None or self._defaults is None:
            return
        self._is_decided = True
        if driver.is_priced_centrally:
            return
        tariff = driver.tariff or self._defaults.in_force(self._evse_id)
        if tariff is None:
            return
        log.info("EVSE %d: transaction %s has tariff %s", self._evse_id, self._transaction_id, tariff.id)
        self._bill = begun(
            tariff,
            seen,
            Circumstances(
                evse_kind=self._kind,
                payment_brand=driver.token.detail("PaymentBrand"),
                payment_recognition=driver.token.detail("PaymentRecognition"),
            ),
            self._local(),
            reserved=None if driver.reserved_at is None else max(seen.at - driver.reserved_at, _NO_TIME),
            is_of_driver=driver.tariff is not None,
        )

    def _local(self) -> tzinfo:
        return UTC if self._zone is None else self._zone()

    def _flow(self, state: EvseState, transaction: Transaction) -> Flow:
        """Return what goes on. Charging is when the vehicle draws; idle when it is there and does not."""
        power_w, current_a = self._energy.flowing()
        if transaction.ending is not None or state.charging_state == "Idle":
            return Flow(power_w=power_w, current_a=current_a)
        is_charging = state.charging_state == "Charging"
        return Flow(is_charging=is_charging, power_w=power_w, current_a=current_a)

    def _details(self, bill: Bill, *, is_final: bool) -> CostDetails:
        needs_count = bill.tariff.energy is not None and bill.count_mwh is None
        if needs_count and bill.usage.charging_ms:
            return failed(bill.tariff.id, bill.tariff.currency, _NO_COUNT)
        return details(bill, is_final=is_final)
