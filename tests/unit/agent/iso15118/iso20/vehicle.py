"""A small vehicle of ISO 15118-20: it makes requests, and sends and gets them as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from agent.iso15118.conversation import Chance, Link, Resting
from agent.iso15118.facts import Charger
from agent.iso15118.iso20.conversation import Iso20
from agent.iso15118.iso20.messages import payload_type_of, schema_of
from agent.iso15118.iso20.session import Session
from agent.iso15118.iso20.states import Kind, Phase
from agent.iso15118.turns import Answer, RawResponse
from agent.iso15118.v2gtp import Frame
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from tests.unit.agent.iso15118.iso20.evse import AC_CHARGER, DC_CHARGER, Evse, facts_of
from tests.unit.agent.iso15118.iso20.requests import REQUESTS

CHANCE: Final = Chance(session_id=bytes(range(1, 9)), challenge=bytes(range(16)))
TLS: Final = Link(is_tls=True, vehicle_chain=(b"vehicle's certificate",))
PLAIN: Final = Link(is_tls=False)
SCHEDULED, DYNAMIC, DYNAMIC_BOTH = 1, 2, 3
"""ParameterSetIDs: all phases, no prices."""

Step = str | tuple[str, dict[str, Any]]


class Vehicle:
    """One vehicle at one charger."""

    def __init__(
        self,
        kind: Kind = "AC",
        *,
        charger: Charger | None = None,
        link: Link = TLS,
        resting: Resting | None = None,
        evse: Evse | None = None,
        service: str | None = None,
        parameter_set: int = SCHEDULED,
    ) -> None:
        self.kind: Kind = kind
        self.conversation = Iso20(kind)
        self.evse = evse or Evse(facts_of(kind))
        self.service: str = service or kind
        self.parameter_set: int = parameter_set
        shown = charger or (AC_CHARGER if kind == "AC" else DC_CHARGER)
        self.state: Session = self.conversation.begin(shown, link, resting, CHANCE)
        self.session_id = bytes(8)
        self.answer: Answer[Session] | None = None

    @property
    def prefix(self) -> str:
        """How the elements of its mode begin."""
        return "BPT_" if self.service.endswith("_BPT") else ""

    @property
    def control(self) -> str:
        """Who controls."""
        return "Scheduled" if (self.parameter_set - 1) % 3 == 0 else "Dynamic"

    def is_in(self, phase: Phase) -> bool:
        """Return whether the conversation is in a phase."""
        return self.state.phase is phase

    @property
    def ending(self) -> str | None:
        """How the last answer ended the session, if it did."""
        assert self.answer is not None
        return self.answer.ending

    def send(
        self,
        name: str,
        fields: Mapping[str, Any] | None = None,
        *,
        session_id: bytes | None = None,
        signature: Mapping[str, Any] | None = None,
        payload_type: int | None = None,
    ) -> dict[str, Any]:
        """Send a request, by default a sensible one, and return the response."""
        told = REQUESTS[name](self) if fields is None else fields
        header: dict[str, Any] = {"SessionID": session_id or self.session_id, "TimeStamp": 1}
        if signature is not None:
            header["Signature"] = signature
        by = payload_type or payload_type_of(self.kind, name)
        name_of_schema = schema_of(self.kind, by)
        assert name_of_schema is not None
        exi = encode(schema(name_of_schema), name, {"Header": header, **told})
        request = self.conversation.read(Frame(by, exi))
        turn = self.conversation.step(self.state, request, self.evse.facts)
        if not isinstance(turn, Answer):
            outcome = self.evse.perform(turn)
            facts = replace(self.evse.facts, outcome=(turn, outcome))
            turn = self.conversation.step(self.state, request, facts)
        assert isinstance(turn, Answer)
        return self.take(turn, name)

    def take(self, answer: Answer[Session], name: str) -> dict[str, Any]:
        """Take an answer in, and return the response."""
        self.answer, self.state = answer, answer.state
        for order in answer.orders:
            self.evse.obey(order)
        response = answer.response
        if isinstance(response, RawResponse):
            came, message = decode(schema("iso20_common"), response.exi)
        else:
            exi = encode(schema(response.schema), response.name, response.message)
            came, message = decode(schema(response.schema), exi)
        assert came == name.removesuffix("Req") + "Res"
        self.session_id = message["Header"]["SessionID"]
        assert isinstance(message, dict)
        return message

    def go_to(self, phase: Phase) -> Vehicle:
        """Send what is needed to come to a phase from the beginning."""
        for step in path_to(phase, self.kind):
            name, fields = (step, None) if isinstance(step, str) else step
            self.send(name, fields)
        assert self.is_in(phase), f"{self.state.phase} instead of {phase}"
        return self


_PROGRESS: Final = {
    Phase.STANDBY: "Standby",
    Phase.RENEGOTIATION: "ScheduleRenegotiation",
    Phase.STOPPED: "Stop",
}


def path_to(phase: Phase, kind: Kind) -> list[Step]:
    """Return the requests from the beginning to a phase, by a card."""
    if phase is Phase.OVER:
        return ["SessionSetupReq", "SessionStopReq"]
    exchange: list[Step] = ["ScheduleExchangeReq", "ScheduleExchangeReq"]
    way: list[tuple[Phase, list[Step]]] = [
        (Phase.SETUP, []),
        (Phase.AUTHORIZATION_SETUP, ["SessionSetupReq"]),
        (Phase.AUTHORIZATION, ["AuthorizationSetupReq"]),
        (Phase.SERVICES, ["AuthorizationReq", "AuthorizationReq"]),
        (Phase.DETAILS, ["ServiceDiscoveryReq"]),
        (Phase.SELECTION, ["ServiceDetailReq"]),
        (Phase.PARAMETERS, ["ServiceSelectionReq"]),
        (Phase.SCHEDULES, [f"{kind}_ChargeParameterDiscoveryReq"]),
    ]
    if kind == "DC":
        way += [
            (Phase.CABLE_CHECK, exchange),
            (Phase.PRE_CHARGE, ["DC_CableCheckReq", "DC_CableCheckReq"]),
            (Phase.DELIVERY, ["DC_PreChargeReq"]),
        ]
    else:
        way += [(Phase.DELIVERY, exchange)]
    way += [(Phase.LOOP, ["PowerDeliveryReq"])]
    way += [(last, [("PowerDeliveryReq", progress(word))]) for last, word in _PROGRESS.items()]
    steps: list[Step] = []
    for reached, more in way:
        if reached not in _PROGRESS or reached is phase:
            steps += more
        if reached is phase:
            return steps
    raise AssertionError(f"no way to {phase}")


def progress(word: str) -> dict[str, Any]:
    """Return a PowerDeliveryReq without a plan."""
    return {"EVProcessing": "Finished", "ChargeProgress": word}
