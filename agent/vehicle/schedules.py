"""The schedules that a vehicle is offered, and the one that it charges by (K15 to K20)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Final

from agent.iso15118.turns import TellChosen, TellNeeds
from agent.smartcharging.needs import Offer
from agent.station.negotiation import Negotiation

log = logging.getLogger(__name__)

WITHIN_S: Final = 50.0
"""A vehicle asks again for 60 s at most (V2G_EVCC_Ongoing_Timeout)."""


class Schedules:
    """One EVSE's part of the negotiation."""

    def __init__(self, evse_id: int, negotiation: Negotiation) -> None:
        self._evse_id = evse_id
        self._negotiation = negotiation
        self._offers: tuple[Offer, ...] | None = None
        self._was_asked = False
        """Whether the vehicle has been asked to choose anew."""

    @property
    def offers(self) -> tuple[Offer, ...] | None:
        """What the vehicle may choose from; None while that is being asked for."""
        return self._offers

    def begin(self) -> None:
        """Have nothing to offer yet: another conversation begins."""
        self._offers, self._was_asked = None, False

    def is_due(self) -> bool:
        """Return whether the vehicle is to choose anew (K16.FR.02)."""
        is_due = self._offers is not None and self._negotiation.is_due(self._evse_id)
        self._was_asked = self._was_asked or is_due
        return is_due

    async def need(self, told: TellNeeds) -> None:
        """Find out what the vehicle may choose from; within a minute the limits that are there decide.

        The backend is not told again of a vehicle that was asked to choose anew (K16.FR.03).
        """
        was_asked, self._was_asked, self._offers = self._was_asked, False, None
        if was_asked:
            self._offers = self._negotiation.offered(self._evse_id)
            return
        try:
            async with asyncio.timeout(WITHIN_S):
                self._offers = await self._negotiation.needs(replace(told.needs, evse_id=self._evse_id))
        except TimeoutError:
            log.warning("EVSE %d: no schedule in %.0f s; the limits decide", self._evse_id, WITHIN_S)
            self._offers = self._negotiation.offered(self._evse_id)

    async def choose(self, told: TellChosen) -> None:
        """Tell by which schedule the vehicle is going to charge."""
        offer_id = told.chosen.offer_id
        if offer_id is None:
            return
        verdict = await self._negotiation.chosen(replace(told.chosen, evse_id=self._evse_id), offer_id)
        log.info("EVSE %d: the vehicle's schedule: %s", self._evse_id, verdict)

    def part(self) -> None:
        """Have nobody to offer anything to."""
        self._offers = None
        self._negotiation.parted(self._evse_id)
