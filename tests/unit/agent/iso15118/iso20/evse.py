"""An EVSE that does at once what conversations order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from agent.iso15118.facts import AcLimits, Charger, DcLimits, DcPresent, Facts, MeterStatus
from agent.iso15118.turns import (
    AskForContract,
    AwaitDriver,
    CheckCable,
    CheckContract,
    Deed,
    Deliver,
    Done,
    Energise,
    Failed,
    Order,
    Outcome,
    TellNeeds,
)
from agent.smartcharging.composite import CompositePeriod
from agent.smartcharging.needs import Offer

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
AC = AcLimits(voltage_v=Decimal(230), phases=3, most_a=Decimal(32), most_back_w=Decimal(11000))
DC = DcLimits(
    most_v=Decimal(920),
    least_v=Decimal(150),
    most_a=Decimal(200),
    least_a=Decimal(1),
    most_w=Decimal(60000),
    ripple_a=Decimal(1),
    most_back_a=Decimal(50),
    most_back_w=Decimal(20000),
)
AC_CHARGER = Charger(evse_id="DE*ABC*E1", transfers=("AC_three_phase",), takes_back=True)
DC_CHARGER = Charger(evse_id="DE*ABC*E2", transfers=("DC",), takes_back=True)
OFFER = Offer(
    id=7,
    start=NOW,
    duration_s=3600,
    unit="W",
    periods=(
        CompositePeriod(start_s=0, limit=Decimal(11040), phases=3),
        CompositePeriod(start_s=1800, limit=Decimal(5500), phases=3),
    ),
)


def facts_of(kind: str) -> Facts:
    """Return an EVSE that nothing has happened to yet."""
    meter = MeterStatus(meter_id="M1", energy_wh=1000, at=NOW)
    shared = Facts(now=NOW, now_s=1000.0, meter=meter, vehicle_is_ready=True)
    return replace(shared, ac=AC) if kind == "AC" else replace(shared, dc=DC)


@dataclass
class Evse:
    """Does what it is told, and remembers it. `authorizes`: what the driver or the backend decides."""

    facts: Facts
    authorizes: Literal["pending", "accepted", "rejected"] = "accepted"
    refusal: str | None = None
    offers: tuple[Offer, ...] | None = (OFFER,)
    outcomes: dict[type[Deed], Outcome] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    def pass_time(self, seconds: float) -> None:
        """Let the clocks go on."""
        now = self.facts.now + timedelta(seconds=seconds)
        self.facts = replace(self.facts, now=now, now_s=self.facts.now_s + seconds)

    def obey(self, order: Order) -> None:
        """Do what an answer ordered."""
        self.orders.append(order)
        match order:
            case AwaitDriver() | CheckContract():
                self.facts = replace(self.facts, authorization=self.authorizes, refusal=self.refusal)
            case TellNeeds():
                self.facts = replace(self.facts, offers=self.offers)
            case CheckCable():
                self.facts = replace(self.facts, isolation="valid")
            case Deliver(voltage_v, current_a):
                present = DcPresent(voltage_v=voltage_v, current_a=current_a)
                self.facts = replace(self.facts, dc_present=present)

    def perform(self, deed: Deed) -> Outcome:
        """Do what an answer waits for."""
        self.deeds.append(deed)
        usual = Failed("the backend is away") if isinstance(deed, AskForContract) else Done()
        outcome = self.outcomes.get(type(deed), usual)
        if isinstance(outcome, Done):
            self.facts = replace(self.facts, power_is_on=isinstance(deed, Energise))
        return outcome

    def ordered(self, kind: type[Order]) -> list[Order]:
        """Return the orders of a kind."""
        return [order for order in self.orders if isinstance(order, kind)]
