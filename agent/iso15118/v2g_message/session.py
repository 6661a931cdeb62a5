"""Where a conversation stands, as far as DIN 70121 and ISO 15118-2 have it in common."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import ClassVar, Self

from agent.iso15118.conversation import Chance, Link
from agent.iso15118.facts import Charger, Facts
from agent.iso15118.v2g_message.envelope import NO_SESSION, SchemaName
from agent.iso15118.v2g_message.schedules import Offered


class Phase(Enum):
    """What is waited for. AC and DC go different ways once parameters are agreed on."""

    SETUP = "SessionSetup"
    DISCOVERY = "ServiceDiscovery"
    SELECTION = "the choice of services"
    CONTRACT = "the contract, or a wish for one"
    DETAILS = "the contract"
    AUTHORIZATION = "Authorization"
    PARAMETERS = "ChargeParameterDiscovery"
    AC_START = "PowerDelivery, AC"
    AC_FIRST = "the first ChargingStatus"
    AC_LOOP = "ChargingStatus"
    AC_RECEIPT = "MeteringReceipt, AC"
    AC_STOP = "SessionStop, AC"
    CABLE_CHECK = "CableCheck"
    PRE_CHARGE = "the first PreCharge"
    DC_START = "PreCharge or PowerDelivery"
    DC_FIRST = "the first CurrentDemand"
    DC_LOOP = "CurrentDemand"
    DC_RECEIPT = "MeteringReceipt, DC"
    DC_STOP = "WeldingDetection or SessionStop"
    ENDED = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleLimits:
    """What a vehicle on direct current can take; None where it does not say."""

    most_v: Decimal
    most_a: Decimal
    most_w: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One vehicle's session. The id is NO_SESSION until it has one."""

    schema_name: ClassVar[SchemaName]
    contactor_failed: ClassVar[str]
    """The response code where the power did not go on or off."""

    charger: Charger
    link: Link
    chance: Chance
    phase: Phase = Phase.SETUP
    session_id: bytes = NO_SESSION

    waiting_since_s: float | None = None
    """Since when (monotonic) it has been told that something is still going on."""
    limits: VehicleLimits | None = None
    offered: tuple[Offered, ...] = ()
    chosen: Offered | None = None
    soc: int | None = None
    is_cable_check_ordered: bool = False
    is_energised: bool = False
    """Whether the power was switched on for this vehicle, and not yet off again."""

    def waiting(self, facts: Facts) -> Self:
        """Return the session with the time from which on it waits, the first time that it does."""
        since = facts.now_s if self.waiting_since_s is None else self.waiting_since_s
        return replace(self, waiting_since_s=since)

    def waited_s(self, facts: Facts) -> float:
        """Return for how long it has been told that something is still going on."""
        return 0.0 if self.waiting_since_s is None else facts.now_s - self.waiting_since_s

    def goes_on(self, phase: Phase) -> Self:
        """Return the session in another phase; nothing is going on any more."""
        return replace(self, phase=phase, waiting_since_s=None)
