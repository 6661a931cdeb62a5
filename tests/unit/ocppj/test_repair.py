from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppj import codec, repair
from ocppj.errors import OcppError
from ocppj.events import CallReceived, ResultReceived
from ocppj.link import Link
from ocppj.messages import v16, v201
from ocppj.messages.fields import Payload
from ocppj.repair import Quirk, Quirks
from ocppj.versions import Version

BOOT = {"status": "Accepted", "currentTime": "2026-01-02T03:04:05Z", "interval": 300}


def read(kind: type[Payload], payload: dict[str, Any]) -> tuple[Payload, set[Quirk]]:
    message, quirks = repair.decode(kind, json.dumps(payload))
    return message, set(quirks)


@pytest.mark.parametrize(
    ("change", "quirk"),
    [
        ({"currentTime": "2026-01-02T03:04:05"}, Quirk.NO_ZONE),
        ({"currentTime": "2026-01-02 03:04:05.000"}, Quirk.NO_ZONE),
        ({"status": "accepted"}, Quirk.CAPITALS),
        ({"status": "ACCEPTED "}, Quirk.CAPITALS),
        ({"serverName": "x"}, Quirk.EXTRA),
    ],
)
def test_what_is_mended(change: dict[str, Any], quirk: Quirk) -> None:
    wrong = {**BOOT, **change}
    with pytest.raises(OcppError):
        codec.decode(v16.BootNotificationResponse, json.dumps(wrong))
    message, quirks = read(v16.BootNotificationResponse, wrong)
    assert message == codec.decode(v16.BootNotificationResponse, json.dumps(BOOT))
    assert quirks == {quirk}


def test_members_that_are_not_there_are_said_in_many_ways() -> None:
    start = {"idTag": "04A2", "connectorId": None, "chargingProfile": None}
    message, quirks = read(v16.RemoteStartTransactionRequest, start)
    assert message == v16.RemoteStartTransactionRequest(id_tag="04A2")
    assert quirks == {Quirk.NULL}
    info = {"idTagInfo": {"status": "Accepted", "expiryDate": "", "parentIdTag": ""}}
    message, quirks = read(v16.AuthorizeResponse, info)
    assert message == v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Accepted", parent_id_tag=""))
    assert quirks == {Quirk.EMPTY}


def test_names_in_wrong_capitals_and_in_depth() -> None:
    request = {
        "GetVariableData": [{"component": {"Name": "ClockCtrlr"}, "variable": {"name": "x", "why": 1}}]
    }
    message, quirks = read(v201.GetVariablesRequest, request)
    assert isinstance(message, v201.GetVariablesRequest)
    assert message.get_variable_data[0].component.name == "ClockCtrlr"
    assert quirks == {Quirk.CAPITALS, Quirk.EXTRA}


@pytest.mark.parametrize(
    "wrong",
    [
        {**BOOT, "interval": "soon"},
        {**BOOT, "status": "Perhaps"},
        {**BOOT, "currentTime": None},
        {"status": "Accepted", "extra": 1},
        {**BOOT, "currentTime": "yesterday", "extra": None},
    ],
)
def test_what_cannot_be_mended_is_refused_for_what_was_sent(wrong: dict[str, Any]) -> None:
    text = json.dumps(wrong)
    with pytest.raises(OcppError) as strict:
        codec.decode(v16.BootNotificationResponse, text)
    with pytest.raises(OcppError) as lenient:
        repair.decode(v16.BootNotificationResponse, text)
    assert str(lenient.value) == str(strict.value)


def test_a_good_message_has_no_quirks() -> None:
    assert read(v16.BootNotificationResponse, BOOT)[1] == set()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_whatever_comes_is_read_or_refused(value: Any) -> None:
    for kind in (v16.BootNotificationResponse, v201.SetChargingProfileRequest):
        payload = json.dumps({"status": value, "chargingProfile": {"id": value}, "evseId": value})
        try:
            repair.decode(kind, payload)
        except OcppError:
            continue


def link(*, is_lenient: bool) -> Link:
    return Link(Version.V16, new_id=lambda: "1", quirks=Quirks() if is_lenient else None)


def test_a_link_counts_what_it_mends_and_answers_long_ids() -> None:
    ours = link(is_lenient=True)
    long_id = "x" * 60
    (event,) = ours.receive(json.dumps([2, long_id, "Reset", {"type": "soft", "why": None}]), 0.0)
    assert isinstance(event, CallReceived)
    ours.reply(long_id, v16.ResetResponse(status="Accepted"))
    assert json.loads(ours.outgoing(0.0)[0]) == [3, long_id, {"status": "Accepted"}]
    assert ours.quirks == {Quirk.CAPITALS: 1, Quirk.EXTRA: 1, Quirk.LONG_ID: 1}


def test_a_lenient_link_takes_an_answer_without_a_zone() -> None:
    ours = link(is_lenient=True)
    ours.call(v16.HeartbeatRequest(), deadline_s=5)
    ours.outgoing(0.0)
    (event,) = ours.receive('[3,"1",{"currentTime":"2026-01-02T03:04:05"}]', 0.0)
    assert isinstance(event, ResultReceived)
    assert isinstance(event.response, v16.HeartbeatResponse)
    assert event.response.current_time.utcoffset() is not None


def test_a_strict_link_mends_nothing() -> None:
    ours = link(is_lenient=False)
    (event,) = ours.receive('[2,"1","Reset",{"type":"soft"}]', 0.0)
    assert not isinstance(event, CallReceived)
    assert not ours.quirks
