"""What an EVSE says of its meter: the samples of messages, and the counts a transaction begins and ends with.

Every value leaves here with the time at which it was measured, however late it is sent; what the meter said
but cannot be believed leaves not at all.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal

from agent.metering.phases import phases_drawn
from agent.metering.poller import MeterPoller
from agent.metering.samples import mark, sample, sample_of_mark
from agent.station.events import Event, SampleDue
from agent.station.evse import EvseState
from agent.station.faults import YOUNG_S
from agent.system.clock import StationClock
from agent.transactions.progress import Report
from agent.transactions.records import RegisterMark, Sample, SampleContext, Transaction
from agent.variables.model import DeviceModel
from drivers.readings import MeterReading, Quality

log = logging.getLogger(__name__)

_FINAL_READING_TIMEOUT_S = 5.0
_STRAY_A = 2
_ENDED = "SampledDataCtrlr.TxEndedMeasurands"
_CONTEXTS: dict[str, SampleContext] = {
    "MeterValuePeriodic": "Sample.Periodic",
    "MeterValueClock": "Sample.Clock",
    "Trigger": "Trigger",
}


class EvseEnergy:
    """The meter of one EVSE, as messages need it."""

    def __init__(self, name: str, meter: MeterPoller, clock: StationClock, settings: DeviceModel) -> None:
        self._name = name
        self._meter = meter
        self._clock = clock
        self._settings = settings

    def resume(self, transaction: Transaction | None) -> None:
        """Hold the meter to what a running transaction last knew of it."""
        if transaction is None or transaction.register is None:
            return
        known = transaction.register
        away_s = (self._clock.now() - known.at).total_seconds()
        self._meter.continue_from(known.energy_mwh, known.serial_number, away_s)

    @property
    def counted_mwh(self) -> int | None:
        """The latest count that can be believed."""
        known = None if self._meter.counted is None else mark(self._meter.counted)
        return None if known is None else known.energy_mwh

    def current_flows(self) -> bool:
        """Tell whether the meter sees more current than that of its own wiring, now."""
        if self._meter.last is None or self._meter.age_s() > YOUNG_S:
            return False
        currents = (item for item in self._meter.last.readings if item.measurand == "Current.Import")
        return any(
            abs(item.value) > _STRAY_A
            for item in currents
            if item.value is not None and item.quality is Quality.GOOD
        )

    def latest_sample(self, measurands: tuple[str, ...], context: SampleContext) -> Sample | None:
        """Return the meter's latest values, or None if it is silent or nothing it says can be believed."""
        if self._meter.last is None or self._meter.age_s() > YOUNG_S:
            return None
        return self._sample(self._meter.last, measurands, context)

    def highest_current_a(self) -> Decimal | None:
        """Return the highest current of a phase now (A); None if the meter does not say."""
        if self._meter.last is None or self._meter.age_s() > YOUNG_S:
            return None
        currents = (self._meter.last.find("Current.Import", phase) for phase in ("L1", "L2", "L3"))
        return max((one.value for one in currents if one is not None and one.value is not None), default=None)

    def phases_drawn(self) -> int | None:
        """Return on how many phases current flows now; None if none does, or the meter does not say."""
        if self._meter.last is None or self._meter.age_s() > YOUNG_S:
            return None
        return phases_drawn(self._meter.last)

    def flowing(self) -> tuple[Decimal | None, Decimal | None]:
        """Return the power (W) and the current over all phases (A) now, None where the meter is silent."""
        if self._meter.last is None or self._meter.age_s() > YOUNG_S:
            return None, None
        power = self._meter.last.find("Power.Active.Import")
        found = (self._meter.last.find("Current.Import", phase) for phase in ("L1", "L2", "L3", None))
        currents = [one.value for one in found if one is not None and one.value is not None]
        return None if power is None else power.value, sum(currents, Decimal(0)) if currents else None

    def sample_for(self, event: SampleDue) -> Sample | None:
        """Return the values that a running transaction reports for this reason, if there are any."""
        name = "AlignedDataCtrlr.Measurands"
        if event.trigger != "MeterValueClock":
            name = "SampledDataCtrlr.TxUpdatedMeasurands"
        return self.latest_sample(self._settings.members(name), _CONTEXTS[event.trigger])

    async def begin_reading(self) -> MeterReading | None:
        """Return the reading a transaction starts from: no energy flows yet, so the latest will do."""
        if self._meter.count_age_s() <= YOUNG_S:
            return self._meter.counted
        return await self._meter.fresh(self._clock.instant().monotonic_s, _FINAL_READING_TIMEOUT_S)

    def late_beginning(self, state: EvseState) -> EvseState | None:
        """Return the state with the first count of a transaction that has none yet, once there is one."""
        transaction = state.transaction
        if transaction is None or transaction.register is not None or transaction.ending is not None:
            return None
        if self._meter.count_age_s() > YOUNG_S or self._meter.counted is None:
            return None
        log.info("%s: transaction %s has its first count", self._name, transaction.id)
        return self.begun(state, self._meter.counted)

    def begun(self, state: EvseState, reading: MeterReading | None) -> EvseState:
        """Keep the first register values: the Ended event repeats them beside the last (J02.FR.03)."""
        transaction = state.transaction
        if transaction is None or reading is None:
            return state
        begin = transaction.begin
        if begin is None:
            begin = self._sample(reading, self._settings.members(_ENDED), "Transaction.Begin")
        known = mark(reading)
        begin_mwh = transaction.begin_mwh if known is None else transaction.begin_mwh or known.energy_mwh
        return replace(
            state, transaction=replace(transaction, begin=begin, register=known, begin_mwh=begin_mwh)
        )

    def marked(self, state: EvseState) -> EvseState:
        """Note how far the transaction's register has come, so that a restart knows what to go on from."""
        transaction, counted = state.transaction, self._meter.counted
        if transaction is None or transaction.register is None or counted is None:
            return state
        known = mark(counted)
        if known is None or known.energy_mwh < transaction.register.energy_mwh:
            return state
        return replace(state, transaction=replace(transaction, register=known))

    async def final_reading(self) -> MeterReading | None:
        """Return a reading of now, when no energy flows any more; else the last that can be believed."""
        reading = await self._meter.fresh(self._clock.instant().monotonic_s, _FINAL_READING_TIMEOUT_S)
        if reading is None:
            log.warning("%s: no final reading; the last one known closes the transaction", self._name)
        return reading or self._meter.counted

    def samples(
        self, report: Report, transaction: Transaction | None, event: Event, reading: MeterReading | None
    ) -> tuple[Sample, ...]:
        """Return what a transaction event carries; `reading` is its first or its final one."""
        if report.kind == "Started" and reading is not None:
            measurands = self._settings.members("SampledDataCtrlr.TxStartedMeasurands")
            return _present(self._sample(reading, measurands, "Transaction.Begin"))
        if report.kind == "Ended":
            begin = None if transaction is None else transaction.begin
            known = None if transaction is None else transaction.register
            return _present(begin, self._end(reading, known))
        return _present(self.sample_for(event)) if isinstance(event, SampleDue) else ()

    def _end(self, reading: MeterReading | None, known: RegisterMark | None) -> Sample | None:
        measurands = self._settings.members(_ENDED)
        if reading is not None:
            return self._sample(reading, measurands, "Transaction.End")
        return None if known is None else sample_of_mark(known, measurands, "Transaction.End")

    def _sample(
        self, reading: MeterReading, measurands: tuple[str, ...], context: SampleContext
    ) -> Sample | None:
        without_phases = self._settings.flag("SampledDataCtrlr.RegisterValuesWithoutPhases")
        return sample(reading, measurands, context, registers_without_phases=without_phases)


def _present(*samples: Sample | None) -> tuple[Sample, ...]:
    return tuple(item for item in samples if item is not None)
