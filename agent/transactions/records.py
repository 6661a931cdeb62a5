"""Frozen records of a charging session, free of any OCPP version.

Terms and spellings are those of OCPP 2.1 (the richest common vocabulary); a version's folder translates.
All of them are stored as JSON on the charger, so a member may be added with a default, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

from agent.tariffs.bill import Bill
from agent.tariffs.details import CostDetails
from agent.tariffs.tariff import Tariff
from agent.transactions.limits import NO_LIMIT, TxLimit
from drivers.readings import Measurand, Phase

TokenType = Literal[
    "Central",
    "DirectPayment",
    "eMAID",
    "ISO14443",
    "ISO15693",
    "KeyCode",
    "Local",
    "MacAddress",
    "NoAuthorization",
    "Untyped",
]

UNTYPED: Final = "Untyped"

Trigger = Literal[
    "AbnormalCondition",
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "CostLimitReached",
    "Deauthorized",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "EVDeparted",
    "EVDetected",
    "EnergyLimitReached",
    "LimitSet",
    "MeterValueClock",
    "MeterValuePeriodic",
    "RemoteStart",
    "RemoteStop",
    "ResetCommand",
    "RunningCost",
    "SignedDataReceived",
    "SoCLimitReached",
    "StopAuthorized",
    "TariffChanged",
    "TariffNotAccepted",
    "TimeLimitReached",
    "Trigger",
    "TxResumed",
    "UnlockCommand",
]

StopReason = Literal[
    "DeAuthorized",
    "EVDisconnected",
    "EnergyLimitReached",
    "HardReset",
    "ImmediateReset",
    "Local",
    "LocalOutOfCredit",
    "MasterPass",
    "Other",
    "PowerLoss",
    "Reboot",
    "Remote",
    "ReqEnergyTransferRejected",
    "SOCLimitReached",
    "SoftReset",
    "StoppedByEV",
    "TimeLimitReached",
    "Timeout",
    "UnlockCommand",
]

ChargingState = Literal["Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle"]

SampleContext = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDetail:
    """Something that goes with a token (AdditionalInfoType), such as the PaymentBrand of a card."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a driver presents (IdTokenType); Untyped is what a backend named by its identifier alone."""

    id: str
    type: TokenType
    details: tuple[TokenDetail, ...] = ()
    """What else is known of how the driver pays; it does not tell one driver from another."""

    def is_same_as(self, other: Token) -> bool:
        """Return whether both name the same driver; identifiers compare without case (identifierString)."""
        is_one_type = self.type == other.type or UNTYPED in {self.type, other.type}
        return is_one_type and self.id.casefold() == other.id.casefold()

    def detail(self, kind: str) -> str | None:
        """Return the detail of this kind, if there is one."""
        return next((one.text for one in self.details if one.kind == kind), None)


NOBODY = Token(id="", type="NoAuthorization")
"""Who charges at a station that authorizes nobody (C02.FR.02)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """A driver's permission to charge on this EVSE; `languages` as in the verdict."""

    token: Token
    granted_at: datetime
    group_id: str | None = None
    remote_start_id: int | None = None
    languages: tuple[str, ...] = ()
    reservation_id: int | None = None
    """The reservation that the driver used."""
    reserved_at: datetime | None = None
    """Since when the EVSE was kept for this driver."""
    tariff: Tariff | None = None
    """The driver's own, None is the EVSE's default."""
    is_priced_centrally: bool = False
    """Whether the backend says what charging costs, whatever tariffs there are here."""

    def admits(self, token: Token, group_id: str | None = None) -> bool:
        """Return whether this token may stop what the other started: same token or same group (C09.FR.03)."""
        if self.token.is_same_as(token):
            return True
        if group_id is None or self.group_id is None:
            return False
        return group_id.casefold() == self.group_id.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledValue:
    """One value: energy in whole Wh, otherwise in `unit`."""

    measurand: Measurand
    value: Decimal
    unit: str
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedValue:
    """What the meter signed: `text` exactly as it gave it, and its key (DER, hexadecimal) if it tells one."""

    text: str
    format: Literal["OCMF"]
    method: str
    """The algorithm, as the text names it."""
    public_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Values of one moment; `signed` is the meter's own word for its energy register."""

    at: datetime
    context: SampleContext
    values: tuple[SampledValue, ...]
    signed: SignedValue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMark:
    """The latest count of the meter that a transaction can be held to; `at` is when the meter was read."""

    energy_mwh: int
    at: datetime
    serial_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A transaction whose stop point was reached and that waits for its final meter reading."""

    trigger: Trigger
    at: datetime
    token: Token | None = None
    charging_state: ChargingState = "Idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A transaction in progress; survives a power cut together with the EVSE's phase.

    `token` is the first driver's: only the same token may authorize the transaction again (C01.FR.23).
    `token_reported`: the backend has been told who the present driver is. `register` is None until the meter
    gave a first count to start from; no energy is offered before. `is_signed`: a meter that signs has begun.
    `powered_at`: when the vehicle was connected and a driver authorized for the first time (PowerPathClosed).
    `phases_used`: on how many phases the vehicle charges, as the backend was told last.
    `behind`: how far the time in which the backend knows it lies behind the station's (docs/adr/0016).
    """

    id: str
    next_seq_no: int
    started_at: datetime
    charging_state: ChargingState
    token: Token | None = None
    token_reported: bool = False
    remote_start_id: int | None = None
    stop_reason: StopReason | None = None
    ending: Ending | None = None
    begin: Sample | None = None
    register: RegisterMark | None = None
    is_signed: bool = False
    powered_at: datetime | None = None
    phases_used: int | None = None
    behind: timedelta = timedelta()
    begin_mwh: int | None = None
    """The count that the energy of this transaction is counted from."""
    driver_limit: TxLimit = NO_LIMIT
    backend_limit: TxLimit = NO_LIMIT
    bill: Bill | None = None
    """What it costs, as of the last commit, if that is calculated here."""

    @property
    def limit(self) -> TxLimit:
        """What it may cost, take or last, by whoever has set it."""
        return self.driver_limit.and_also(self.backend_limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionEvent:
    """One fact about a transaction, written once and delivered until the backend has it."""

    kind: Literal["Started", "Updated", "Ended"]
    trigger: Trigger
    at: datetime
    transaction_id: str
    seq_no: int
    evse_id: int
    connector_id: int
    offline: bool
    charging_state: ChargingState
    token: Token | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None
    stopped_reason: StopReason | None = None
    cable_limit_a: int | None = None
    phases_used: int | None = None
    limit: TxLimit | None = None
    """What is in force, if it was set just now."""
    samples: tuple[Sample, ...] = ()
    tariff_id: str | None = None
    cost: CostDetails | None = None
