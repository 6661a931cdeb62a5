"""OCMF records as meters write them, and the clock that a meter is told and forgets. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final, Literal

import msgspec

from drivers.emulated.signing.signer import Signer

Reason = Literal["B", "C", "E", "P"]
"""Why a reading was taken: begin, in between, end, end since the power failed (OCMF, field TX)."""
Field = str | bool | int | Decimal | None | Sequence["Field"] | Mapping[str, "Field"]
Head = Mapping[str, Field]
"""The fields of a record but its readings."""

FIRST_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""What a meter's clock shows at power-up, before it was set."""
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class MeterClock:
    """A clock without a battery: `set_to` is the time it was set to at `set_at_s`, None since power-up."""

    set_to: datetime | None = None
    set_at_s: float = 0.0

    def text(self, now_s: float) -> str:
        """Return the time as OCMF writes it, with its state: S synchronised, U unknown."""
        now = (self.set_to or FIRST_MOMENT) + timedelta(seconds=int(now_s - self.set_at_s))
        return f"{now:%Y-%m-%dT%H:%M:%S},000{now:%z} {'U' if self.set_to is None else 'S'}"


def clock_set_to(epoch_s: int, offset_min: int, now_s: float) -> MeterClock:
    """Return a clock set to a time, shown with an offset to UTC.

    Raises:
        ValueError: If that is no time, or no offset of any place on earth.
    """
    if not 0 <= epoch_s < 2**32 or not -24 * 60 < offset_min < 24 * 60:
        raise ValueError(f"{epoch_s} s with an offset of {offset_min} min is no time")
    zone = timezone(timedelta(minutes=offset_min))
    return MeterClock(datetime.fromtimestamp(epoch_s, zone), now_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterReading:
    """One reading, to be written into a record."""

    time: str
    reason: Reason
    value: Decimal
    unit: Literal["Wh", "kWh"]
    register: str = "1-0:1.8.0*255"
    current: Literal["AC", "DC"] = "AC"
    extras: Mapping[str, Field] | None = None
    """Fields of the maker's own, written after the value's unit."""

    def fields(self) -> dict[str, Field]:
        """Return the fields in the order in which they are written."""
        return {
            "TM": self.time,
            "TX": self.reason,
            "RV": self.value,
            "RI": self.register,
            "RU": self.unit,
            **(self.extras or {}),
            "RT": self.current,
            "EF": "",
            "ST": "G",
        }


def payload(head: Head, readings: Sequence[MeterReading]) -> str:
    """Return what is signed: JSON without a blank, numbers with exactly the decimals they have."""
    return _ENCODER.encode({**head, "RD": [reading.fields() for reading in readings]}).decode()


def record(text: str, signer: Signer) -> str:
    """Sign a payload and return the whole record."""
    return f'OCMF|{text}|{{"SA":"{signer.algorithm}","SD":"{signer.sign(text).hex()}"}}'


def watt_hours(energy_mwh: int) -> Decimal:
    """Return what a counter of whole Wh shows."""
    return Decimal(energy_mwh // 1000)


def kilowatt_hours(energy_mwh: int, decimals: int = 3) -> Decimal:
    """Return what a counter of kWh with some decimals shows, which are written even if they are zero."""
    step = 10 ** (6 - decimals)
    return Decimal(energy_mwh // step).scaleb(-decimals)
