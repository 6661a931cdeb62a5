"""The energy that an OpenEVSE controller counts, as a meter."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Final

from drivers.readings import Instant, Measurand, MeterReading, Quality, Reading, RegisterFacts, Unit
from drivers.serial.errors import UnexpectedAnswer
from drivers.serial.rapi_answers import Electrical, Status, Usage
from drivers.serial.rapi_client import RapiClient

MWH_PER_WH: Final = 1000
REGISTER: Final = RegisterFacts(step_mwh=MWH_PER_WH, wraps_at_mwh=2**32 * MWH_PER_WH)
"""Whole Wh in 32 bits."""
MOST_STEP_WS: Final = 1_000_000
"""More than any AC charger can pass in the time between two readings of a poll: one of them is damaged."""
SETTLES_S: Final = 0.2
"""How long the controller may take to add a session that ended to its total."""
ATTEMPTS: Final = 3


class OpenEvseMeter:
    """Implements drivers.ports.EnergyMeter: energy of all sessions in whole Wh, current, voltage.

    The controller adds a session to its total only when the vehicle is unplugged, so a running one is added
    here. The energy is read twice around the status, and both must agree: RAPI's checksum lets some damage
    pass, and a session may end between two questions.
    """

    def __init__(self, client: RapiClient) -> None:
        self._client = client
        self._had_vehicle: bool | None = None

    async def read(self) -> MeterReading:
        """Poll once.

        Raises:
            DeviceError: If any part of the poll failed, or its parts do not agree.
        """
        for _ in range(ATTEMPTS):
            energy = await self._energy_wh()
            if energy is not None:
                break
            await asyncio.sleep(SETTLES_S)
        else:
            raise UnexpectedAnswer(self._client.port, "the energy is another each time it is read")
        energy_wh, taken_at = energy
        electrical, measured_at = await self._client.get("GG", Electrical.parse)
        current = None if electrical.current_ma < 0 else Decimal(electrical.current_ma).scaleb(-3)
        return MeterReading(
            readings=(
                _reading("Energy.Active.Import.Register", Decimal(energy_wh * MWH_PER_WH), "mWh", taken_at),
                _reading("Current.Import", current, "A", measured_at),
                _reading("Voltage", Decimal(electrical.voltage_mv).scaleb(-3), "V", measured_at),
            ),
            taken_at=taken_at,
            register=REGISTER,
        )

    async def _energy_wh(self) -> tuple[int, Instant] | None:
        """Return the energy of all sessions and when it was read; None if that was no good moment."""
        first, taken_at = await self._client.get("GU", Usage.parse)
        status, _ = await self._client.get("GS", Status.parse)
        second, _ = await self._client.get("GU", Usage.parse)
        had_vehicle, self._had_vehicle = self._had_vehicle, status.has_vehicle
        if had_vehicle not in (None, status.has_vehicle):
            return None
        if first.ended_sessions_wh != second.ended_sessions_wh:
            return None
        if not 0 <= second.session_ws - first.session_ws <= MOST_STEP_WS:
            return None
        return first.total_wh(in_session=status.has_vehicle), taken_at


def _reading(measurand: Measurand, value: Decimal | None, unit: Unit, taken_at: Instant) -> Reading:
    quality = Quality.INVALID if value is None else Quality.GOOD
    return Reading(
        measurand=measurand, phase=None, value=value, unit=unit, quality=quality, taken_at=taken_at
    )
