"""The port through which the server of conversations sees and moves the EVSE that it speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from agent.iso15118.facts import Charger, Facts
from agent.iso15118.turns import AskForContract, Deed, Deenergise, Ending, Energise, Order, Outcome

WITHIN_S: Final[Mapping[type[Deed], float]] = MappingProxyType(
    {
        Energise: 3.0,
        Deenergise: 4.0,
        AskForContract: 4.5,
    }
)
"""How long a deed may take: the response is due 4.5 s after the request (ISO 15118-2, table 109: SECC
performance times), the vehicle gives up after 5 s, and a contactor is closed within 3 s."""


class Evse(Protocol):
    """One EVSE, with at most one vehicle at its cable. Nothing here raises for what the hardware does."""

    @property
    def charger(self) -> Charger:
        """The EVSE as it introduces itself; taken when a conversation begins."""

    async def begin(self, protocol: str) -> None:
        """A vehicle and the charger have agreed on a protocol (`Conversation.name`) and begin to speak."""

    async def facts(self) -> Facts:
        """Return the EVSE at this moment, `outcome` left out, without waiting for anything slow.

        What must be asked for (authorization, schedules, isolation) has been asked for by an order; the
        facts say "pending", None or "testing" until it is known.
        """

    async def perform(self, deed: Deed) -> Outcome:
        """Do what a response waits for.

        It is cancelled after `WITHIN_S`. Power that was to come on must then not come on any more.
        """

    def order(self, order: Order) -> None:
        """Begin what an answer that has been sent ordered. Returns at once."""

    async def end(self, ending: Ending, why: str) -> None:
        """The conversation is over, or its connection was lost ("error"). Returns when the power is off.

        After "pause" the vehicle may come back, and what was authorized stays so until it is unplugged.
        It is called once for each `begin`, and is not cancelled.
        """

    async def unplugged(self) -> None:
        """Return when no vehicle is plugged in, at once if none is.

        A session is over then, also one that rests.
        """
