"""The signing unit of a BSM-WS36A: snapshots, each taken by writing to its own status.

It knows no transactions: a start and an end snapshot are independent, and both are invalid after power-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from drivers.emulated.signing.meter import SigningMeterParts, as_hex
from drivers.emulated.signing.record import (
    Head,
    MeterClock,
    MeterReading,
    Reason,
    clock_set_to,
    payload,
    record,
    watt_hours,
)
from drivers.profiles.point import Point
from drivers.profiles.values import Value

MODEL: Final = "BSM-WS36A-H01-1311-0000"
VENDOR: Final = "BAUER Electronic"
SNAPSHOT_TYPE: Final[dict[Reason, int]] = {"B": 3, "E": 4}


@dataclass(slots=True)
class _Snapshot:
    reason: Reason
    status: str = "invalid"
    counter: int = 0
    text: str = ""
    ready_at_s: float = 0.0


class BauerSigning:
    """Implements SigningUnit by the names of the points in the meter's profile."""

    def __init__(self, meter: SigningMeterParts) -> None:
        self._meter = meter
        self._clock = MeterClock(None, meter.now_s())
        self._epoch_s = 0
        self._identification = ""
        self._counter = 0
        self._begin = _Snapshot("B")
        self._end = _Snapshot("E")

    def value_of(self, point: Point) -> Value | None:
        """Return what a point shows."""
        match point.name:
            case "begin_status":
                return self._status(self._begin)
            case "end_status":
                return self._status(self._end)
            case "begin_counter":
                return Decimal(self._begin.counter)
            case "end_counter":
                return Decimal(self._end.counter)
            case "signed_begin":
                return self._shown(self._begin)
            case "signed_end":
                return self._shown(self._end)
            case "public_key":
                return self._meter.signer.public_der.hex()
            case "public_key_bytes":
                return Decimal(len(self._meter.signer.public_der))
        return None

    def change(self, point: Point, value: Value) -> None:
        """Carry out the write of one point."""
        match point.name, value:
            case "clock_epoch", Decimal():
                self._epoch_s = int(value)
            case "clock_offset", Decimal():
                self._clock = clock_set_to(self._epoch_s, int(value), self._meter.now_s())
            case "identification", str():
                self._identification = value
            case "begin_status", "updating":
                self._take(self._begin)
            case "end_status", "updating":
                self._take(self._end)

    def cut_power(self) -> None:
        """Forget clock, identification and snapshots; the counter goes on."""
        self._clock = MeterClock(None, self._meter.now_s())
        self._identification = ""
        self._begin, self._end = _Snapshot("B"), _Snapshot("E")

    def _take(self, snapshot: _Snapshot) -> None:
        now_s = self._meter.now_s()
        self._counter += 1
        snapshot.counter = self._counter
        snapshot.status = "updating"
        snapshot.ready_at_s = now_s + self._meter.signing_s
        snapshot.text = record(self._payload(snapshot, now_s), self._meter.signer)

    def _payload(self, snapshot: _Snapshot, now_s: float) -> str:
        total_wh = watt_hours(self._meter.energy_mwh())
        reading = MeterReading(
            time=self._clock.text(now_s),
            reason=snapshot.reason,
            value=total_wh,
            unit="Wh",
            register="1-0:1.8.0*198",
            extras={"XV": total_wh, "XI": "1-0:1.8.0*255", "XU": "Wh", "XT": SNAPSHOT_TYPE[snapshot.reason]},
        )
        head: Head = {
            "FV": "1.0",
            "GI": f"{VENDOR} {MODEL}",
            "GS": self._meter.serial_number,
            "GV": "1.9:32CA:AFF4, 6d1dd3c",
            "PG": f"T{snapshot.counter}",
            "MV": VENDOR,
            "MM": MODEL,
            "MS": self._meter.serial_number,
            "IS": True,
            "IT": "UNDEFINED",
            "ID": self._identification,
        }
        return payload(head, [reading])

    def _status(self, snapshot: _Snapshot) -> str:
        if snapshot.status == "updating" and self._meter.now_s() >= snapshot.ready_at_s:
            snapshot.status = "valid"
        return snapshot.status

    def _shown(self, snapshot: _Snapshot) -> str:
        return as_hex(snapshot.text) if self._status(snapshot) == "valid" else ""
