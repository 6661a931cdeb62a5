"""Limits of a transaction over the control socket: for the program of a screen where drivers choose (E16)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Protocol

import msgspec

from agent.system.control import Command, ControlError, UnknownEvse
from agent.transactions.limits import NO_LIMIT, TxLimit


class _Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    evse: int
    cost: Decimal | None = None
    energy_wh: Decimal | None = None
    time_s: Annotated[int, msgspec.Meta(ge=1)] | None = None
    soc: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None


class Wishes(Protocol):
    """Takes what a driver wishes."""

    def wish(self, limit: TxLimit) -> None:
        """Take it."""


class Limitable(Protocol):
    """An EVSE at which a driver may limit his transaction."""

    @property
    def quota(self) -> Wishes:
        """Who watches it."""


def quota_commands(evses: Mapping[int, Limitable]) -> dict[str, Command]:
    """Return `transaction-limit`: for who charges at an EVSE, or begins there within three minutes."""

    async def limit(request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            given = msgspec.convert({k: v for k, v in request.items() if k != "do"}, _Request, strict=False)
        except msgspec.ValidationError as error:
            raise ControlError(str(error)) from error
        if given.evse not in evses:
            raise UnknownEvse(given.evse, evses)
        wish = TxLimit(cost=given.cost, energy_wh=given.energy_wh, time_s=given.time_s, soc=given.soc)
        amounts = [amount for amount in (wish.cost, wish.energy_wh) if amount is not None]
        if wish == NO_LIMIT or any(not amount.is_finite() or amount <= 0 for amount in amounts):
            raise ControlError("give one of cost, energy_wh, time_s and soc, above 0")
        evses[given.evse].quota.wish(wish)
        return {}

    return {"transaction-limit": limit}
