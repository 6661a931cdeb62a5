"""A vehicle's side of a conversation: what it says and hears passes through the bytes on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from agent.iso15118.conversation import Chance, Conversation, Link, Resting
from agent.iso15118.facts import AcLimits, Charger, DcLimits, DcPresent, Facts, MeterStatus
from agent.iso15118.turns import Answer, Deed, Done, Order, Outcome, RawResponse
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import decode, encode
from certs.exi.tables import schema

State = TypeVar("State")
NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
"""Certificates are issued while the tests run, and valid by then, however long they take."""
CHANCE = Chance(session_id=bytes.fromhex("0123456789abcdef"), challenge=bytes(range(16)))
AC_CHARGER = Charger(evse_id="DE*CHA*E1", transfers=("AC_three_phase",))
DC_CHARGER = replace(AC_CHARGER, transfers=("DC",))
METER = MeterStatus(meter_id="M-1", energy_wh=4711, at=NOW)
AC_FACTS = Facts(
    now=NOW,
    now_s=1000.0,
    ac=AcLimits(voltage_v=Decimal(230), phases=3, most_a=Decimal(16)),
    vehicle_is_ready=True,
    meter=METER,
)
DC_FACTS = replace(
    AC_FACTS,
    ac=None,
    dc=DcLimits(
        most_v=Decimal(920),
        least_v=Decimal(150),
        most_a=Decimal(125),
        least_a=Decimal(0),
        most_w=Decimal(50000),
        ripple_a=Decimal(1),
    ),
    dc_present=DcPresent(voltage_v=Decimal("398.5"), current_a=Decimal("12.25")),
)
NO_SESSION = bytes(8)
MOST_DEEDS = 3


class Talk(Generic[State]):
    """One connection: `ask` returns what the response holds; everything else is kept to look at."""

    def __init__(
        self,
        conversation: Conversation[State],
        schema_name: Literal["din", "iso2"],
        charger: Charger,
        facts: Facts,
        *,
        is_tls: bool = False,
        resting: Resting | None = None,
    ) -> None:
        self.conversation = conversation
        self.facts = facts
        self.session_id = NO_SESSION
        self.outcomes: dict[type[Deed], Outcome] = {}
        self.deeds: list[Deed] = []
        self.orders: list[Order] = []
        self.state = conversation.begin(charger, Link(is_tls=is_tls), resting, CHANCE)
        self.answer: Answer[State] | None = None
        self._schema = schema(schema_name)

    def knows(self, **changes: Any) -> None:
        """Change what the EVSE is like from now on."""
        self.facts = replace(self.facts, **changes)

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self.knows(now_s=self.facts.now_s + seconds)

    def ask(
        self,
        name: str,
        body: Mapping[str, Any] | None = None,
        *,
        session_id: bytes | None = None,
        signature: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the response to a request, and note the session's id as a vehicle does."""
        header = {
            "SessionID": self.session_id if session_id is None else session_id,
            "Signature": signature,
        }
        exi = encode(self._schema, "V2G_Message", {"Header": header, "Body": {name: body or {}}})
        answer = self._do(Frame(PayloadType.EXI, exi))
        response = answer.response
        told = response.exi if isinstance(response, RawResponse) else self._encoded(answer)
        document, message = decode(self._schema, told)
        assert document == "V2G_Message"
        self.session_id = message["Header"]["SessionID"]
        ((responded, fields),) = message["Body"].items()
        assert responded == f"{name.removesuffix('Req')}Res"
        assert isinstance(fields, dict)
        return fields

    @property
    def ending(self) -> str | None:
        """How the session ended, if it did."""
        return None if self.answer is None else self.answer.ending

    def ordered(self) -> tuple[Order, ...]:
        """What the last answer ordered."""
        assert self.answer is not None
        return self.answer.orders

    def _do(self, frame: Frame) -> Answer[State]:
        request = self.conversation.read(frame)
        facts = self.facts
        for _ in range(MOST_DEEDS):
            turn = self.conversation.step(self.state, request, facts)
            if isinstance(turn, Answer):
                break
            self.deeds.append(turn)
            facts = replace(self.facts, outcome=(turn, self.outcomes.get(type(turn), Done())))
        assert isinstance(turn, Answer), f"{turn} is wanted again and again"
        self.state, self.answer = turn.state, turn
        self.orders += turn.orders
        return turn

    def _encoded(self, answer: Answer[State]) -> bytes:
        response = answer.response
        assert not isinstance(response, RawResponse)
        assert response.payload_type == PayloadType.EXI
        return encode(schema(response.schema), response.name, response.message)


def volts(value: int, multiplier: int = 0) -> dict[str, Any]:
    return physical(value, multiplier, "V")


def amperes(value: int, multiplier: int = 0) -> dict[str, Any]:
    return physical(value, multiplier, "A")


def watts(value: int, multiplier: int = 0) -> dict[str, Any]:
    return physical(value, multiplier, "W")


def watt_hours(value: int, multiplier: int = 0) -> dict[str, Any]:
    return physical(value, multiplier, "Wh")


def physical(value: int, multiplier: int, unit: str) -> dict[str, Any]:
    return {"Multiplier": multiplier, "Unit": unit, "Value": value}
