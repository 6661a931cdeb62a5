"""Collects meter values during a transaction that are told with its end only (J02: TxEndedInterval)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from agent.station.energy import EvseEnergy
from agent.store.journal import Journal
from agent.system.clock import StationClock
from agent.transactions.records import Sample, SampleContext, Transaction, TransactionEvent
from agent.variables.model import DeviceModel

MOST_BYTES: Final = 32_768
"""What the samples of one transaction may take: its last message has to pass through any backend."""
SAMPLED: Final = "SampledDataCtrlr"
ALIGNED: Final = "AlignedDataCtrlr"


class Collector:
    """The values of one EVSE that wait for the end of its transaction."""

    def __init__(
        self, energy: EvseEnergy, journal: Journal, clock: StationClock, settings: DeviceModel
    ) -> None:
        self._energy = energy
        self._journal = journal
        self._clock = clock
        self._settings = settings
        self._sampled_s = clock.instant().monotonic_s
        self._slot: int | None = None

    async def collect(self, transaction: Transaction | None) -> None:
        """Keep what is due of a running transaction.

        Raises:
            StoreError: If it could not be made durable; it is tried again at the next interval.
        """
        is_sampled, is_aligned = self._is_sampled_due(transaction), self._is_aligned_due()
        if transaction is None or transaction.ending is not None:
            return
        if is_sampled:
            await self._keep(transaction, SAMPLED, "Sample.Periodic")
        if is_aligned:
            await self._keep(transaction, ALIGNED, "Sample.Clock")

    async def collected(self, transaction: Transaction) -> tuple[Sample, ...]:
        """Return what was kept of a transaction, as measured one after the other."""
        samples = await self._journal.collected(transaction.id)
        return tuple(sorted(samples, key=lambda sample: sample.at))

    async def _keep(self, transaction: Transaction, controller: str, context: SampleContext) -> None:
        measurands = self._settings.members(f"{controller}.TxEndedMeasurands")
        sample = self._energy.latest_sample(measurands, context) if measurands else None
        if sample is not None:
            await self._journal.collect(transaction.id, sample, MOST_BYTES)

    def _is_sampled_due(self, transaction: Transaction | None) -> bool:
        now_s = self._clock.instant().monotonic_s
        interval_s = self._settings.integer(f"{SAMPLED}.TxEndedInterval")
        if transaction is None or interval_s == 0:
            self._sampled_s = now_s
            return False
        if now_s - self._sampled_s < interval_s:
            return False
        self._sampled_s = now_s
        return True

    def _is_aligned_due(self) -> bool:
        interval_s = self._settings.integer(f"{ALIGNED}.TxEndedInterval")
        if interval_s == 0:
            self._slot = None
            return False
        slot = int(self._clock.now().timestamp() // interval_s)
        before, self._slot = self._slot, slot
        return before is not None and slot != before


def ending_with(event: TransactionEvent, collected: tuple[Sample, ...]) -> TransactionEvent:
    """Return the last event of a transaction with what was collected, between its first and last values."""
    begin = tuple(sample for sample in event.samples if sample.context == "Transaction.Begin")
    rest = tuple(sample for sample in event.samples if sample.context != "Transaction.Begin")
    return replace(event, samples=(*begin, *collected, *rest))
