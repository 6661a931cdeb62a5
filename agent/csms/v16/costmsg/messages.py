"""The payloads of the application note; amounts are read to the last digit."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from agent.costs.default_price import HIGHEST_PRICE, PriceMembers, check_amount
from agent.costs.pricing import Anchor, IdlePrice, Period, Triggers
from agent.costs.records import PersonalText
from agent.display.messages import is_language

_HIGHEST_COST: Final = 10**18
Aware = Annotated[datetime, Meta(tz=True)]


class _Payload(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """Members that nobody here knows are no mistake."""


class Wording(_Payload, frozen=True):
    """A text in another language (priceTextExtra): MessageContentType of OCPP 2.0.1."""

    content: str
    language: str
    format: Literal["ASCII", "HTML", "URI", "UTF8"] = "UTF8"

    def __post_init__(self) -> None:
        """Refuse what names no language."""
        if not is_language(self.language):
            raise ValueError(f"{self.language!r} is no language tag (RFC 5646)")


class SetUserPrice(_Payload, frozen=True):
    """What a driver reads of the price."""

    id_token: str
    price_text: str
    price_text_extra: tuple[Wording, ...] = ()


class Idle(_Payload, frozen=True):
    """IdlePrice."""

    grace_minutes: Annotated[int, Meta(ge=0, le=100_000)] = 0
    hour_price: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse what nothing can cost."""
        check_amount(self.hour_price, HIGHEST_PRICE)

    def read(self) -> IdlePrice:
        """Return it as everything else in the agent has it."""
        return IdlePrice(hour=self.hour_price, grace=timedelta(minutes=self.grace_minutes))


class NextPeriod(_Payload, frozen=True):
    """The prices from a moment on."""

    at_time: Aware
    charging_price: PriceMembers = PriceMembers()
    idle_price: Idle = Idle()

    def read(self) -> Period:
        """Return it as everything else in the agent has it."""
        return Period(at=self.at_time, charging=self.charging_price.read(), idle=self.idle_price.read())


class TriggerMeterValue(_Payload, frozen=True):
    """When meter values are wanted."""

    at_time: Aware | None = None
    at_energy_kwh: Decimal | None = msgspec.field(default=None, name="atEnergykWh")
    at_power_kw: Decimal | None = msgspec.field(default=None, name="atPowerkW")
    at_cp_status: tuple[str, ...] = msgspec.field(default=(), name="atCPStatus")

    def __post_init__(self) -> None:
        """Refuse what is no number."""
        for threshold in (self.at_energy_kwh, self.at_power_kw):
            if threshold is not None:
                check_amount(threshold, _HIGHEST_COST)

    def read(self) -> Triggers:
        """Return it as everything else in the agent has it."""
        return Triggers(
            at=self.at_time,
            energy_kwh=self.at_energy_kwh,
            power_kw=self.at_power_kw,
            statuses=frozenset(self.at_cp_status),
        )


class RunningCost(_Payload, frozen=True):
    """What is due at a moment, and the prices from there on."""

    transaction_id: int
    timestamp: Aware
    meter_value: int
    cost: Decimal
    state: Literal["Charging", "Idle"]
    charging_price: PriceMembers = PriceMembers()
    idle_price: Idle = Idle()
    next_period: NextPeriod | None = None
    trigger_meter_value: TriggerMeterValue = TriggerMeterValue()

    def __post_init__(self) -> None:
        """Refuse what nothing can cost."""
        check_amount(self.cost, _HIGHEST_COST)

    def read(self) -> Anchor:
        """Return it as everything else in the agent has it."""
        return Anchor(
            at=self.timestamp,
            meter_wh=self.meter_value,
            due=self.cost,
            charging=self.charging_price.read(),
            idle=self.idle_price.read(),
            idle_since=self.timestamp if self.state == "Idle" else None,
            next_period=None if self.next_period is None else self.next_period.read(),
        )


class FinalCost(_Payload, frozen=True):
    """What a transaction has cost in the end."""

    transaction_id: int
    cost: Decimal
    price_text: str = ""
    price_text_extra: tuple[Wording, ...] = ()
    qr_code_text: str = ""

    def __post_init__(self) -> None:
        """Refuse what nothing can cost."""
        check_amount(self.cost, _HIGHEST_COST)


class Unplugged(_Payload, frozen=True):
    """The cable of this transaction is out."""

    transaction_id: int
    timestamp: datetime


def told(text: str, extra: tuple[Wording, ...]) -> PersonalText:
    """Return a text, and the same in other languages, as everything else in the agent has it."""
    others = tuple(PersonalText(text=one.content, format=one.format, language=one.language) for one in extra)
    return PersonalText(text=text, others=others)
