"""Whether the driver of a vehicle that speaks may charge, by the way that the vehicle has chosen."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Literal, Protocol

from agent.authorization.verdicts import Verdict
from agent.station.service import EvseService

log = logging.getLogger(__name__)

Way = Literal["none", "EIM", "contract"]


class Admission(Protocol):
    """What is thought of a contract."""

    @property
    def verdict(self) -> Verdict:
        """What is thought of it anywhere."""

    @property
    def is_accepted(self) -> bool:
        """Whether its driver may charge here and now."""


class Contracts(Protocol):
    """Presents contracts to the station."""

    async def authorize(self, evse_id: int, emaid: str, chain: str) -> Admission:
        """Let the driver charge at this EVSE if the contract is good; `chain` is PEM, leaf first.

        Raises:
            StoreError: If something could not be read, or not be made durable.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a conversation is told of it; `refusal` in OCPP's words."""

    authorization: Literal["pending", "accepted", "rejected"] = "pending"
    refusal: str | None = None


class Driver:
    """The driver of one conversation after the other."""

    def __init__(self, service: EvseService, contracts: Contracts | None) -> None:
        self._service = service
        self._contracts = contracts
        self._way: Way = "none"
        self._contract = Permission()
        self.was_accepted = False
        """Whether the driver of this conversation could charge at any time of it."""

    def begin(self) -> None:
        """Know nothing of a driver yet: another conversation begins."""
        self._way, self._contract, self.was_accepted = "none", Permission(), False

    def await_card(self) -> None:
        """Let whoever is authorized at the EVSE be the driver, by whatever means."""
        self._way = "EIM"

    @property
    def permission(self) -> Permission:
        """What the conversation is to be told now."""
        if self._way == "none":
            return Permission()
        if self._way == "contract" and self._contract.authorization != "accepted":
            return self._contract
        if self._service.has_driver:
            self.was_accepted = True
            return Permission(authorization="accepted")
        return Permission(authorization="rejected" if self.was_accepted else "pending")

    @property
    def may_charge(self) -> bool:
        """Whether anybody is authorized at the EVSE, whatever the vehicle has said of it."""
        self.was_accepted = self.was_accepted or self._service.has_driver
        return self._service.has_driver

    @property
    def is_gone(self) -> bool:
        """Whether the driver's permission has ended since it was there: charging is to end."""
        return self.was_accepted and not self._service.has_driver

    async def check(self, emaid: str, chain: str) -> None:
        """Have a contract judged. A driver whom a card or the backend has let in already needs none.

        Raises:
            StoreError: If something could not be read, or not be made durable.
        """
        self._way, self._contract = "contract", Permission()
        driver = self._service.state.authorization
        if driver is not None and driver.token.type != "eMAID":
            self._contract = Permission(authorization="accepted")
            return
        if self._contracts is None:
            self._contract = Permission(authorization="rejected", refusal="Invalid")
            return
        admission = await self._contracts.authorize(self._service.identity.evse_id, emaid, chain)
        if admission.is_accepted:
            self._contract = Permission(authorization="accepted")
        else:
            self._contract = Permission(authorization="rejected", refusal=_why(admission.verdict))


def _why(verdict: Verdict) -> str:
    """Return the refusal in OCPP's words: a good contract may be of no use just here."""
    if verdict.is_accepted:
        return "NotAtThisLocation"
    return verdict.certificate or verdict.status
