"""Tariffs in a few words, and charging sessions to price with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from agent.tariffs.account import details
from agent.tariffs.bill import Bill, Seen, advanced, begun
from agent.tariffs.conditions import Circumstances, Flow
from agent.tariffs.details import CostDetails
from agent.tariffs.tariff import ALWAYS, Conditions, Element, Prices, Tariff, TaxRate

MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
ANY = Circumstances()
CHARGING, IDLE, AWAY = Flow(is_charging=True), Flow(is_charging=False), Flow()


def vat(percent: str) -> tuple[TaxRate, ...]:
    return (TaxRate(kind="VAT", percent=Decimal(percent)),)


def prices(*elements: str | tuple[str, Conditions], taxes: tuple[TaxRate, ...] = ()) -> Prices:
    """Return prices given as "0.25", or with their conditions."""
    pairs = ((one, ALWAYS) if isinstance(one, str) else one for one in elements)
    return Prices(
        elements=tuple(Element(price=Decimal(price), conditions=when) for price, when in pairs), taxes=taxes
    )


def tariff(**parts: Any) -> Tariff:
    return Tariff(**({"id": "T-1", "currency": "EUR"} | parts))


@dataclass
class Session:
    """A transaction under a tariff; what happens is told in minutes and kWh."""

    tariff: Tariff
    begin: datetime = MONDAY
    zone: tzinfo = UTC
    about: Circumstances = ANY
    reserved: timedelta | None = None
    flow: Flow = CHARGING

    def __post_init__(self) -> None:
        self.at, self.count_mwh = self.begin, 5_000_000
        self.bill: Bill = begun(
            self.tariff, self._seen(self.flow), self.about, self.zone, reserved=self.reserved
        )

    def goes_on(
        self, minutes: float, kwh: str = "0", then: Flow | None = None, every_s: float | None = None
    ) -> Session:
        """Let so much happen, seen once at the end or `every_s`; `then` is what goes on from there."""
        total, end = int(Decimal(kwh) * 1_000_000), self.at + timedelta(minutes=minutes)
        start, start_mwh = self.at, self.count_mwh
        for at in _moments(start, end, every_s):
            share = (at - start) / (end - start) if end > start else 1.0
            self.at, self.count_mwh = at, start_mwh + (total if at == end else int(total * share))
            flow = then if at == end and then is not None else self.bill.flow
            self.bill = advanced(self.bill, self._seen(flow), self.zone)
        return self

    def ended(self) -> CostDetails:
        return details(self.bill, is_final=True)

    def _seen(self, flow: Flow) -> Seen:
        return Seen(at=self.at, count_mwh=self.count_mwh, flow=flow)


def _moments(start: datetime, end: datetime, every_s: float | None) -> Iterable[datetime]:
    if every_s is not None:
        step, at = timedelta(seconds=every_s), start
        while (at := at + step) < end:
            yield at
    yield end


def total(found: CostDetails) -> tuple[str, str]:
    """Return the total without and with tax."""
    return f"{found.total.excl_tax:f}", f"{found.total.incl_tax:f}"
