"""A LEM DCBM 400/600: a DC meter that signs, on HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from drivers.http.errors import HttpError, UnexpectedResponse
from drivers.http.lem_dcbm import LemDcbmApi, LiveMeasure, Status
from drivers.ports import NothingSigned, NotIdle
from drivers.readings import (
    Identification,
    Instant,
    Measurand,
    MeterReading,
    Quality,
    Reading,
    RegisterFacts,
    SignedReading,
    SigningState,
    Unit,
)

MWH_PER_KWH: Final = 1_000_000
W_PER_KW: Final = 1000
MOST_V, MOST_A, MOST_KW, MOST_KWH = map(Decimal, (2_000, 2_000, 2_000, 1_000_000_000))
"""Beyond these no number is a measured value of this meter."""

_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class LemDcbmMeter:
    """Implements drivers.ports.EnergyMeter and SignedMeter.

    The meter signs a transaction when it is closed, its beginning and its end in one record, and keeps the
    records of all, so none needs to be confirmed before another begins.
    """

    def __init__(self, api: LemDcbmApi, clock: Callable[[], Instant]) -> None:
        self._api = api
        self._clock = clock
        self._serial_number: str | None = None

    async def read(self) -> MeterReading:
        """Poll once.

        Raises:
            DeviceError: If there was no proper answer.
        """
        try:
            if self._serial_number is None:
                self._serial_number = (await self._api.status()).meter_id
            measured, taken_at = await self._api.live_measure()
        except HttpError:
            self._serial_number = None  # it may be another one when it answers again
            raise
        return MeterReading(
            readings=tuple(_readings(measured, taken_at)),
            taken_at=taken_at,
            register=RegisterFacts(serial_number=self._serial_number),
        )

    @property
    def signs_begin(self) -> bool:
        """Whether there is a record of the beginning: there is one of the whole transaction only."""
        return False

    async def signing_state(self) -> SigningState:
        """Ask whether a transaction is open.

        Raises:
            DeviceError: If there was no proper answer.
        """
        return _state(await self._api.status())

    async def begin(self, who: Identification) -> None:
        """Set the meter's clock and open a transaction.

        Raises:
            NotIdle: If one is open.
            DeviceError: If the meter cannot sign now, or did not open it.
        """
        status = await self._api.status()
        if _state(status) is not SigningState.IDLE:
            raise NotIdle(self._api.http.name, SigningState.ACTIVE)
        await self._api.set_time(self._clock().wall)
        status = await self._api.status()
        problems = status.status.bits.problems
        if not status.status.bits.time_sync_status_is_ok:
            problems = [*problems, "its clock is not right although it was set"]
        if problems:
            raise UnexpectedResponse(self._api.http.url("/v1/status"), 200, "; ".join(problems))
        await self._api.start(who)

    async def recover(self) -> SignedReading | None:
        """Return the record of the last transaction that was closed; None if there is none, or one is open.

        Raises:
            DeviceError: If there was no proper answer.
        """
        status = await self._api.status()
        if _state(status) is SigningState.ACTIVE or status.number_of_stored_transactions == 0:
            return None
        last = await self._api.last_transaction()
        return await self._signed(last.transaction_id, status)

    async def end(self, who: Identification) -> SignedReading:
        """Close the open transaction and return its record; if it is closed already, return that again.

        Raises:
            NothingSigned: If none is open, and the last was another than `who` says.
            DeviceError: If it failed on the way; call again.
        """
        status = await self._api.status()
        last = await self._api.last_transaction()
        if _state(status) is SigningState.ACTIVE:
            await self._stop(last.transaction_id)
        elif status.number_of_stored_transactions == 0 or last.transaction_id != who.transaction_id:
            raise NothingSigned(f"{self._api.http.name}: transaction {who.transaction_id} is not open")
        return await self._signed(last.transaction_id, status)

    async def confirm(self) -> None:
        """Do nothing: the meter keeps its records, and another transaction may begin."""

    async def _stop(self, transaction_id: str) -> None:
        """Close a transaction; if only the answer was lost, that is found out and no failure."""
        try:
            await self._api.stop(transaction_id)
        except HttpError:
            if _state(await self._api.status()) is SigningState.ACTIVE:
                raise

    async def _signed(self, transaction_id: str, status: Status) -> SignedReading:
        text, taken_at = await self._api.ocmf(transaction_id)
        key = status.public_key_ocmf
        return SignedReading(
            text=text,
            format="OCMF",
            public_key=key if _HEXADECIMAL.fullmatch(key) else None,
            taken_at=taken_at,
        )


def _state(status: Status) -> SigningState:
    return SigningState.ACTIVE if status.status.bits.transaction_is_on_going else SigningState.IDLE


def _readings(measured: LiveMeasure, taken_at: Instant) -> list[Reading]:
    """Return the values as readings; what flows back to the mains is export."""
    power_w = _within(measured.power, MOST_KW, W_PER_KW)
    current_a = _within(measured.current, MOST_A)
    energy_in = _within(measured.energy_import_total, MOST_KWH, MWH_PER_KWH)
    energy_out = _within(measured.energy_export_total, MOST_KWH, MWH_PER_KWH)
    values: list[tuple[Measurand, Decimal | None, Unit]] = [
        ("Energy.Active.Import.Register", _whole(energy_in), "mWh"),
        ("Energy.Active.Export.Register", _whole(energy_out), "mWh"),
        ("Voltage", _within(measured.voltage, MOST_V), "V"),
        ("Current.Import", _positive(current_a), "A"),
        ("Current.Export", _positive(_negated(current_a)), "A"),
        ("Power.Active.Import", _positive(power_w), "W"),
        ("Power.Active.Export", _positive(_negated(power_w)), "W"),
    ]
    return [
        Reading(
            measurand=measurand,
            phase=None,
            value=value,
            unit=unit,
            quality=Quality.INVALID if value is None else Quality.GOOD,
            taken_at=taken_at,
        )
        for measurand, value, unit in values
    ]


def _within(value: Decimal, most: Decimal, factor: int = 1) -> Decimal | None:
    """Return the value times the factor, or None if it is no number that could have been measured."""
    return value * factor if value.is_finite() and abs(value) <= most else None


def _whole(energy_mwh: Decimal | None) -> Decimal | None:
    """Return energy in whole mWh; a register that is below zero is none."""
    return None if energy_mwh is None or energy_mwh < 0 else energy_mwh.to_integral_value()


def _positive(value: Decimal | None) -> Decimal | None:
    return None if value is None else max(value, Decimal(0))


def _negated(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value
