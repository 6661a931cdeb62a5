"""What a transaction costs, as it is told to the backend (CostDetailsType). Stored with its events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

from agent.tariffs.tariff import Record, TaxRate

Part = Literal["energy", "charging_time", "idle_time", "fixed", "reservation_time", "reservation_fixed"]
Kind = Literal["NormalCost", "MinCost", "MaxCost"]


class Period(Record, frozen=True, kw_only=True):
    """A time in which the same prices held, with what was used in it."""

    start: datetime
    tariff_id: str
    energy_mwh: int = 0
    charging_ms: int = 0
    idle_ms: int = 0
    min_power_w: Decimal | None = None
    max_power_w: Decimal | None = None
    min_current_a: Decimal | None = None
    max_current_a: Decimal | None = None


class Amount(Record, frozen=True, kw_only=True):
    """Money without and with tax, None if nobody knows; `taxes` if they are the same for all of it."""

    excl_tax: Decimal | None = None
    incl_tax: Decimal | None = None
    taxes: tuple[TaxRate, ...] = ()


class CostDetails(Record, frozen=True, kw_only=True):
    """The whole account. `parts` are those that cost something; they add up to the total.

    `failure`: why nothing could be calculated; then all numbers are zero.
    """

    tariff_id: str
    currency: str
    total: Amount
    kind: Kind = "NormalCost"
    parts: Mapping[Part, Amount] = {}
    energy_wh: Decimal = Decimal(0)
    charging_s: int = 0
    idle_s: int = 0
    reservation_s: int | None = None
    periods: tuple[Period, ...] = ()
    failure: str | None = None

    @property
    def payable(self) -> Decimal:
        """What is to be paid, tax included."""
        if self.total.incl_tax is not None:
            return self.total.incl_tax
        return self.total.excl_tax or Decimal(0)


def shifted(details: CostDetails, step: timedelta) -> CostDetails:
    """Return the details with their times moved."""
    periods = tuple(msgspec.structs.replace(one, start=one.start + step) for one in details.periods)
    return msgspec.structs.replace(details, periods=periods)
