"""Carries one vehicle's conversation over its connection, from the agreement on a protocol to the end.

The conversation says what is answered and what is to be done; here it is done in its time. Whatever goes
wrong - silence, garbage, a broken connection, an error of ours - takes the power off before anything else.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final

from agent.iso15118.agreement import NoProposal, agree, read_proposals
from agent.iso15118.channel import Channel, LinkLost
from agent.iso15118.conversation import Chance, Conversation, Link, Resting
from agent.iso15118.evse import WITHIN_S, Evse
from agent.iso15118.facts import Facts
from agent.iso15118.figures import Figures
from agent.iso15118.frames import Frames
from agent.iso15118.trace import readable
from agent.iso15118.turns import (
    Answer,
    Deed,
    Ending,
    Failed,
    Introduce,
    Outcome,
    RawResponse,
    Request,
    Response,
)
from agent.iso15118.v2gtp import Frame
from certs.exi.codec import encode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

log = logging.getLogger(__name__)

SETUP_S: Final = 20.0
"""From the connection to the answer of SessionSetupReq (V2G_EVCC_CommunicationSetup_Timeout)."""
FAREWELL_S: Final = 5.0
"""How long the vehicle has to close the connection after the last answer (ISO 15118-2, V2G2-025)."""
_SHOWN: Final = 4
"""Characters of an EVCCID in the log: where it is a token, whoever reads more of it charges with it."""
_FACTS_S: Final = 2.0
_MOST_DEEDS: Final = 3


class Trouble(Exception):
    """The conversation cannot go on, by an error of ours; says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """How a conversation ended. `resting` is what a vehicle may come back to."""

    ending: Ending
    why: str = ""
    resting: Resting | None = None


class Carrier:
    """One connection. `messages_are_logged`: each message in a line, for whoever looks for an error."""

    def __init__(
        self,
        channel: Channel,
        link: Link,
        evse: Evse,
        figures: Figures,
        *,
        messages_are_logged: bool = False,
    ) -> None:
        self._channel = channel
        self._frames = Frames(channel)
        self._link = link
        self._evse = evse
        self._figures = figures
        self._messages_are_logged = messages_are_logged
        self._deadline_s = monotonic() + SETUP_S
        self._vehicle = "a vehicle"
        self._session: str | None = None
        self.resting: Resting | None = None
        """What the vehicle may come back to, once the conversation has ended in a pause."""

    @property
    def is_set_up(self) -> bool:
        """Whether SessionSetupReq was answered: a session that rested is taken up then, or void."""
        return self._session is not None

    async def carry(self, offered: Sequence[Conversation[Any]], resting: Resting | None) -> None:
        """Hold the conversation until it ends.

        Who cancels this gives the reason as the message of the cancellation.

        Raises:
            LinkLost: If there was none, since the connection broke first or the vehicle made no sense.
        """
        conversation = await self._agree(offered)
        if conversation is None:
            return
        log.info("a vehicle speaks %s%s", conversation.name, " over TLS" if self._link.is_tls else "")
        closed, is_said = Closed(ending="error"), False
        try:
            await self._evse.begin(conversation.name)
            closed, is_said = await self._converse(conversation, resting), True
        except (LinkLost, Trouble) as error:
            closed = Closed(ending="error", why=str(error))
        except asyncio.CancelledError as stop:
            closed = Closed(ending="error", why=str(stop) or "the agent stops")
            raise
        except Exception as error:
            log.exception("the conversation with %s failed", self._vehicle)
            closed = Closed(ending="error", why=f"an error of the charger's: {type(error).__name__}")
        finally:
            self.resting = closed.resting
            await self._end(closed)
        if is_said:
            await self._frames.drain(FAREWELL_S)

    async def _agree(self, offered: Sequence[Conversation[Any]]) -> Conversation[Any] | None:
        frame = await self._frames.take(self._until_set_up_s())
        try:
            proposals = read_proposals(frame)
        except NoProposal as error:
            self._figures.failed_agreements += 1
            raise LinkLost(f"no agreement on a protocol: {error}") from error
        agreement = agree(proposals, offered)
        await self._send(agreement.response)
        if agreement.conversation is None:
            self._figures.failed_agreements += 1
            spoken = ", ".join(f"{one.namespace} {one.major}.{one.minor}" for one in proposals)
            log.warning("a vehicle speaks nothing that is offered: %s", spoken)
            await self._frames.drain(FAREWELL_S)
        return agreement.conversation

    async def _converse(self, conversation: Conversation[Any], resting: Resting | None) -> Closed:
        own = resting if resting is not None and resting.protocol == conversation.name else None
        state = conversation.begin(self._evse.charger, self._link, own, _chance())
        within_s = self._until_set_up_s()
        while True:
            frame = await self._frames.take(within_s)
            answer = await self._answer(conversation, state, frame)
            if answer is None:
                raise LinkLost("what the vehicle sent cannot be read, and there is no answer to it")
            await self._send(answer.response)
            self._figures.messages += 1
            self._begin_orders(answer)
            if answer.ending is not None:
                rests = conversation.rest(answer.state) if answer.ending == "pause" else None
                return Closed(ending=answer.ending, why=answer.why, resting=rests)
            state, within_s = answer.state, answer.next_within_s

    async def _answer(
        self, conversation: Conversation[Any], state: object, frame: Frame
    ) -> Answer[Any] | None:
        try:
            request = conversation.read(frame)
        except CannotDecode as error:
            log.warning("%s sent what cannot be read: %s", self._vehicle, error)
            return conversation.refuse(state, str(error))
        self._trace("<", request.name, request.message)
        return await self._step(conversation, state, request)

    async def _step(self, conversation: Conversation[Any], state: object, request: Request) -> Answer[Any]:
        """Ask the conversation, and have done what it wants done before it answers."""
        done: tuple[Deed, Outcome] | None = None
        for _ in range(_MOST_DEEDS + 1):
            facts = replace(await self._facts(), outcome=done)
            turn = conversation.step(state, request, facts)
            if isinstance(turn, Answer):
                return turn
            done = turn, await self._perform(turn)
        raise Trouble(f"{conversation.name} wants ever more done for one {request.name}")

    async def _facts(self) -> Facts:
        try:
            async with asyncio.timeout(_FACTS_S):
                return await self._evse.facts()
        except TimeoutError:
            raise Trouble(f"the EVSE does not say how it stands within {_FACTS_S:.0f} s") from None

    async def _perform(self, deed: Deed) -> Outcome:
        within_s = WITHIN_S[type(deed)]
        try:
            async with asyncio.timeout(within_s):
                return await self._evse.perform(deed)
        except TimeoutError:
            log.error("%s was not done within %.1f s", type(deed).__name__, within_s)
            return Failed(f"not done within {within_s:.1f} s")

    def _begin_orders(self, answer: Answer[Any]) -> None:
        for order in answer.orders:
            if isinstance(order, Introduce):
                self._vehicle = f"vehicle ..{order.evcc_id[-_SHOWN:]}"
            self._evse.order(order)
        if self._session is None and isinstance(answer.response, Response):
            self._session = _session_of(answer.response)
            log.info("%s: session %s", self._vehicle, self._session or "without an id")

    async def _send(self, response: Response | RawResponse) -> None:
        if isinstance(response, RawResponse):
            self._trace(">", "an answer of the backend's", {"exi": response.exi})
            exi = response.exi
        else:
            self._trace(">", response.name, response.message)
            exi = encode(schema(response.schema), response.name, response.message)
        await self._channel.send(Frame(response.payload_type, exi).to_bytes())

    async def _end(self, closed: Closed) -> None:
        """Take the power off, whoever wants this task to stop meanwhile; then say how it ended."""
        self._figures.sessions[closed.ending] += 1
        ending = asyncio.create_task(self._evse.end(closed.ending, closed.why))
        is_stopped = False
        while not ending.done():
            try:
                await asyncio.wait([ending])
            except asyncio.CancelledError:
                is_stopped = True
        level = logging.WARNING if closed.ending == "error" else logging.INFO
        why = f": {closed.why}" if closed.why else ""
        log.log(level, "session %s of %s: %s%s", self._session or "?", self._vehicle, closed.ending, why)
        if (failure := ending.exception()) is not None:
            log.error("the EVSE did not end the session properly", exc_info=failure)
        if is_stopped:
            raise asyncio.CancelledError

    def _trace(self, direction: str, name: str, message: object) -> None:
        if self._messages_are_logged:
            log.info("v2g %s %s %s", direction, name, readable(message))

    def _until_set_up_s(self) -> float:
        return max(0.0, self._deadline_s - monotonic())


def _chance() -> Chance:
    return Chance(
        session_id=(1 + secrets.randbelow((1 << 64) - 1)).to_bytes(8, "big"),
        challenge=secrets.token_bytes(16),
    )


def _session_of(response: Response) -> str:
    """Return the session id of a message's header, in hexadecimal; "" if it has none."""
    header = response.message.get("Header")
    found = header.get("SessionID") if isinstance(header, dict) else None
    return found.hex() if isinstance(found, bytes) else ""
