"""Which protocol a vehicle and the charger speak: supportedAppProtocolReq and its answer (ISO 15118-2, 8.2).

No IO. The vehicle names what it speaks, with priorities; of that the charger takes what it offers, by the
vehicle's priorities. DIN 70121 and ISO 15118-20 agree in the same way, by the same messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from agent.iso15118.conversation import Conversation
from agent.iso15118.turns import Response
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import decode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

_SCHEMA: Final = "app_protocol"
_REQUEST: Final = "supportedAppProtocolReq"
_RESPONSE: Final = "supportedAppProtocolRes"


class NoProposal(Exception):
    """A vehicle's first message is no proposal of protocols; says why. The link closes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A protocol that the vehicle speaks; priority 1 is what it prefers."""

    namespace: str
    major: int
    minor: int
    schema_id: int
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The answer to the vehicle, and what is spoken from now on; None: nothing, and the link closes."""

    conversation: Conversation[Any] | None
    response: Response


def read_proposals(frame: Frame) -> tuple[Proposal, ...]:
    """Return what the vehicle proposes.

    Raises:
        NoProposal: If the message is something else.
    """
    if frame.payload_type != PayloadType.EXI:
        raise NoProposal(f"payload type {frame.payload_type:#06x}, expected 0x8001")
    try:
        name, message = decode(schema(_SCHEMA), frame.payload)
    except CannotDecode as error:
        raise NoProposal(f"no {_REQUEST}: {error}") from error
    if name != _REQUEST:
        raise NoProposal(f"{name}, expected {_REQUEST}")
    return tuple(_proposal(one) for one in message["AppProtocol"])


def agree(proposals: Sequence[Proposal], offered: Sequence[Conversation[Any]]) -> Agreement:
    """Return what both speak, by the vehicle's priorities; a protocol is the same if its major version is."""
    for proposal in sorted(proposals, key=lambda one: one.priority):
        found = next((one for one in offered if _is_same(proposal, one)), None)
        if found is not None:
            is_exact = proposal.minor == found.version[1]
            code = "OK_SuccessfulNegotiation" if is_exact else "OK_SuccessfulNegotiationWithMinorDeviation"
            return Agreement(
                conversation=found, response=_response({"ResponseCode": code, "SchemaID": proposal.schema_id})
            )
    return Agreement(conversation=None, response=_response({"ResponseCode": "Failed_NoNegotiation"}))


def _is_same(proposal: Proposal, offered: Conversation[Any]) -> bool:
    return proposal.namespace == offered.namespace and proposal.major == offered.version[0]


def _proposal(message: dict[str, Any]) -> Proposal:
    return Proposal(
        namespace=message["ProtocolNamespace"],
        major=message["VersionNumberMajor"],
        minor=message["VersionNumberMinor"],
        schema_id=message["SchemaID"],
        priority=message["Priority"],
    )


def _response(message: dict[str, Any]) -> Response:
    return Response(payload_type=PayloadType.EXI, schema=_SCHEMA, name=_RESPONSE, message=message)
