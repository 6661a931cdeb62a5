"""What the agent may ask of hardware: one capability each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, Protocol

from drivers.readings import (
    CardReading,
    DcChargerReading,
    DcLimits,
    DcReading,
    Identification,
    IsolationReading,
    LockReading,
    MeterReading,
    OccupancyReading,
    PilotReading,
    SignedReading,
    SigningState,
)


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
    """The electronics that drive the control pilot and the contactor (IEC 61851-1).

    A controller with a watchdog of its own is kept awake only by its owner's calls, so `read_pilot` must be
    called all the time, as it is for watching the pilot: an owner that hangs loses its offer.
    """

    async def read_pilot(self) -> PilotReading:
        """Return the control pilot now.

        Raises:
            DeviceError: If the controller did not answer properly, or may have forgotten what it was told.
                After one, the caller must assume neither the old offer nor its absence, and tell it again.
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


class DigitalPilot(Protocol):
    """Tells the vehicle over the pilot to speak (a duty cycle of 5 %, IEC 61851-1 Annex A).

    It holds whether or not energy is offered; the contactor closes on pilot C only while it is.
    """

    async def demand(self, *, digital: bool) -> None:
        """Demand digital communication from now on, or have the pilot say the current again.

        Raises:
            DeviceError: If the controller did not confirm; the caller must try again.
        """


class PhaseSwitch(Protocol):
    """Chooses how many phases a vehicle is connected to."""

    async def use_phases(self, count: Literal[1, 3]) -> None:
        """Use one phase or all three; only while nothing is offered, because contactors are not to arc.

        Raises:
            DeviceError: If the hardware did not confirm; the caller must assume the old state.
        """


class ConnectorLock(Protocol):
    """The bolt that holds the plug in a socket outlet."""

    async def read_lock(self) -> LockReading:
        """Return whether the bolt holds.

        Raises:
            DeviceError: If the hardware did not answer properly.
        """

    async def lock(self) -> None:
        """Hold the plug.

        Raises:
            DeviceError: If the hardware did not confirm.
        """

    async def unlock(self) -> None:
        """Let the plug go.

        Raises:
            DeviceError: If the hardware did not confirm.
        """


class BaySensor(Protocol):
    """Detects whether a vehicle stands in a parking bay."""

    async def read_occupancy(self) -> OccupancyReading:
        """Return whether the bay is occupied now.

        Raises:
            DeviceError: If the sensor did not answer properly, or says neither.
        """


class DcOutput(Protocol):
    """Something that makes direct current, as far as it can be watched."""

    async def read_limits(self) -> DcLimits:
        """Return what it can deliver at most.

        Raises:
            DeviceError: If it did not answer properly.
        """

    async def read(self) -> DcReading:
        """Return what it delivers now.

        Raises:
            DeviceError: If it did not answer properly; nothing older is ever returned instead.
        """


class DcSupply(DcOutput, Protocol):
    """A rectifier or laboratory supply that is told what to deliver."""

    async def set_output(self, voltage_v: Decimal, current_a: Decimal) -> None:
        """Let it deliver this voltage, and never more than this current.

        Raises:
            DeviceError: If the supply did not confirm; the caller must assume the old state or a mixture.
            ValueError: If the profile does not allow these values.
        """

    async def switch_on(self) -> None:
        """Connect the output.

        Raises:
            DeviceError: If the supply did not confirm.
        """

    async def switch_off(self) -> None:
        """Disconnect the output.

        Raises:
            DeviceError: If the supply did not confirm; the caller must try again.
        """


class DcCharger(Protocol):
    """A whole DC charger that talks to the vehicle itself and lets its power be limited."""

    async def read(self) -> DcChargerReading:
        """Return what the connector does now.

        Raises:
            DeviceError: If it did not answer properly; nothing older is ever returned instead.
        """

    async def limit_power(self, limit_w: int) -> None:
        """Let the connector take at most `limit_w`, and let it charge.

        Raises:
            DeviceError: If it did not confirm; the caller must assume the old state.
            ValueError: If the profile does not allow that limit.
        """

    async def suspend(self) -> None:
        """Let the connector take nothing.

        Raises:
            DeviceError: If it did not confirm; the caller must try again.
        """


class IsolationMonitor(Protocol):
    """Watches the insulation of an unearthed supply against earth (IEC 61557-8)."""

    async def read_isolation(self) -> IsolationReading:
        """Return the insulation's resistance and the monitor's own judgement.

        Raises:
            DeviceError: If it did not answer properly; nothing older is ever returned instead.
        """

    async def self_test(self) -> None:
        """Let the monitor test itself and wait until it has passed.

        Raises:
            DeviceError: If it did not start, did not end in the profile's time, or found itself faulty.
        """


class Display(Protocol):
    """A few lines of text for the driver."""

    @property
    def columns(self) -> int:
        """How many characters a line has."""

    @property
    def rows(self) -> int:
        """How many lines there are."""

    async def show(self, lines: Sequence[str]) -> None:
        """Show these lines, each cut to the display's width; lines that it has not are dropped.

        Raises:
            DeviceError: If the display did not confirm.
        """


class CardReader(Protocol):
    """Reads the cards that drivers present."""

    async def read_card(self) -> CardReading:
        """Wait until a card is presented and return it.

        A card that stays is returned once; taken away and presented again, it is returned again.

        Raises:
            DeviceError: If the reader does not answer properly; call again, and it is tried anew.
        """


class SignedMeter(Protocol):
    """A meter that signs what it measured in a transaction, so that nobody need trust the station.

    The caller stores what it is given before it goes on, and repeats what a power cut interrupted: `begin`
    never begins twice, `end` gives the same transaction's reading again, and `confirm` comes last.
    """

    @property
    def signs_begin(self) -> bool:
        """Whether `begin` returns what was signed, and not only `end`."""

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
