"""What authorities say of certificates that chargers ask about (OCPP 2.0.1 M06, C07).

Our own certificates are answered for here. For others the responder that the charger names is asked, if the
operator allowed it; answers are kept until there will be newer ones.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.pki.outside import NotAnswered, ask, is_allowed
from backend.pki.responders import Responders
from certs.hash_data import HashData
from certs.hashing import status_question
from certs.revocation import Status, glance

log = logging.getLogger(__name__)

TIMEOUT_S = 3.0
"""For an answer from outside, so that the charger still waits for ours."""
_MOST_KEPT = 2_000


class NoStatus(Exception):
    """Nobody said anything about a certificate; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of a certificate, as it was said (DER); `until` None: it may be another thing at once."""

    status: Status
    until: datetime | None
    der: bytes


class Statuses:
    """Asks our own responder, and those outside."""

    def __init__(self, own: Responders, allowed: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._own = own
        self._allowed = tuple(allowed)
        self._clock = clock
        self._kept: OrderedDict[HashData, Said] = OrderedDict()

    async def of(self, named: HashData, url: str) -> Said:
        """Return what is said of a certificate; `url` is where the charger would have it asked.

        Raises:
            NoStatus: If nobody says anything.
        """
        try:
            question, serial_number = status_question(named), int(named.serial_number, 16)
        except ValueError as error:
            raise NoStatus(f"the certificate is not named as it should be: {error}") from error
        der = await self._own.respond(question)
        own = glance(der, serial_number)
        if own is not None:
            return Said(status=own[0], until=own[1], der=der)
        kept = self._kept.get(named)
        if kept is not None and kept.until is not None and self._clock() < kept.until:
            return kept
        said = await self._outside(question, serial_number, url)
        self._kept[named] = said
        self._kept.move_to_end(named)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return said

    async def _outside(self, question: bytes, serial_number: int, url: str) -> Said:
        if not is_allowed(url, self._allowed):
            raise NoStatus(f"{url or 'no address'} is not among [pki] responders, and is not asked")
        try:
            der = await asyncio.to_thread(ask, url, question, TIMEOUT_S)
        except NotAnswered as error:
            raise NoStatus(str(error)) from error
        said = glance(der, serial_number)
        if said is None:
            raise NoStatus(f"{url}: the answer says nothing about the certificate")
        return Said(status=said[0], until=said[1], der=der)
