"""What the agent may ask of hardware: one capability each."""

from __future__ import annotations

from typing import Protocol

from drivers.readings import Identification, MeterReading, PilotReading, SignedReading, SigningState


class DeviceError(Exception):
    """The hardware did not do what was asked: it is silent, broken or refused. The caller may try again."""


class NotIdle(DeviceError):
    """A signing meter was told to begin a transaction while another one is open or its reading unread."""

    def __init__(self, who: str, state: SigningState) -> None:
        super().__init__(
            f"{who}: cannot begin a signed transaction while one is {state.value}; end it, store its reading "
            "and confirm that first"
        )
        self.state = state


class NothingSigned(DeviceError):
    """A signing meter was told to end a transaction, but none is open and it holds none that has ended."""


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


class SignedMeter(Protocol):
    """A meter that signs what it measured in a transaction, so that nobody need trust the station.

    The caller stores what it is given before it goes on, and repeats what a power cut interrupted: `begin`
    never begins twice, `end` gives the same transaction's reading again, and `confirm` comes last.
    """

    async def signing_state(self) -> SigningState:
        """Ask the device what it is doing.

        Raises:
            DeviceError: If it did not answer properly.
        """

    async def begin(self, who: Identification) -> SignedReading | None:
        """Set the device's clock, tell it who charges, begin a transaction and return what it signed.

        None from a device that signs the beginning only together with the end.

        Raises:
            NotIdle: If a transaction is open, or one that ended was not confirmed. Nothing was changed.
            DeviceError: If it failed on the way. Whether the transaction has begun, `signing_state` tells.
        """

    async def recover(self) -> SignedReading | None:
        """Return what the device signed last and still holds; reading it changes nothing.

        Of an open transaction that is its beginning, of one that has ended its end.

        Raises:
            DeviceError: If it did not answer properly.
        """

    async def end(self, who: Identification) -> SignedReading:
        """End the open transaction and return what was signed; if it has ended already, return that again.

        `who` is what `begin` was told: some devices forget it when the power is cut.

        Raises:
            NothingSigned: If there is no transaction to end.
            DeviceError: If it failed on the way; call again.
        """

    async def confirm(self) -> None:
        """Tell the device that the reading of `end` is stored: it may forget it, and another may begin.

        Raises:
            DeviceError: If the device did not confirm; call again.
        """
