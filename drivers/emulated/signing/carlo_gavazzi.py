"""The signing unit of a Carlo Gavazzi EM580: a file for a whole transaction, to be confirmed once it is read.

A power failure ends an open transaction; its file then waits to be read, and no other transaction begins.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from drivers.emulated.pdu import ExceptionCode, Refused
from drivers.emulated.signing.meter import SigningMeterParts
from drivers.emulated.signing.record import (
    Field,
    MeterClock,
    MeterReading,
    Reason,
    clock_set_to,
    kilowatt_hours,
    payload,
    record,
)
from drivers.profiles.point import Point
from drivers.profiles.values import Value

TEXTS: Final = {
    "identification": "ID",
    "tariff_text": "TT",
    "charge_point": "CI",
    "identification_type": "IT",
}
"""Points whose text goes into the record, and the field that it becomes."""


class CarloGavazziSigning:
    """Implements SigningUnit by the names of the points in the meter's profile."""

    def __init__(self, meter: SigningMeterParts) -> None:
        self._meter = meter
        self._clock = MeterClock(None, meter.now_s())
        self._offset_min = 0
        self._texts = dict.fromkeys(TEXTS.values(), "")
        self._state = "idle"
        self._ready_at_s = 0.0
        self._pagination = 0
        self._begin: MeterReading | None = None
        self._file = b""

    def value_of(self, point: Point) -> Value | None:
        """Return what a point shows."""
        match point.name:
            case "signing_state":
                return self._state_now()
            case "file_registers":
                return Decimal((len(self._file) + 1) // 2 if self._state_now() == "unread" else 0)
            case "signed_end":
                return self._file.hex() if self._state_now() == "unread" else ""
            case "public_key_256" | "public_key_384":
                return self._meter.signer.public_der.hex()
            case "signature_type":
                return "bits_256" if self._meter.signer.curve == "brainpoolP256r1" else "bits_384"
        return None

    def change(self, point: Point, value: Value) -> None:
        """Carry out the write of one point."""
        match point.name, value:
            case "clock_offset", Decimal():
                self._offset_min = int(value)
            case "clock_epoch", Decimal():
                self._clock = clock_set_to(int(value), self._offset_min, self._meter.now_s())
            case name, str() if name in TEXTS:
                self._texts[TEXTS[name]] = value
            case "signing_command", str():
                self._obey(value)
            case "file_confirmed", "confirmed":
                self._confirm()

    def cut_power(self) -> None:
        """Forget the clock; end an open transaction."""
        if self._state == "active":
            self._write_file("P")
            self._ready_at_s = 0.0
        self._clock = MeterClock(None, self._meter.now_s())

    def _obey(self, command: str) -> None:
        wanted = "idle" if command == "begin" else "active"
        if self._state != wanted:  # also while it is still writing the file of the transaction that ends
            raise Refused(ExceptionCode.SERVER_DEVICE_FAILURE)
        if command == "end":
            self._write_file("E")
            return
        self._pagination += 1
        self._begin = self._reading("B")
        self._state = "active"

    def _confirm(self) -> None:
        if self._state_now() == "unread":
            self._state = "idle"
            self._file = b""

    def _reading(self, reason: Reason) -> MeterReading:
        return MeterReading(
            time=self._clock.text(self._meter.now_s()),
            reason=reason,
            value=kilowatt_hours(self._meter.energy_mwh()),
            unit="kWh",
        )

    def _write_file(self, reason: Reason) -> None:
        assert self._begin is not None
        head: dict[str, Field] = {
            "FV": "1.2",
            "GI": "EM580DINAV23XS3EIX",
            "GS": self._meter.serial_number,
            "PG": f"T{self._pagination}",
            "MV": "Carlo Gavazzi Controls",
            "MM": "EM580DINAV23XS3EIX",
            "MS": self._meter.serial_number,
            "IS": bool(self._texts["ID"]),
            "CT": "EVSEID",
            **self._texts,
        }
        text = record(payload(head, [self._begin, self._reading(reason)]), self._meter.signer)
        self._file = text.encode()
        self._state = "unread"
        self._ready_at_s = self._meter.now_s() + self._meter.signing_s

    def _state_now(self) -> str:
        """Return the state; while the file is being written the transaction still runs."""
        if self._state == "unread" and self._meter.now_s() < self._ready_at_s:
            return "active"
        return self._state
