"""From a meter's readings to the sampled values that a message carries."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_EVEN, Decimal

from agent.transactions.records import Sample, SampleContext, SampledValue
from drivers.readings import MeterReading, Quality, Reading

_MWH_PER_WH = 1000
_RESOLUTION = Decimal("0.001")
_ENERGY_UNITS = {"mWh": "Wh", "mvarh": "varh"}
_OCPP_UNITS = {"A": "A", "V": "V", "W": "W", "var": "var", "Hz": "Hz", "Percent": "Percent", "ratio": "1"}


def sample(
    reading: MeterReading,
    measurands: Collection[str],
    context: SampleContext,
    *,
    registers_without_phases: bool,
) -> Sample | None:
    """Return the good values of these measurands, stamped with the moment they were measured.

    Energy comes in whole Wh, rounded down as a register counts; all else with three decimals. None if the
    reading has no good value of any of them.
    """
    values = tuple(
        _value(item, item.value)
        for item in reading.readings
        if item.value is not None
        and item.quality is Quality.GOOD
        and item.measurand in measurands
        and not (registers_without_phases and item.phase is not None and "Register" in item.measurand)
    )
    return Sample(at=reading.taken_at.wall, context=context, values=values) if values else None


def _value(reading: Reading, value: Decimal) -> SampledValue:
    if reading.unit in _ENERGY_UNITS:
        return SampledValue(
            measurand=reading.measurand,
            phase=reading.phase,
            value=Decimal(int(value) // _MWH_PER_WH),
            unit=_ENERGY_UNITS[reading.unit],
        )
    return SampledValue(
        measurand=reading.measurand,
        phase=reading.phase,
        value=value.quantize(_RESOLUTION, ROUND_HALF_EVEN).normalize() + 0,
        unit=_OCPP_UNITS[reading.unit],
    )
