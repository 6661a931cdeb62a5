"""The signing unit of an Iskra WM3M4: the station writes a record's head, the meter adds readings.

Payload and signature are read apart. The firmware writes r and s with a zero byte before them whether they
need one or not. After a power failure the transaction is still open, but clock and head are gone, and it does
not end before they are written again.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from drivers.emulated.signing.meter import SigningMeterParts, as_hex
from drivers.emulated.signing.record import (
    Field,
    MeterClock,
    MeterReading,
    Reason,
    clock_set_to,
    kilowatt_hours,
    payload,
)
from drivers.profiles.point import Point
from drivers.profiles.values import Value

NUMBER_BYTES: Final = 33
"""What the firmware always writes for r and for s."""


class IskraSigning:
    """Implements SigningUnit by the names of the points in the meter's profile."""

    def __init__(self, meter: SigningMeterParts) -> None:
        self._meter = meter
        self._state = "idle"
        self._status = "idle"
        self._ready_at_s = 0.0
        self._pagination = 0
        self._begin: MeterReading | None = None
        self._payload = ""
        self._signature = b""
        self._forget()

    def _forget(self) -> None:
        self._clock = MeterClock(None, self._meter.now_s())
        self._time: dict[str, int] = {"clock_high": 0, "clock_low": 0, "clock_offset": 0}
        self._metadata = ""
        self._metadata_bytes = 0

    def value_of(self, point: Point) -> Value | None:
        """Return what a point shows."""
        match point.name:
            case "signing_state":
                return self._state
            case "signing_status":
                return self._status_now()
            case "payload_bytes":
                return Decimal(len(self._payload.encode()) if self._is_ready() else 0)
            case "signature_bytes":
                return Decimal(len(self._signature) if self._is_ready() else 0)
            case "signed_payload":
                return as_hex(self._payload) if self._is_ready() else ""
            case "signature":
                return self._signature.hex() if self._is_ready() else ""
            case "public_key":
                return self._meter.signer.public_point.hex()
        return None

    def change(self, point: Point, value: Value) -> None:
        """Carry out the write of one point."""
        match point.name, value:
            case ("clock_high" | "clock_low" | "clock_offset") as part, Decimal():
                self._time[part] = int(value)
            case "clock_state", "synchronised":
                epoch_s = self._time["clock_high"] << 16 | self._time["clock_low"]
                self._clock = clock_set_to(epoch_s, self._time["clock_offset"], self._meter.now_s())
            case "metadata", str():
                self._metadata = value
            case "metadata_bytes", Decimal():
                self._metadata_bytes = int(value)
            case "signing_command", str():
                self._obey(value)

    def cut_power(self) -> None:
        """Forget clock and head; what was begun is still open, what was signed is still there."""
        self._forget()
        if self._state != "idle":
            self._state = "active_after_power_failure"

    def _obey(self, command: str) -> None:
        head = self._head()
        if (command == "begin") != (self._state == "idle"):
            self._status = "invalid_state"
        elif self._clock.set_to is None:
            self._status = "invalid_time"
        elif head is None:
            self._status = "invalid_message"
        else:
            self._sign("B" if command == "begin" else "E", head)

    def _head(self) -> dict[str, Field] | None:
        try:
            head = json.loads(self._metadata.encode()[: self._metadata_bytes])
        except ValueError:
            return None
        return head if isinstance(head, dict) else None

    def _sign(self, reason: Reason, head: dict[str, Field]) -> None:
        now_s = self._meter.now_s()
        energy = kilowatt_hours(self._meter.energy_mwh())
        reading = MeterReading(time=self._clock.text(now_s), reason=reason, value=energy, unit="kWh")
        if reason == "B":
            self._pagination += 1
            self._begin = reading
        first = self._begin if reason == "E" else None
        filled = head | {
            "PG": f"T{self._pagination}",
            "MV": "Iskra",
            "MM": "WM3M4",
            "MS": self._meter.serial_number,
            "MF": "1.14",
        }
        self._payload = payload(filled, [reading] if first is None else [first, reading])
        self._signature = with_zeros(self._meter.signer.sign(self._payload))
        self._state = "active" if reason == "B" else "idle"
        self._status = "in_progress"
        self._ready_at_s = now_s + self._meter.signing_s

    def _status_now(self) -> str:
        if self._status == "in_progress" and self._meter.now_s() >= self._ready_at_s:
            self._status = "signed"
        return self._status

    def _is_ready(self) -> bool:
        return self._status_now() == "signed"


def with_zeros(signature: bytes) -> bytes:
    """Return a signature with r and s as long as the firmware writes them."""
    numbers = [number.to_bytes(NUMBER_BYTES, "big") for number in decode_dss_signature(signature)]
    body = b"".join(bytes((2, NUMBER_BYTES)) + number for number in numbers)
    return bytes((0x30, len(body))) + body
