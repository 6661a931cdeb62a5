"""Drivers who charge by contract (C07): whoever speaks ISO 15118 with the vehicle presents it here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agent.authorization.verdicts import Verdict
from agent.station.service import EvseService
from agent.station.station import Outcome, Station
from agent.system.concerning import concerning
from agent.transactions.records import Token

log = logging.getLogger(__name__)

_SHOWN = 4
"""Characters of a contract's number, in the log: it identifies a person."""
_NOBODY_SAYS = ("Offline", "NotRegistered")


class Judge(Protocol):
    """Decides who may charge by contract (`agent.authorization.contracts`)."""

    async def decide(self, emaid: str, chain: str) -> Verdict:
        """Return the verdict for a contract: its eMAID and its chain (PEM, leaf first).

        Raises:
            StoreError: If what the station itself knows cannot be read.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What is thought of a contract, and what came of it at the EVSE, which may be another driver's."""

    verdict: Verdict
    outcome: Outcome

    @property
    def is_accepted(self) -> bool:
        """Whether the driver may charge, now and here."""
        return self.outcome.is_accepted


class Contracts:
    """Presents contracts to the station. `open_judge` is called for the first one: few stations see any."""

    def __init__(self, station: Station, open_judge: Callable[[], Judge]) -> None:
        self._station = station
        self._open_judge = open_judge
        self._judge: Judge | None = None

    async def authorize(self, evse_id: int, emaid: str, chain: str) -> Admission:
        """Let the driver charge at this EVSE if the contract is good; `chain` is PEM, leaf first.

        The vehicle of a driver who is authorized here already may present it again, after a pause: it is
        judged anew, and if it is refused the transaction goes on as with any token that is (E05).

        Raises:
            StoreError: If something could not be read, or not be made durable.
        """
        with concerning(evse=evse_id):
            admission = await self._authorize(self._station.evses[evse_id], emaid, chain)
        word = "accepted" if admission.is_accepted else f"refused: {admission.outcome.why}"
        log.info("EVSE %d: contract ..%s %s", evse_id, emaid[-_SHOWN:], word)
        return admission

    async def _authorize(self, service: EvseService, emaid: str, chain: str) -> Admission:
        if self._judge is None:
            self._judge = self._open_judge()
        token, verdict = Token(id=emaid, type="eMAID"), await self._judge.decide(emaid, chain)
        driver = service.state.authorization
        if driver is not None and driver.token.is_same_as(token):
            outcome = await self._go_on(service, token, verdict)
        elif verdict.is_accepted and not self._station.authorizer.is_master_pass(verdict):
            outcome = await self._station.admit(service, token, verdict)
        else:
            outcome = _refused(
                service, "a master pass starts no transaction" if verdict.is_accepted else _why(verdict)
            )
        return Admission(verdict=verdict, outcome=outcome)

    async def _go_on(self, service: EvseService, token: Token, verdict: Verdict) -> Outcome:
        """Go on with what the driver began, if the contract still counts."""
        transaction_id = service.transaction_id
        if verdict.is_accepted:
            evse_id = service.identity.evse_id
            return Outcome(is_accepted=True, evse_id=evse_id, transaction_id=transaction_id)
        if transaction_id is not None and verdict.status not in _NOBODY_SAYS:
            await self._station.deauthorize(transaction_id, token, verdict.status)
        return _refused(service, _why(verdict))


def _why(verdict: Verdict) -> str:
    return verdict.status if verdict.certificate is None else f"{verdict.status}, {verdict.certificate}"


def _refused(service: EvseService, why: str) -> Outcome:
    return Outcome(is_accepted=False, why=why, evse_id=service.identity.evse_id)
