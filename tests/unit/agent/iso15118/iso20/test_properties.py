"""Whatever a vehicle sends, in whatever order: an answer, no power without leave, and no limit exceeded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.iso15118.facts import DcLimits, Facts
from agent.iso15118.iso20.conversation import Iso20
from agent.iso15118.iso20.dc import ISOLATED
from agent.iso15118.iso20.messages import LEAST
from agent.iso15118.iso20.rational import decimal
from agent.iso15118.iso20.session import Limits
from agent.iso15118.iso20.states import TABLE, Kind, Phase
from agent.iso15118.iso20.supply import flow
from agent.iso15118.turns import Deliver, Energise
from agent.iso15118.v2gtp import Frame
from certs.exi.errors import CannotDecode, CannotEncode
from tests.unit.agent.iso15118.iso20.evse import DC, Evse, facts_of
from tests.unit.agent.iso15118.iso20.requests import REQUESTS
from tests.unit.agent.iso15118.iso20.vehicle import Vehicle, path_to

LIKELY = st.builds(lambda value: {"Value": value, "Exponent": 0}, st.integers(-600, 1000))
NUMBER = LIKELY | st.builds(
    lambda value, exponent: {"Value": value, "Exponent": exponent},
    st.integers(-32768, 32767),
    st.sampled_from([-128, -3, -1, 0, 1, 3, 127]),
)
WORDS = st.sampled_from(
    [
        *("Start", "Stop", "Standby", "ScheduleRenegotiation", "Finished", "Ongoing"),
        *("Pause", "Terminate", "ServiceRenegotiation", "EIM", "PnC"),
    ]
)
CHANGES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        *({"authorization": word} for word in ("pending", "accepted", "rejected")),
        *({"isolation": word} for word in ("unknown", "testing", "valid", "warning", "fault")),
        *({"wish": word} for word in ("none", "renegotiate", "pause", "stop")),
        *({"fault": word} for word in (None, "too hot")),
        *({"is_locked": word} for word in (True, False)),
        *({"dc": replace(DC, most_a=Decimal(most_a))} for most_a in (0, 5, 60)),
        *({"dc": replace(DC, most_w=Decimal(most_w))} for most_w in (0, 3000)),
        *({"dc": replace(DC, most_back_w=Decimal(most_w))} for most_w in (0, 1500)),
        {"is_emergency": True},
        {"offers": None},
    ]
)
START = st.sampled_from([Phase.DELIVERY, Phase.LOOP]) | st.sampled_from(
    sorted(set(TABLE["DC"]) - {Phase.EXPIRING, Phase.JOINED, Phase.OVER}, key=lambda phase: phase.name)
)


def _mutated(fields: Any, data: st.DataObject) -> Any:
    """Return a message with some of its values changed for others of their kind."""
    if isinstance(fields, dict):
        if fields.keys() == {"Exponent", "Value"}:
            return data.draw(NUMBER) if data.draw(st.booleans()) else fields
        kept = {name: _mutated(value, data) for name, value in fields.items()}
        if data.draw(st.integers(0, 9)) == 0:
            kept.pop(data.draw(st.sampled_from(sorted(kept))) if kept else "", None)
        return kept
    if isinstance(fields, list):
        return [_mutated(one, data) for one in fields]
    if data.draw(st.integers(0, 4)):
        return fields
    if isinstance(fields, bool):
        return data.draw(st.booleans())
    if isinstance(fields, int):
        return data.draw(st.integers(0, 2**64 - 1) | st.integers(0, 20))
    return data.draw(WORDS) if isinstance(fields, str) else fields


def _changed(facts: Facts, data: st.DataObject) -> Facts:
    if data.draw(st.booleans()):
        return facts
    change: dict[str, Any] = data.draw(CHANGES)
    return facts if "dc" in change and facts.dc is None else replace(facts, **change)


def _check(vehicle: Vehicle, before: int, facts: Facts) -> None:
    """Check what was done for the last request."""
    for deed in vehicle.evse.deeds[before:]:
        if isinstance(deed, Energise):
            assert facts.authorization == "accepted"
            assert facts.fault is None
            assert not facts.is_emergency
            assert facts.is_locked
            assert vehicle.kind == "AC" or facts.isolation in ISOLATED
    assert vehicle.answer is not None
    for order in vehicle.answer.orders:
        if isinstance(order, Deliver):
            assert facts.dc is not None
            _check_limits(order, vehicle, facts.dc)


def _check_limits(order: Deliver, vehicle: Vehicle, evse: DcLimits) -> None:
    limits = vehicle.state.vehicle
    assert limits.most_v is not None
    assert limits.most_a is not None
    power_w = order.voltage_v * order.current_a
    assert 0 <= order.voltage_v <= min(evse.most_v, limits.most_v)
    assert order.current_a <= min(evse.most_a, limits.most_a)
    assert power_w <= min(evse.most_w, limits.most_w)
    assert -order.current_a <= min(evse.most_back_a, limits.most_back_a)
    assert -power_w <= min(evse.most_back_w, limits.most_back_w)
    assert vehicle.state.chosen.is_bpt or order.current_a >= 0


LEAVE = st.fixed_dictionaries(
    {
        "authorization": st.sampled_from(["accepted", "accepted", "rejected", "pending"]),
        "isolation": st.sampled_from(["valid", "warning", "unknown", "testing", "fault"]),
        "wish": st.sampled_from(["none", "none", "renegotiate", "pause", "stop"]),
        "fault": st.sampled_from([None, None, None, "too hot"]),
        "is_locked": st.sampled_from([True, True, True, False]),
        "is_emergency": st.sampled_from([False, False, False, True]),
    }
)


@settings(max_examples=150)
@given(st.sampled_from(["AC", "DC"]), st.sampled_from(["Start", "Standby"]), LEAVE)
def test_power_comes_on_with_leave_and_only_then(kind: Kind, word: str, leave: dict[str, Any]) -> None:
    vehicle = Vehicle(kind).go_to(Phase.DELIVERY)
    vehicle.evse.facts = replace(vehicle.evse.facts, **leave)
    vehicle.send("PowerDeliveryReq", REQUESTS["PowerDeliveryReq"](vehicle) | {"ChargeProgress": word})
    may = (
        leave["authorization"] == "accepted"
        and (kind == "AC" or leave["isolation"] in ISOLATED)
        and leave["wish"] != "stop"
        and leave["fault"] is None
        and leave["is_locked"]
        and not leave["is_emergency"]
    )
    assert vehicle.evse.deeds == ([Energise()] if may else [])


@settings(max_examples=200)
@given(st.data())
def test_anything_in_any_order(data: st.DataObject) -> None:
    kind: Kind = data.draw(st.sampled_from(["DC", "AC"]))
    service = kind + data.draw(st.sampled_from(["", "_BPT"]))
    vehicle = Vehicle(kind, service=service, parameter_set=data.draw(st.integers(1, 3)))
    names = [name for name in LEAST if not name.startswith("DC_" if kind == "AC" else "AC_")]
    begin = data.draw(START.filter(lambda phase: phase in TABLE[kind]))
    for step in path_to(begin, kind):
        name, fields = (step, None) if isinstance(step, str) else step
        vehicle.send(name, fields)
    for _ in range(data.draw(st.integers(1, 6))):
        vehicle.evse.facts = _changed(vehicle.evse.facts, data)
        vehicle.evse.pass_time(data.draw(st.sampled_from([0.1, 1, 40, 4000])))
        expected = list(TABLE[kind][vehicle.state.phase]) or names
        name = data.draw(st.sampled_from(expected if data.draw(st.integers(0, 5)) else names))
        request = REQUESTS[name](vehicle)
        if data.draw(st.booleans()):
            request = _mutated(request, data)
        before, facts = len(vehicle.evse.deeds), vehicle.evse.facts
        try:
            vehicle.send(name, request)
        except CannotEncode:
            continue  # no vehicle could send this
        _check(vehicle, before, facts)
        if vehicle.ending is not None:
            assert vehicle.is_in(Phase.OVER)


VOLTS = st.decimals(min_value=-10, max_value=1100, places=2)
AMPERES = st.decimals(min_value=0, max_value=400, places=2)
WATTS = st.decimals(min_value=0, max_value=100_000, places=1)
VEHICLES = st.builds(
    Limits,
    most_w=WATTS,
    most_a=st.none() | AMPERES,
    most_v=st.none() | AMPERES.map(lambda value: value * 3),
    most_back_w=WATTS,
    most_back_a=AMPERES,
)
CHARGERS = st.builds(
    lambda most_a, most_w, back_a, back_w: replace(
        DC, most_a=most_a, most_w=most_w, most_back_a=back_a, most_back_w=back_w
    ),
    AMPERES,
    WATTS,
    AMPERES,
    WATTS,
)


@settings(max_examples=400)
@given(
    VOLTS | NUMBER.map(decimal),
    st.decimals(min_value=-500, max_value=500, places=2) | NUMBER.map(decimal),
    VEHICLES,
    CHARGERS,
)
def test_the_supply_never_goes_above_a_limit(
    wanted_v: Decimal, wanted_a: Decimal, vehicle: Limits, evse: DcLimits
) -> None:
    got = flow(wanted_v, wanted_a, evse, vehicle)
    power_w = got.voltage_v * got.current_a
    assert 0 <= got.voltage_v <= max(Decimal(0), min(wanted_v, evse.most_v))
    assert vehicle.most_v is None or got.voltage_v <= vehicle.most_v
    assert abs(got.current_a) <= abs(wanted_a)
    assert not got.current_a or (got.current_a > 0) == (wanted_a > 0)
    assert got.current_a <= evse.most_a
    assert vehicle.most_a is None or got.current_a <= vehicle.most_a
    assert power_w <= min(evse.most_w, vehicle.most_w)
    assert -got.current_a <= min(evse.most_back_a, vehicle.most_back_a)
    assert -power_w <= min(evse.most_back_w, vehicle.most_back_w)


@given(
    st.sampled_from(["AC", "DC"]), st.binary(max_size=60), st.sampled_from([0x8002, 0x8003, 0x8004, 0x8101])
)
def test_any_bytes(kind: Kind, payload: bytes, payload_type: int) -> None:
    conversation = Iso20(kind)
    vehicle = Vehicle(kind, evse=Evse(facts_of(kind)))
    try:
        request = conversation.read(Frame(payload_type, b"\x80" + payload))
    except CannotDecode:
        return
    conversation.step(vehicle.state, request, vehicle.evse.facts)
