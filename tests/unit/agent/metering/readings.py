"""Polls of a meter as tests need them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from agent.metering.limits import limits_of
from agent.metering.values import Key
from drivers.readings import Instant, MeterReading, Reading, RegisterFacts, Unit
from tests.unit.agent.hardware import START, reading

LIMITS = limits_of(16, 3)
UNITS: Mapping[str, Unit] = {
    "Energy": "mWh",
    "Voltage": "V",
    "Current": "A",
    "Frequency": "Hz",
    "SoC": "Percent",
}
IMPORT: Key = ("Energy.Active.Import.Register", None)


def at(seconds: float) -> Instant:
    return Instant(1000.0 + seconds, START + timedelta(seconds=seconds))


def poll(
    values: Mapping[Key, int | str | None], seconds: float = 0.0, register: RegisterFacts | None = None
) -> MeterReading:
    """Return a poll with these values, in their natural units."""
    return MeterReading(
        readings=tuple(
            _reading(key, None if value is None else Decimal(value), at(seconds))
            for key, value in values.items()
        ),
        taken_at=at(seconds),
        register=register or RegisterFacts(step_mwh=1_000),
    )


def charging(count_mwh: int, seconds: float, amperes: str = "16") -> MeterReading:
    """Return a poll of a meter through which a vehicle draws so much on three phases at 230 V."""
    values: dict[Key, int | str | None] = {IMPORT: count_mwh}
    for number in (1, 2, 3):
        values["Voltage", f"L{number}-N"] = str(230 + Decimal(str(seconds)) / 1000)  # type: ignore[index]  # built
        values["Current.Import", f"L{number}"] = amperes  # type: ignore[index]  # built
    values["Power.Active.Import", None] = str(Decimal(amperes) * 3 * 230)
    return poll(values, seconds)


def _reading(key: Key, value: Decimal | None, moment: Instant) -> Reading:
    measurand, phase = key
    family = measurand.split(".")[0]
    unit: Unit = UNITS.get(family, "ratio" if measurand == "Power.Factor" else "W")
    return reading(measurand, value, unit, phase=phase, at=moment)
