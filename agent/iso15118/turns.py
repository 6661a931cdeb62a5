"""What a conversation does with a message: the answer, or first a deed. Values only, whatever the protocol.

A conversation is a pure step: `step(state, request, facts) -> Answer | Deed`. Where it returns a deed, the
server has it done within its time, and asks again with the same state and request and with the outcome in
the facts. Orders come with an answer: they begin when it is sent, nobody waits for them, and later facts
show what became of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Generic, Literal, TypeVar

from agent.smartcharging.needs import Chosen, Needs
from certs.exi.tables import Name

State = TypeVar("State")

SEQUENCE_S: Final = 60.0
"""How long a vehicle may take for its next request (V2G_SECC_Sequence_Timeout)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A message of the vehicle: its name and what the document holds, and the bytes that it came in.

    The name is the document's; in DIN 70121 and ISO 15118-2, where every one is a V2G_Message, the body's.
    """

    payload_type: int
    name: str
    message: Mapping[str, Any]
    exi: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A message to the vehicle: a document of this schema set, in a frame of this payload type."""

    payload_type: int
    schema: Name
    name: str
    message: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """A message to the vehicle that somebody else has written and signed; it is passed on as it is."""

    payload_type: int
    exi: bytes


@dataclass(frozen=True, slots=True)
class Energise:
    """Close the contactors. Outcome `Done` once they are."""


@dataclass(frozen=True, slots=True)
class Deenergise:
    """Take the power away; on direct current, bring the current down first and then the voltage."""


@dataclass(frozen=True, slots=True)
class AskForContract:
    """Have the backend answer a vehicle's request for a contract certificate; `exi` is that, as it came.

    Outcome `Obtained` with the response's EXI.
    """

    exi: bytes
    action: Literal["Install", "Update"]
    namespace: str
    most_contracts: int | None = None
    """How many the vehicle can take, where its edition has it say so."""
    wanted_contracts: tuple[str, ...] = ()
    """The eMAIDs that it would rather have."""


Deed = Energise | Deenergise | AskForContract
"""What must be done before a message can be answered."""


@dataclass(frozen=True, slots=True)
class Done:
    """The deed is done."""


@dataclass(frozen=True, slots=True)
class Obtained:
    """The backend's response to the vehicle."""

    exi: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """The deed was not done in its time; `why` is for the log."""

    why: str


Outcome = Done | Obtained | Failed


@dataclass(frozen=True, slots=True)
class Introduce:
    """The vehicle has said who it is: its EVCCID, in hexadecimal without separators (-20: as it says it)."""

    evcc_id: str


@dataclass(frozen=True, slots=True)
class AwaitDriver:
    """The driver is to be authorized by a card or the like."""


@dataclass(frozen=True, slots=True)
class CheckContract:
    """Decide whether a contract may charge here: its eMAID and its chain (PEM, leaf first)."""

    emaid: str
    chain: str


ANY_EVSE: Final = 0
"""What conversations say in needs and choices: the EVSE puts its own number in."""


@dataclass(frozen=True, slots=True)
class TellNeeds:
    """What the vehicle needs; schedules for it are wanted from now on (`Facts.offers`)."""

    needs: Needs


@dataclass(frozen=True, slots=True)
class TellChosen:
    """By which schedule the vehicle is going to charge."""

    chosen: Chosen


@dataclass(frozen=True, slots=True)
class TellSoc:
    """The charge of the vehicle's battery, in percent."""

    percent: int


@dataclass(frozen=True, slots=True)
class CheckCable:
    """Test the isolation of cable and output at this voltage (V); `Facts.isolation` shows the result."""

    voltage_v: Decimal


@dataclass(frozen=True, slots=True)
class Deliver:
    """Let the supply go to this voltage and at most this current. A negative current is taken back."""

    voltage_v: Decimal
    current_a: Decimal


@dataclass(frozen=True, slots=True)
class DrawAtMost:
    """What the vehicle on alternating current will draw at most of each phase, if it says so."""

    current_a: Decimal


Order = (
    Introduce
    | AwaitDriver
    | CheckContract
    | TellNeeds
    | TellChosen
    | TellSoc
    | CheckCable
    | Deliver
    | DrawAtMost
)

Ending = Literal["terminate", "pause", "error"]
"""The session is over; or it rests, and the vehicle may come back; or it failed, and the power goes off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[State]):
    """The next state, the response, and what else is to begin; `why` tells the log of an ending in error."""

    state: State
    response: Response | RawResponse
    orders: tuple[Order, ...] = ()
    ending: Ending | None = None
    why: str = ""
    next_within_s: float = SEQUENCE_S


Turn = Answer[State] | Deed
