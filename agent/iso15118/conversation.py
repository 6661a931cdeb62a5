"""What a protocol's side of the conversation is to the server that carries it: one object, no IO."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

from agent.iso15118.facts import Charger, Facts
from agent.iso15118.turns import Answer, Request, Turn
from agent.iso15118.v2gtp import Frame

State = TypeVar("State")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The connection that a conversation is held on."""

    is_tls: bool
    vehicle_chain: tuple[bytes, ...] = ()
    """The certificates (DER, leaf first) that the vehicle showed, where TLS is mutual (-20)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """What nobody could foresee of a session; conversations have no random numbers of their own."""

    session_id: bytes
    """Eight bytes, not all of them zero: the id of a session that is new."""
    challenge: bytes
    """Sixteen bytes: what a vehicle with a contract has to sign (GenChallenge)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """A session that was paused: a vehicle that comes back with its id goes on with it.

    `kept` is the protocol's own: what must stay as it was agreed on.
    """

    protocol: str
    session_id: bytes
    kept: object


class Conversation(Protocol[State]):
    """One protocol, spoken with one vehicle after the other. It keeps nothing: the state is the caller's."""

    @property
    def name(self) -> str:
        """As logs call it: "DIN 70121", "ISO 15118-2", "ISO 15118-20 AC"."""

    @property
    def namespace(self) -> str:
        """As supportedAppProtocol names it."""

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor; a vehicle with the same major version is understood."""

    def begin(self, charger: Charger, link: Link, resting: Resting | None, chance: Chance) -> State:
        """Return the state in which SessionSetupReq is waited for."""

    def read(self, frame: Frame) -> Request:
        """Return the request in a frame.

        Raises:
            CannotDecode: If there is none.
        """

    def step(self, state: State, request: Request, facts: Facts) -> Turn[State]:
        """Return the answer, or the deed that must be done before. It never raises for what a vehicle sends.

        A request out of sequence, of another session or with impossible values gets the response code that
        the standard names for it.
        """

    def refuse(self, state: State, why: str) -> Answer[State] | None:
        """Return the answer to what could not be read, None if the protocol has none and the link closes."""

    def rest(self, state: State) -> Resting:
        """Return what is to be kept of a session that ended in a pause."""
