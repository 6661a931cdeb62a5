"""Whatever a vehicle sends and the EVSE is like: an answer comes, and no power that must not flow.

A trial lets a vehicle say things, and things happen to the EVSE, and looks at what comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Protocol

from hypothesis import strategies as st

from agent.iso15118.facts import Facts
from agent.iso15118.turns import (
    AskForContract,
    Deed,
    Deenergise,
    Deliver,
    Energise,
    Failed,
    Order,
    Outcome,
)
from agent.iso15118.v2g_message.dispatch import Possible
from agent.iso15118.v2g_message.session import Phase, Session
from certs.exi.tables import Schema
from tests.unit.agent.iso15118.talking import DC_FACTS
from tests.unit.certs.exi import instances

FACTS: list[dict[str, Any]] = [
    {"authorization": "accepted"},
    {"authorization": "pending"},
    {"authorization": "rejected", "refusal": "CertificateRevoked"},
    {"isolation": "unknown"},
    {"isolation": "testing"},
    {"isolation": "valid"},
    {"isolation": "warning"},
    {"isolation": "fault"},
    {"offers": ()},
    {"offers": None},
    {"fault": "hot"},
    {"fault": None, "is_emergency": False},
    {"fault": "stop button", "is_emergency": True},
    {"wish": "stop"},
    {"wish": "renegotiate"},
    {"wish": "none"},
    {"is_locked": False},
    {"is_locked": True},
    {"vehicle_is_ready": False},
    {"meter": None},
    {"dc_present": None},
]
KINDS = ["usual", "usual", "usual", "possible", "strange", "other session", "facts", "failure"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 1 << 32)), max_size=25)
PHASES = st.sampled_from([phase for phase in Phase if phase is not Phase.ENDED])


class Vehicle(Protocol):
    """What a trial wants of a vehicle."""

    state: Any
    facts: Facts
    deeds: list[Deed]
    outcomes: dict[type[Deed], Outcome]

    def body(self, name: str) -> dict[str, Any]: ...
    def signature(self, name: str) -> Mapping[str, Any] | None: ...
    def ask(
        self,
        name: str,
        body: Mapping[str, Any] | None = None,
        *,
        session_id: bytes | None = None,
        signature: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]: ...
    def knows(self, **changes: Any) -> None: ...
    def passes(self, seconds: float) -> None: ...
    def ordered(self) -> tuple[Order, ...]: ...
    @property
    def ending(self) -> str | None: ...


class Trial:
    """One vehicle, and every request that it might send."""

    def __init__(self, vehicle: Vehicle, grammars: Schema, names: list[str], possible: Possible) -> None:
        self._vehicle = vehicle
        self._grammars = grammars
        self._names = sorted(names)
        self._possible = possible

    def take(self, kind: str, random: Random) -> None:
        """Let the vehicle say something, or something happen to the EVSE."""
        vehicle = self._vehicle
        name = random.choice(sorted(self._possible[vehicle.state.phase]) or self._names)
        match kind:
            case "usual":
                self._ask(name, vehicle.body(name), vehicle.signature(name))
            case "possible":
                self._ask(name, *self._strange(name, random))
            case "strange":
                name = random.choice(self._names)
                self._ask(name, *self._strange(name, random))
            case "other session":
                other = random.randbytes(random.randint(1, 8))
                self._ask(name, vehicle.body(name), None, session_id=other)
            case "facts":
                vehicle.knows(**random.choice(FACTS))
                vehicle.passes(random.choice([0.1, 20.0, 59.0]))
            case "failure":
                deed = random.choice([Energise, Deenergise, AskForContract])
                vehicle.outcomes[deed] = Failed("it failed")

    def _strange(self, name: str, random: Random) -> tuple[dict[str, Any], Mapping[str, Any] | None]:
        """Return any body that the schema allows, and perhaps any signature."""
        header = instances.part(self._grammars, "Header", random)
        return instances.part(self._grammars, name, random), header.get("Signature")

    def _ask(
        self,
        name: str,
        body: dict[str, Any],
        signature: Mapping[str, Any] | None,
        session_id: bytes | None = None,
    ) -> None:
        vehicle = self._vehicle
        before: Session = vehicle.state
        done = len(vehicle.deeds)
        response = vehicle.ask(name, body, signature=signature, session_id=session_id)
        has_failed = response["ResponseCode"].startswith("FAILED")
        assert has_failed == (vehicle.ending == "error")
        if before.phase is Phase.ENDED:
            assert has_failed
        if Energise() in vehicle.deeds[done:]:
            assert_may_have_power(vehicle.facts)
        for order in vehicle.ordered():
            if isinstance(order, Deliver):
                assert_is_within_limits(order, vehicle.facts)
        if vehicle.ending in ("terminate", "pause"):
            powers = [deed for deed in vehicle.deeds if isinstance(deed, Energise | Deenergise)]
            assert not powers or powers[-1] == Deenergise()


def assert_may_have_power(facts: Facts) -> None:
    assert facts.authorization == "accepted"
    assert facts.fault is None
    assert not facts.is_emergency
    assert facts.is_locked
    assert facts.dc is None or facts.isolation in ("valid", "warning")


def assert_is_within_limits(order: Deliver, facts: Facts) -> None:
    limits = DC_FACTS.dc
    assert limits is not None
    assert 0 <= order.voltage_v <= limits.most_v
    assert 0 <= order.current_a <= limits.most_a
    assert order.voltage_v * order.current_a <= limits.most_w
    assert facts.isolation != "fault"
    assert not facts.is_emergency
    if facts.fault is not None:
        assert order.current_a == 0
