"""What is known of a session of ISO 15118-20, and what is kept of one that rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from agent.iso15118.conversation import Chance, Link
from agent.iso15118.facts import Charger, Facts, Identification, MeterStatus
from agent.iso15118.iso20.states import Kind, Phase
from agent.smartcharging.needs import Offer

Control = Literal["Scheduled", "Dynamic"]
Pricing = Literal["none", "absolute", "levels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The service that a vehicle has chosen, and how."""

    service: int
    parameter_set: int
    is_bpt: bool
    control: Control
    mobility_by_both: bool = False
    """Whether the EVSE may say, too, when the vehicle leaves and with what (MobilityNeedsMode 2)."""
    pricing: Pricing = "none"
    phases: Literal[1, 3] = 3
    """On alternating current."""

    @property
    def prefix(self) -> str:
        """How the elements of its mode begin."""
        return "BPT_" if self.is_bpt else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The contract that a vehicle has shown, and the request that it came in."""

    emaid: str
    leaf: bytes
    chain: str
    ends_soon: bool
    asked: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the vehicle can take, and give back; powers are those of all phases. None: it did not say."""

    most_w: Decimal
    least_w: Decimal = Decimal(0)
    most_a: Decimal | None = None
    least_a: Decimal = Decimal(0)
    most_v: Decimal | None = None
    least_v: Decimal = Decimal(0)
    most_back_w: Decimal = Decimal(0)
    most_back_a: Decimal = Decimal(0)
    target_soc: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """From `start_s` after the plan's start on at most this power (W)."""

    start_s: int
    most_w: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Powers over time: what was offered to a vehicle under a number, and the offer that it was made of."""

    number: int
    start: datetime
    duration_s: int
    slots: tuple[Slot, ...]
    most_back_w: Decimal = Decimal(0)
    watts_per_a: Decimal = Decimal(1)
    """What an ampere of the offer is worth."""
    offer: Offer | None = None
    """None where the EVSE's limits are all that there is."""

    @property
    def tolerance_w(self) -> Decimal | None:
        """By how much a vehicle may miss its own plan, if that is limited."""
        if self.offer is None or self.offer.priced is None or self.offer.priced.power_tolerance is None:
            return None
        unit_w = self.watts_per_a if self.offer.unit == "A" else Decimal(1)
        return self.offer.priced.power_tolerance * unit_w


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a session that rests was about. Only the vehicle with this certificate and name may go on."""

    vehicle: bytes | None
    evcc_id: str
    identification: Identification
    selection: Selection | None
    contract: Contract | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One vehicle's session, as far as it has come."""

    kind: Kind
    charger: Charger
    link: Link
    chance: Chance
    loop_s: float
    phase: Phase = Phase.SETUP
    since_s: float = 0.0
    """When (monotonic) the phase began."""
    at_s: int = 0
    """When it was last spoken, in seconds since 1970."""
    kept: Kept | None = None
    """Of the session that rests: this one may turn out to be that."""
    resting_id: bytes = b""
    session_id: bytes = bytes(8)
    evcc_id: str = ""

    offered: tuple[Identification, ...] = ()
    asked: Identification | None = None
    """By which way the driver is being authorized."""
    authorized: Identification | None = None
    contract: Contract | None = None
    has_chosen_wrongly: bool = False
    """Whether the vehicle has asked for a way that was not offered to it."""

    selection: Selection | None = None
    limits: Limits | None = None
    soc: int | None = None
    needs_told_s: float | None = None
    """When (monotonic) a schedule was asked for."""
    plans: tuple[Plan, ...] = ()
    plan: Plan | None = None
    """What the vehicle has chosen."""
    profile: tuple[Slot, ...] = ()
    """What it wants to draw of that, from `profile_start` on."""
    profile_start: datetime | None = None
    is_checked: bool = False
    """Whether the test of the cable was ordered."""
    is_energised: bool = False
    standby_without_power: bool = False
    """Whether it is in standby because there was nothing to draw."""
    was_asked_to_pause: bool = False
    is_met: bool = False
    """Whether a loop has been answered: from then on, meter readings can be confirmed."""
    drawn_a: Decimal | None = None
    receipt: MeterStatus | None = None
    """What the vehicle was asked to confirm."""
    confirmed_wh: int | None = None

    @property
    def chosen(self) -> Selection:
        """The service, in phases that there is one."""
        assert self.selection is not None
        return self.selection

    @property
    def vehicle(self) -> Limits:
        """What the vehicle can take, in phases that it has told."""
        assert self.limits is not None
        return self.limits

    def goes_on(self, phase: Phase, facts: Facts) -> Session:
        """Return the session in a phase; one that it is in already does not begin anew."""
        return self if phase is self.phase else replace(self, phase=phase, since_s=facts.now_s)


def seconds(moment: datetime) -> int:
    """Return a moment as messages tell it: whole seconds since 1970."""
    return max(0, int(moment.timestamp()))
