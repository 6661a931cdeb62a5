"""What 2.1 took over from 2.0.1, held against the generated messages of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from agent.csms.v21.carry import carry
from ocppj import codec
from ocppj.errors import OcppError
from ocppj.messages import v21, v201
from ocppj.messages.fields import Payload

NOW_REQUIRED = {"VariableMonitoringType": {"event_notification_type"}}
"""What 2.1 demands and 2.0.1 has not: whoever makes these makes them for each version."""
AT = datetime(2026, 3, 29, 1, 59, tzinfo=UTC)


def kinds(module: Any) -> dict[str, type[Payload]]:
    found = ((name, getattr(module, name)) for name in module.PLACES)
    return {name: kind for name, kind in found if isinstance(kind, type)}


def words(kind: inspect.Type) -> Iterator[Any]:
    if isinstance(kind, inspect.LiteralType):
        yield from kind.values
    elif isinstance(kind, inspect.VarTupleType):
        yield from words(kind.item_type)


@pytest.mark.parametrize("name", sorted(kinds(v201)))
def test_21_has_all_of_201_under_the_same_names(name: str) -> None:
    old, new = kinds(v201)[name], kinds(v21)[name]
    members = {member.name: member for member in inspect.type_info(new).fields}  # type: ignore[attr-defined]  # a struct's
    for member in inspect.type_info(old).fields:  # type: ignore[attr-defined]  # a struct's
        theirs = members.pop(member.name)
        assert theirs.encode_name == member.encode_name
        assert not theirs.required or member.required
        if any(words(theirs.type)):
            assert set(words(member.type)) <= set(words(theirs.type)), member.name
    assert {member.name for member in members.values() if member.required} == NOW_REQUIRED.get(name, set())


def test_what_is_in_it_is_carried_too() -> None:
    old = v201.MeterValuesRequest(
        evse_id=1,
        meter_value=(
            v201.MeterValueType(
                timestamp=AT, sampled_value=(v201.SampledValueType(value=1.5, context="Trigger"),)
            ),
        ),
    )
    new = carry(old)
    assert isinstance(new, v21.MeterValuesRequest)
    assert isinstance(new.meter_value[0].sampled_value[0], v21.SampledValueType)
    assert codec.encode(new) == codec.encode(old)


def test_a_message_of_21_stays_what_it_is() -> None:
    new = v21.HeartbeatRequest()
    assert carry(new) is new


def test_longer_words_of_21_are_judged_by_its_own_rules() -> None:
    token = v201.IdTokenType(id_token="x" * 200, type="Central")
    assert codec.encode(carry(v201.AuthorizeRequest(id_token=token)))
    with pytest.raises(OcppError):
        codec.encode(v201.AuthorizeRequest(id_token=token))


def test_nothing_of_21_is_missing_in_its_counterpart() -> None:
    assert not [name for name in kinds(v201) if not issubclass(kinds(v21)[name], msgspec.Struct)]
