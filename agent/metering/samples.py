"""From a meter's readings to the sampled values that a message carries."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_EVEN, Decimal

from agent.transactions.records import RegisterMark, Sample, SampleContext, SampledValue
from drivers.readings import Measurand, MeterReading, Quality, Reading

_MWH_PER_WH = 1000
_IMPORTED: Measurand = "Energy.Active.Import.Register"
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


def mark(reading: MeterReading) -> RegisterMark | None:
    """Return the reading's count, to hold later ones to; None if it has no good one."""
    energy_mwh = reading.energy_import_mwh
    if energy_mwh is None:
        return None
    serial_number = reading.register.serial_number
    return RegisterMark(energy_mwh=energy_mwh, at=reading.taken_at.wall, serial_number=serial_number)


def sample_of_mark(known: RegisterMark, measurands: Collection[str], context: SampleContext) -> Sample | None:
    """Return the count alone, stamped with the moment it was measured; None if it is not wanted."""
    if _IMPORTED not in measurands:
        return None
    value = SampledValue(
        measurand=_IMPORTED, value=Decimal(known.energy_mwh // _MWH_PER_WH), unit=_ENERGY_UNITS["mWh"]
    )
    return Sample(at=known.at, context=context, values=(value,))


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
