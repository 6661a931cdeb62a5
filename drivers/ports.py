"""What the agent may ask of hardware: one capability each."""

from __future__ import annotations

from typing import Protocol

from drivers.readings import MeterReading, PilotReading


class DeviceError(Exception):
    """The hardware did not do what was asked: it is silent, broken or refused. The caller may try again."""


class EnergyMeter(Protocol):
    """An energy meter."""

    async def read(self) -> MeterReading:
        """Poll the meter once.

        Raises:
            DeviceError: If any part of the poll failed; nothing older is ever returned instead.
        """


class ChargeController(Protocol):
    """The electronics that drive the control pilot and the contactor (IEC 61851-1)."""

    async def read_pilot(self) -> PilotReading:
        """Return the control pilot now.

        Raises:
            DeviceError: If the controller did not answer properly.
        """

    async def offer(self, limit_a: int) -> None:
        """Let the vehicle draw at most `limit_a` (A per phase): pilot PWM on, contactor closes on pilot C.

        Raises:
            DeviceError: If the controller did not confirm; the caller must assume the old state.
            ValueError: If the profile does not allow that limit.
        """

    async def withdraw(self) -> None:
        """Stop offering energy: pilot PWM off, contactor open.

        Raises:
            DeviceError: If the controller did not confirm; the caller must try again.
        """
