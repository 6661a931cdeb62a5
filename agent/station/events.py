"""What can happen to an EVSE: the events that `agent.station.evse.step` takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agent.transactions.limits import LimitKind, TxLimit
from agent.transactions.records import Authorization, StopReason, Token, Trigger
from drivers.readings import Pilot

Bolt = Literal["none", "open", "held", "failed"]
"""The bolt of a socket outlet: there is none; it is open; it holds the plug; it cannot be made to."""

Speech = Literal["silent", "awaited", "speaks", "prepares", "asks", "paused", "over"]
"""What a vehicle says of itself over ISO 15118.

Nothing, so that the pilot decides; not yet anything; something; that cable and voltage are to be made ready
for direct current; that it wants power; that it will come back; that it has done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to the EVSE at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PluggedIn(Event):
    """The pilot went from no vehicle to a vehicle."""

    pilot: Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplugged(Event):
    """The vehicle is gone, and with it the driver's authorization (E09).

    `keeps_cable`: the driver's cable stays locked until the driver comes (UnlockOnEVSideDisconnect is false).
    """

    keeps_cable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached(Event):
    """The vehicle is gone, and may come back: StopTxOnEVSideDisconnect is false (E10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotChanged(Event):
    """The vehicle asks for energy, or no longer does."""

    pilot: Pilot


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorized(Event):
    """A driver may charge here."""

    authorization: Authorization
    trigger: Literal["Authorized", "RemoteStart"] = "Authorized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The permission to charge ended: by card, by the backend, or because no cable came."""

    trigger: Trigger
    reason: StopReason
    token: Token | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Event):
    """The backend does not accept the driver, but the transaction goes on without energy (E05.FR.02).

    With a count (`to_mwh`) it goes on with energy until the meter shows that (E05.FR.03).
    """

    to_mwh: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerReported(Event):
    """The charge controller confirmed that power is on, or off."""

    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChanged(Event):
    """The vehicle may draw more or less than before, or (`is_limited`) nothing for now (block K)."""

    is_limited: bool
    is_significant: bool
    """Whether the backend is to be told even if the charging state stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleArrived(Event):
    """The bay's sensor sees a vehicle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDeparted(Event):
    """The bay's sensor sees no vehicle any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSigned(Event):
    """The meter has signed the count that a transaction is to begin with (E01.FR.04)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionLimited(Event):
    """Driver or backend has set what the transaction may cost, take or last (E16)."""

    limit: TxLimit
    by: Literal["backend", "driver"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitReached(Event):
    """The transaction has come to a limit; None: there is room again, for one was raised (E16.FR.14)."""

    kind: LimitKind | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The transaction goes on after an interruption (E17); without energy if that is not wanted."""

    with_energy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPassed(Event):
    """Power is on, and the vehicle has not asked for energy in the time it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminated(Event):
    """Whatever goes on here ends now, whatever the stop points are: reset (B12)."""

    trigger: Trigger
    reason: StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultFound(Event):
    """The EVSE cannot charge safely, or cannot measure."""

    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCleared(Event):
    """The EVSE works again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDue(Event):
    """A meter sample of a running transaction is due, or the backend asked for a report (F06)."""

    trigger: Literal["MeterValueClock", "MeterValuePeriodic", "Trigger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDue(Event):
    """The backend is to be told what a running transaction costs by now, or under which tariff (I11, I12)."""

    trigger: Literal["RunningCost", "TariffChanged"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalReadingTaken(Event):
    """The meter was read after the power went off, or could not be read in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChanged(Event):
    """The operator took the EVSE out of service, or put it back (G03, G04)."""

    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationChanged(Event):
    """The EVSE is kept for somebody, or no longer (H01)."""

    is_reserved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoltReported(Event):
    """The bolt that holds the plug was found like this."""

    bolt: Bolt


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechChanged(Event):
    """The vehicle began to speak, asked for power, or will say no more."""

    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class CableReleased(Event):
    """A cable that was kept for its driver is let go: the driver came, or the backend asked (E09, F05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugUnlocked(Event):
    """The backend had the plug let go while nobody was authorized (F05)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasesCounted(Event):
    """The vehicle charges on so many phases, other than was told so far."""

    phases_used: int
