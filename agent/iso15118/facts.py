"""What a conversation is told of the EVSE it speaks for, whatever the protocol. Values only.

`Charger` holds for as long as the agent runs, `Facts` for one message: taken anew before each is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from agent.iso15118.turns import Deed, Outcome
from agent.smartcharging.needs import Offer, Transfer

Identification = Literal["EIM", "contract"]
"""How a driver may be authorized: by a card or the like, or by a contract certificate (Plug & Charge)."""

Isolation = Literal["unknown", "testing", "valid", "warning", "fault"]
"""What the isolation monitor says of the output; "unknown" until it has tested itself for this vehicle."""

Wish = Literal["none", "renegotiate", "pause", "stop"]
"""What the EVSE wants of the vehicle: a new schedule, a pause, or the end of charging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcLimits:
    """What an EVSE can give on alternating current; a current is that of each phase."""

    voltage_v: Decimal
    """Between phase and neutral."""
    phases: Literal[1, 3]
    most_a: Decimal
    least_a: Decimal = Decimal(6)
    """IEC 61851-1 has no smaller one."""
    frequency_hz: Decimal = Decimal(50)
    most_back_w: Decimal = Decimal(0)
    """What the EVSE can take from the vehicle; 0: it takes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DcLimits:
    """What an EVSE can give on direct current."""

    most_v: Decimal
    least_v: Decimal
    most_a: Decimal
    least_a: Decimal
    most_w: Decimal
    ripple_a: Decimal
    most_back_a: Decimal = Decimal(0)
    most_back_w: Decimal = Decimal(0)
    """What the EVSE can take from the vehicle; 0: it takes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DcPresent:
    """What the supply delivers now, and which of its limits holds it back."""

    voltage_v: Decimal
    current_a: Decimal
    at_voltage_limit: bool = False
    at_current_limit: bool = False
    at_power_limit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterStatus:
    """What the meter shows, as the vehicle is told and may be asked to sign for."""

    meter_id: str
    energy_wh: int
    at: datetime
    signature: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charger:
    """An EVSE as it introduces itself to every vehicle. `evse_id` is by DIN 91286 or ISO 15118-2, Annex H."""

    evse_id: str
    transfers: tuple[Transfer, ...]
    identifications: tuple[Identification, ...] = ("EIM",)
    installs_contracts: bool = False
    is_free: bool = False
    takes_back: bool = False
    """Whether vehicles may feed energy back (bidirectional power transfer, -20)."""
    wants_receipts: bool = False
    """Whether a contract's vehicle has to sign for what the meter shows (MeteringReceipt of -2,
    MeteringConfirmation of -20)."""
    has_fixed_cable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The EVSE at one moment."""

    now: datetime
    now_s: float
    """The monotonic clock."""
    clock_is_trusted: bool = True
    """Whether `now` may be held against the dates of certificates."""

    authorization: Literal["pending", "accepted", "rejected"] = "pending"
    """Of the driver, by the way that the vehicle has chosen."""
    refusal: str | None = None
    """Why a contract was rejected, in OCPP's words (AuthorizeCertificateStatus or AuthorizationStatus)."""

    ac: AcLimits | None = None
    """What may be drawn now; None from an EVSE of direct current."""
    dc: DcLimits | None = None
    dc_present: DcPresent | None = None
    isolation: Isolation = "unknown"
    offers: tuple[Offer, ...] | None = None
    """The schedules to choose from; None while they are being asked for."""

    vehicle_is_ready: bool = False
    """Pilot C or D: the vehicle has closed its contactors, or wants power."""
    power_is_on: bool = False
    is_locked: bool = True
    """Whether the plug is held; true where it cannot be pulled under load by its make."""
    wish: Wish = "none"
    fault: str | None = None
    """Why no energy can be given now; None if nothing is wrong."""
    is_emergency: bool = False
    """The fault is one that takes the power at once (emergency stop, isolation, contactor)."""

    has_tripped: bool = False
    """Whether the residual current protection of an EVSE on alternating current took the power away."""

    meter: MeterStatus | None = None
    outcome: tuple[Deed, Outcome] | None = None
    """What became of the deed that this same message asked for."""
