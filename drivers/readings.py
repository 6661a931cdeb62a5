"""Frozen values that devices report, with unit, time and quality.

A reading never loses its age: `taken_at` is when the bytes arrived, not when somebody asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Literal

Phase = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
"""The phases of OCPP 2.0.1 PhaseEnumType."""

Measurand = Literal[
    "Current.Import",
    "Current.Export",
    "Current.Offered",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Factor",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
]
"""The measurands of OCPP 2.0.1 MeasurandEnumType that a device can report."""

Unit = Literal["A", "V", "W", "var", "Hz", "mWh", "mvarh", "Percent", "ratio", "Ohm", "Celsius", "s"]
"""Units inside chargehand: energy is integer mWh, whatever the register counts in."""


class Quality(Enum):
    """Whether a value may be used."""

    GOOD = "good"
    INVALID = "invalid"
    """The device answered with a sentinel, or with a value outside the profile's valid range."""
    SUSPECT = "suspect"
    """The device said it, but it cannot be true where the device is. No driver knows that: its user does."""


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on both clocks: `monotonic_s` for ages, `wall` (aware, UTC) for records."""

    monotonic_s: float
    wall: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value; energy in whole mWh, everything else in its SI unit.

    `value` is None exactly when the quality is INVALID.
    """

    measurand: Measurand
    phase: Phase | None
    value: Decimal | None
    unit: Unit
    quality: Quality
    taken_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """What tells one active energy import register from another; None where the driver does not know."""

    step_mwh: int | None = None
    """How far apart two counts are that the register can hold, at its present count; at least 1."""
    wraps_at_mwh: int | None = None
    """The count at which the register begins at 0 again, if the device counts that far."""
    serial_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """What one poll of a meter gave. Complete or not at all: a poll that lost a block raises instead."""

    readings: tuple[Reading, ...]
    taken_at: Instant
    register: RegisterFacts = RegisterFacts()

    def find(self, measurand: Measurand, phase: Phase | None = None) -> Reading | None:
        """Return the good reading of this measurand and phase, or None."""
        for reading in self.readings:
            if (reading.measurand, reading.phase) == (measurand, phase) and reading.quality is Quality.GOOD:
                return reading
        return None

    @property
    def energy_import_mwh(self) -> int | None:
        """The active energy import register in mWh, or None if the meter gave no good value."""
        reading = self.find("Energy.Active.Import.Register")
        return None if reading is None or reading.value is None else int(reading.value)


class Pilot(Enum):
    """Control pilot states (IEC 61851-1 Annex A)."""

    A = "A"
    """No vehicle."""
    B = "B"
    """Vehicle connected, does not ask for energy."""
    C = "C"
    """Vehicle asks for energy."""
    D = "D"
    """Vehicle asks for energy and for ventilation."""
    E = "E"
    """Error: pilot shorted or no power."""
    F = "F"
    """The charging station is not available."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotReading:
    """The control pilot as the charge controller sees it."""

    pilot: Pilot
    cable_limit_a: int | None
    """Ampacity coded by the proximity resistor, None if unknown."""
    taken_at: Instant
    fault: str | None = None
    """What the controller says is wrong, in a few words."""


IdentificationType = Literal[
    "NONE",
    "DENIED",
    "UNDEFINED",
    "ISO14443",
    "ISO15693",
    "EMAID",
    "EVCCID",
    "EVCOID",
    "ISO7812",
    "CARD_TXN_NR",
    "CENTRAL",
    "CENTRAL_1",
    "CENTRAL_2",
    "LOCAL",
    "LOCAL_1",
    "LOCAL_2",
    "PHONE_NUMBER",
    "KEY_CODE",
]
"""How a driver was identified, in the words of OCMF (its field IT)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """Who charges and where: what a signing meter is told, so that it stands under its signature."""

    transaction_id: str
    token: str
    type: IdentificationType
    evse_id: str = ""


class SigningState(Enum):
    """What a signing meter is doing."""

    IDLE = "idle"
    """No transaction is open; one may begin."""
    ACTIVE = "active"
    """A transaction was begun and has not ended, perhaps before the power was cut."""
    UNREAD = "unread"
    """A transaction has ended, and the device will not begin another until its reading is confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReading:
    """A meter reading under the meter's own signature.

    The signature covers characters, not values: `text` is what the device gave, and is never written anew.
    """

    text: str
    format: Literal["OCMF"]
    public_key: str | None
    """The device's key as hexadecimal DER (SubjectPublicKeyInfo), if it tells it. Whether that key may be
    trusted is not known here: it must be compared with the one on the meter's type plate or in a register."""
    taken_at: Instant
    """When the last byte of it arrived; when the meter read itself stands in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReading:
    """A card that a driver presented."""

    uid: str
    """Its number in upper-case hexadecimal digits, in the order in which the card sends it."""
    type: Literal["ISO14443", "ISO15693"]
    taken_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LockReading:
    """The bolt of a socket outlet."""

    is_locked: bool | None
    """None if the hardware says neither."""
    taken_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupancyReading:
    """A parking bay."""

    is_occupied: bool
    taken_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DcLimits:
    """The most that a DC supply can deliver; None where it does not say."""

    voltage_v: Decimal | None
    current_a: Decimal | None
    power_w: Decimal | None
    taken_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DcReading:
    """What a DC supply delivers; a value is None where it may not be used."""

    voltage_v: Decimal | None
    current_a: Decimal | None
    is_on: bool | None
    limits: Literal["voltage", "current"] | None
    """Which of the two set values holds the output back."""
    fault: str | None
    """What the supply says is wrong, None if nothing."""
    taken_at: Instant

    @property
    def quality(self) -> Quality:
        """Whether voltage and current may be used."""
        return Quality.INVALID if None in (self.voltage_v, self.current_a) else Quality.GOOD


class DcState(Enum):
    """What a connector of a DC charger is doing."""

    FREE = "free"
    OCCUPIED = "occupied"
    CHARGING = "charging"
    SUSPENDED = "suspended"
    FINISHING = "finishing"
    UNAVAILABLE = "unavailable"
    FAULTED = "faulted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DcChargerReading:
    """What a connector of a DC charger does; a value is None where the charger has none that may be used."""

    state: DcState
    voltage_v: Decimal | None
    current_a: Decimal | None
    power_w: Decimal | None
    soc_percent: Decimal | None
    energy_import_mwh: int | None
    taken_at: Instant


class IsolationAlarm(Enum):
    """What an isolation monitor thinks of the resistance it measures."""

    NONE = "none"
    WARNING = "warning"
    ALARM = "alarm"
    DEVICE_FAULT = "device_fault"
    """The monitor itself is broken: its resistance says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IsolationReading:
    """Insulation against earth as a monitor sees it."""

    resistance_ohm: Decimal | None
    """None exactly when the quality is INVALID."""
    alarm: IsolationAlarm
    is_testing: bool
    """While the monitor tests itself it measures nothing that may be used."""
    quality: Quality
    taken_at: Instant
