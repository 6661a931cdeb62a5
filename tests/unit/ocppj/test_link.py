from __future__ import annotations

import itertools
import json
from collections.abc import Container
from datetime import UTC, datetime
from typing import Any

import pytest

from ocppj.errors import ErrorCode, OcppError
from ocppj.link import (
    MAX_UNREADABLE,
    POLICY_VIOLATION,
    UNREADABLE_WINDOW_S,
    CallExpired,
    CallReceived,
    CallRefused,
    FrameRejected,
    Link,
    LinkClosed,
    LinkFull,
    NoSuchCall,
    ReplyUnmatched,
    ResultReceived,
    ResultRefused,
    SendReceived,
)
from ocppj.messages import v16, v21, v201
from ocppj.versions import Version

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HEARTBEAT = v201.HeartbeatRequest()
BEAT = '[3,"%s",{"currentTime":"2026-01-02T03:04:05Z"}]'


def link(version: Version = Version.V201, serves: Container[str] | None = None, **limits: Any) -> Link:
    numbers = itertools.count(1)
    return Link(version, new_id=lambda: f"m{next(numbers)}", serves=serves, **limits)


def sent(side: Link, now_s: float = 0.0) -> list[Any]:
    return [json.loads(text) for text in side.outgoing(now_s)]


def only_rejection(side: Link, frame: str | bytes, now_s: float = 0.0) -> FrameRejected:
    (event,) = side.receive(frame, now_s)
    assert isinstance(event, FrameRejected)
    return event


# our calls


def test_a_call_goes_out_and_its_answer_comes_back() -> None:
    side = link()
    assert side.call(HEARTBEAT, deadline_s=30) == "m1"
    assert sent(side) == [[2, "m1", "Heartbeat", {}]]
    events = side.receive(BEAT % "m1", 1.0)
    assert events == [ResultReceived("m1", HEARTBEAT, v201.HeartbeatResponse(current_time=NOW))]
    assert side.next_deadline_s is None


def test_one_call_is_outstanding_at_a_time_and_the_others_keep_their_order() -> None:
    """FR.01."""
    side = link()
    for name in ("a", "b", "c"):
        side.call(HEARTBEAT, deadline_s=30, message_id=name)
    order = []
    for _ in range(3):
        ((_, name, *_),) = sent(side)
        assert sent(side) == []
        order.append(name)
        side.receive(BEAT % name, 0.0)
    assert order == ["a", "b", "c"]
    assert sent(side) == []


def test_the_deadline_counts_from_sending() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30, message_id="a")
    side.call(HEARTBEAT, deadline_s=5, message_id="b")
    side.outgoing(100.0)
    assert side.next_deadline_s == 130.0
    assert side.expire(129.9) == []
    assert side.expire(130.0) == [CallExpired("a", HEARTBEAT)]
    assert sent(side, 200.0) == [[2, "b", "Heartbeat", {}]]
    assert side.next_deadline_s == 205.0


def test_what_was_not_sent_has_no_deadline() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    assert side.next_deadline_s is None
    assert side.expire(1e9) == []


def test_an_answer_after_expiry_is_an_answer_to_nobody() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    side.outgoing(0.0)
    side.expire(30.0)
    assert side.receive(BEAT % "m1", 31.0) == [ReplyUnmatched("m1")]


def test_a_late_answer_before_expiry_counts() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    side.outgoing(0.0)
    (event,) = side.receive(BEAT % "m1", 31.0)
    assert isinstance(event, ResultReceived)
    assert side.expire(32.0) == []


def test_a_second_answer_is_an_answer_to_nobody() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    side.outgoing(0.0)
    side.receive(BEAT % "m1", 0.0)
    assert side.receive(BEAT % "m1", 0.0) == [ReplyUnmatched("m1")]
    assert side.receive('[4,"m1","InternalError","oh",{}]', 0.0) == [
        ReplyUnmatched("m1", "InternalError: oh")
    ]


def test_an_answer_to_a_call_that_was_not_sent_yet_is_to_nobody() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    assert side.receive(BEAT % "m1", 0.0) == [ReplyUnmatched("m1")]
    assert sent(side) == [[2, "m1", "Heartbeat", {}]]


@pytest.mark.parametrize(
    ("version", "wire"),
    [(Version.V16, "OccurenceConstraintViolation"), (Version.V201, "OccurrenceConstraintViolation")],
)
def test_a_refusal_names_the_code_in_any_spelling(version: Version, wire: str) -> None:
    request = v16.HeartbeatRequest() if version is Version.V16 else HEARTBEAT
    side = link(version)
    side.call(request, deadline_s=30)
    side.outgoing(0.0)
    events = side.receive(f'[4,"m1","{wire}","seqNo",{{"a":1}}]', 0.0)
    code = ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION
    assert events == [CallRefused("m1", request, code, "seqNo", {"a": 1})]


def test_a_refusal_with_a_code_of_nobody_keeps_it_in_the_description() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    side.outgoing(0.0)
    events = side.receive('[4,"m1","Tired","come back later"]', 0.0)
    assert events == [CallRefused("m1", HEARTBEAT, ErrorCode.GENERIC_ERROR, "Tired: come back later")]


@pytest.mark.parametrize(
    "answer", ['[3,"m1",{}]', '[3,"m1"]', '[3,"m1",[]]', '[3,"m1",{"currentTime":"then"}]']
)
@pytest.mark.parametrize("version", list(Version))
def test_an_invalid_answer_ends_the_call_and_is_refused_in_21(version: Version, answer: str) -> None:
    """OCPP 2.1 part 2, FR.06; earlier versions have no way to say it."""
    request = {Version.V16: v16, Version.V201: v201, Version.V21: v21}[version].HeartbeatRequest()
    side = link(version)
    side.call(request, deadline_s=30)
    side.outgoing(0.0)
    rejection, refusal = side.receive(answer, 0.0)
    assert isinstance(rejection, FrameRejected)
    assert isinstance(refusal, CallRefused)
    assert refusal.answer_invalid
    assert (refusal.message_id, refusal.request, refusal.code) == ("m1", request, rejection.code)
    assert side.next_deadline_s is None
    frames = sent(side)
    assert [frame[:3] for frame in frames] == ([[5, "m1", rejection.code]] if version is Version.V21 else [])


def test_an_invalid_request_is_not_queued() -> None:
    side = link()
    with pytest.raises(OcppError, match="transactionId"):
        side.call(v201.GetTransactionStatusRequest(transaction_id="x" * 37), deadline_s=30)
    assert sent(side) == []


@pytest.mark.parametrize(
    "wrong", [v16.HeartbeatRequest(), v201.HeartbeatResponse(current_time=NOW), v201.EVSEType(id=1)]
)
def test_what_is_no_request_of_this_version_is_a_mistake(wrong: Any) -> None:
    with pytest.raises(TypeError):
        link().call(wrong, deadline_s=30)


@pytest.mark.parametrize("message_id", ["", "x" * 37])
def test_a_message_id_has_1_to_36_characters(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        link().call(HEARTBEAT, deadline_s=30, message_id=message_id)


def test_the_queue_is_bounded() -> None:
    side = link(max_queue=2)
    side.call(HEARTBEAT, deadline_s=30)
    side.call(HEARTBEAT, deadline_s=30)
    with pytest.raises(LinkFull):
        side.call(HEARTBEAT, deadline_s=30)
    side.outgoing(0.0)
    assert side.call(HEARTBEAT, deadline_s=30) == "m3"


# the peer's calls


def test_a_call_of_the_peer_is_handed_up_and_answered() -> None:
    side = link()
    assert side.receive('[2,"p","Heartbeat",{}]', 0.0) == [CallReceived("p", "Heartbeat", HEARTBEAT)]
    side.reply("p", v201.HeartbeatResponse(current_time=NOW))
    assert sent(side) == [[3, "p", {"currentTime": "2026-01-02T03:04:05Z"}]]


def test_calls_of_the_peer_are_handed_up_as_they_arrive_and_answered_in_any_order() -> None:
    side = link()
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    side.receive('[2,"q","Heartbeat",{}]', 0.0)
    side.reply("q", v201.HeartbeatResponse(current_time=NOW))
    side.reply("p", v201.HeartbeatResponse(current_time=NOW))
    assert [frame[1] for frame in sent(side)] == ["q", "p"]


def test_answers_go_before_our_calls_and_need_not_wait_for_theirs() -> None:
    side = link()
    side.call(HEARTBEAT, deadline_s=30)
    side.outgoing(0.0)
    side.call(HEARTBEAT, deadline_s=30)
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    side.reply_error("p", ErrorCode.INTERNAL_ERROR, "no clock", {"drift_s": 9})
    assert sent(side) == [[4, "p", "InternalError", "no clock", {"drift_s": 9}]]


def test_a_refusal_is_spelled_as_the_version_does() -> None:
    side = link(Version.V16)
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    side.reply_error("p", ErrorCode.FORMAT_VIOLATION, "x" * 300)
    assert sent(side) == [[4, "p", "FormationViolation", "x" * 255, {}]]


def test_an_answer_to_nobody_is_a_mistake() -> None:
    side = link()
    with pytest.raises(NoSuchCall):
        side.reply("p", v201.HeartbeatResponse(current_time=NOW))
    with pytest.raises(NoSuchCall):
        side.reply_error("p", ErrorCode.INTERNAL_ERROR)
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    side.reply("p", v201.HeartbeatResponse(current_time=NOW))
    with pytest.raises(NoSuchCall):
        side.reply("p", v201.HeartbeatResponse(current_time=NOW))
    assert len(sent(side)) == 1


def test_a_wrong_answer_leaves_the_call_open() -> None:
    side = link()
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    with pytest.raises(TypeError, match="Heartbeat"):
        side.reply("p", v201.ClearCacheResponse(status="Accepted"))
    with pytest.raises(OcppError):
        side.reply("p", v201.HeartbeatResponse(current_time=NOW.replace(tzinfo=None)))
    side.reply_error("p", ErrorCode.INTERNAL_ERROR)
    assert sent(side) == [[4, "p", "InternalError", "", {}]]


def test_a_message_id_that_is_still_being_answered_is_dropped() -> None:
    side = link()
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    assert only_rejection(side, '[2,"p","ClearCache",{}]').message_id == "p"
    assert sent(side) == []
    side.reply("p", v201.HeartbeatResponse(current_time=NOW))
    assert [frame[1] for frame in sent(side)] == ["p"]
    assert side.receive('[2,"p","Heartbeat",{}]', 0.0) == [CallReceived("p", "Heartbeat", HEARTBEAT)]


def test_the_calls_that_wait_for_an_answer_are_bounded() -> None:
    side = link(max_open_calls=2)
    for name in ("p", "q"):
        side.receive(f'[2,"{name}","Heartbeat",{{}}]', 0.0)
    assert only_rejection(side, '[2,"r","Heartbeat",{}]').message_id == "r"
    assert [frame[:3] for frame in sent(side)] == [[4, "r", "GenericError"]]


@pytest.mark.parametrize("version", list(Version))
def test_an_unknown_action_is_not_implemented_and_an_unserved_one_not_supported(version: Version) -> None:
    side = link(version, serves={"Heartbeat"})
    assert only_rejection(side, '[2,"p","Bogus",{}]').code is ErrorCode.NOT_IMPLEMENTED
    assert only_rejection(side, '[2,"q","Reset",{"type":"bad"}]').code is ErrorCode.NOT_SUPPORTED
    assert [frame[:3] for frame in sent(side)] == [[4, "p", "NotImplemented"], [4, "q", "NotSupported"]]
    (event,) = side.receive('[2,"r","Heartbeat",{}]', 0.0)
    assert isinstance(event, CallReceived)


def test_an_invalid_request_is_refused_with_its_code() -> None:
    side = link()
    rejection = only_rejection(side, '[2,"p","Reset",{"type":"Sometime"}]')
    assert rejection.code is ErrorCode.PROPERTY_CONSTRAINT_VIOLATION
    assert rejection.description == "type: invalid enum value 'Sometime'"
    assert sent(side) == [[4, "p", "PropertyConstraintViolation", rejection.description, {}]]


# frames that are no messages

RUBBISH: list[str | bytes] = [
    "",
    "hello",
    "{}",
    "[]",
    '[2,"p"]',
    '[2,7,"Heartbeat",{}]',
    '[7,"p",{}]',
    '[3,"p"]',
    "[4]",
    b'[2,"p","Heartbeat",{}]',
    "[" * 60_000,
    "x" * 100_000,
    '[2,"p","Heartbeat",{"a":NaN}]',
    '[2,"\ud800","Heartbeat",{}]',
]


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("frame", RUBBISH)
def test_the_other_traffic_goes_on(version: Version, frame: str | bytes) -> None:
    module = {Version.V16: v16, Version.V201: v201, Version.V21: v21}[version]
    side = link(version)
    side.call(module.HeartbeatRequest(), deadline_s=30, message_id="ours")
    side.outgoing(0.0)
    side.receive('[2,"theirs","Heartbeat",{}]', 0.0)
    assert isinstance(side.receive(frame, 0.0)[0], FrameRejected)
    assert all(refused[0] in {4, 5} for refused in sent(side))
    side.reply("theirs", module.HeartbeatResponse(current_time=NOW))
    assert [text[1] for text in sent(side)] == ["theirs"]
    (event,) = side.receive(BEAT % "ours", 0.0)
    assert isinstance(event, ResultReceived)


def test_a_binary_frame_is_answered_with_minus_one() -> None:
    side = link()
    assert only_rejection(side, b"\xff\x00").code is ErrorCode.RPC_FRAMEWORK_ERROR
    assert [frame[:3] for frame in sent(side)] == [[4, "-1", "RpcFrameworkError"]]


def test_an_excerpt_is_short_and_safe_to_log() -> None:
    excerpt = only_rejection(link(), "\x1b[31m\n\ud800" + "x" * 5000).excerpt
    assert len(excerpt) < 300
    assert excerpt.isprintable()
    excerpt.encode()


def test_a_flood_of_unreadable_frames_is_a_reason_to_close() -> None:
    side = link()
    for index in range(MAX_UNREADABLE - 1):
        assert only_rejection(side, "rubbish", index * 0.1).close_code is None
    assert only_rejection(side, "rubbish", 10.0).close_code == POLICY_VIOLATION


def test_unreadable_frames_now_and_then_are_not() -> None:
    side = link()
    for index in range(3 * MAX_UNREADABLE):
        now_s = index * UNREADABLE_WINDOW_S / (MAX_UNREADABLE - 2)
        assert only_rejection(side, "rubbish", now_s).close_code is None


def test_faulty_calls_are_never_a_reason_to_close() -> None:
    side = link()
    for index in range(3 * MAX_UNREADABLE):
        assert only_rejection(side, f'[2,"p{index}","Bogus",{{}}]').close_code is None
        side.outgoing(0.0)


def test_answers_that_nobody_takes_are_bounded() -> None:
    side = link(max_queue=5)
    for index in range(50):
        side.receive(f'[2,"p{index}","Bogus",{{}}]', 0.0)
    assert len(sent(side)) == 5


# OCPP 2.1

STREAM = v21.NotifyPeriodicEventStream(
    id=1, pending=0, basetime=NOW, data=(v21.StreamDataElementType(t=0.5, v="230.1"),)
)
STREAM_FRAME = (
    '[6,"p","NotifyPeriodicEventStream",{"id":1,"pending":0,"basetime":"2026-01-02T03:04:05Z","data":[%s]}]'
)


def test_a_send_goes_out_at_once_and_expects_nothing() -> None:
    side = link(Version.V21)
    side.call(v21.HeartbeatRequest(), deadline_s=30)
    side.outgoing(0.0)
    side.send(STREAM)
    ((kind, message_id, action, payload),) = sent(side)
    assert (kind, message_id, action) == (6, "m2", "NotifyPeriodicEventStream")
    assert payload["data"] == [{"t": 0.5, "v": "230.1"}]


def test_a_send_is_handed_up() -> None:
    side = link(Version.V21)
    events = side.receive(STREAM_FRAME % '{"t":0.5,"v":"230.1"}', 0.0)
    assert events == [SendReceived("NotifyPeriodicEventStream", STREAM)]
    assert sent(side) == []


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (STREAM_FRAME % "", ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION),
        ('[6,"p","Heartbeat",{}]', ErrorCode.NOT_IMPLEMENTED),
        ('[6,"p","NotifyPeriodicEventStream"]', ErrorCode.RPC_FRAMEWORK_ERROR),
    ],
)
def test_a_faulty_send_is_not_answered(frame: str, code: ErrorCode) -> None:
    side = link(Version.V21)
    assert only_rejection(side, frame).code is code
    assert sent(side) == []


def test_an_unserved_send_is_not_answered() -> None:
    side = link(Version.V21, serves=frozenset())
    assert only_rejection(side, STREAM_FRAME % '{"t":0.5,"v":"1"}').code is ErrorCode.NOT_SUPPORTED
    assert sent(side) == []


def test_a_send_message_in_a_call_is_not_supported() -> None:
    side = link(Version.V21)
    assert only_rejection(side, '[2,"p","NotifyPeriodicEventStream",{}]').code is ErrorCode.NOT_SUPPORTED


@pytest.mark.parametrize("version", [Version.V16, Version.V201])
def test_only_21_sends(version: Version) -> None:
    side = link(version)
    with pytest.raises(TypeError):
        side.send(STREAM)
    assert only_rejection(side, STREAM_FRAME % '{"t":0,"v":"1"}').code is ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED
    assert [frame[2] for frame in sent(side)] == (
        [] if version is Version.V16 else ["MessageTypeNotSupported"]
    )


def test_a_call_is_not_to_be_sent_nor_a_send_called() -> None:
    side = link(Version.V21, max_queue=1)
    with pytest.raises(TypeError):
        side.send(v21.HeartbeatRequest())
    with pytest.raises(TypeError):
        side.call(STREAM, deadline_s=30)
    side.send(STREAM)
    with pytest.raises(LinkFull):
        side.send(STREAM)


def test_the_refusal_of_our_answer_is_told() -> None:
    side = link(Version.V21)
    events = side.receive('[5,"p","FormatViolation","tariff",{"a":1}]', 0.0)
    assert events == [ResultRefused("p", ErrorCode.FORMAT_VIOLATION, "tariff", {"a": 1})]
    assert sent(side) == []


# the end


def test_closing_returns_what_was_never_answered_in_order() -> None:
    side = link()
    requests = [v201.GetTransactionStatusRequest(transaction_id=name) for name in ("a", "b", "c")]
    for request in requests:
        side.call(request, deadline_s=30)
    side.outgoing(0.0)
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    assert side.close() == requests
    assert side.close() == []
    assert side.receive(BEAT % "m1", 0.0) == []
    assert side.outgoing(0.0) == []
    assert side.expire(1e9) == []
    assert side.next_deadline_s is None


def test_a_closed_link_takes_nothing() -> None:
    side = link(Version.V21)
    side.receive('[2,"p","Heartbeat",{}]', 0.0)
    side.close()
    with pytest.raises(LinkClosed):
        side.call(v21.HeartbeatRequest(), deadline_s=30)
    with pytest.raises(LinkClosed):
        side.send(STREAM)
    with pytest.raises(LinkClosed):
        side.reply("p", v21.HeartbeatResponse(current_time=NOW))
    with pytest.raises(LinkClosed):
        side.reply_error("p", ErrorCode.INTERNAL_ERROR)


def test_two_links_talk_to_each_other() -> None:
    station, csms = link(), link()
    request = v201.BootNotificationRequest(
        reason="PowerUp", charging_station=v201.ChargingStationType(model="m", vendor_name="v")
    )
    station.call(request, deadline_s=30, message_id="boot")
    (text,) = station.outgoing(0.0)
    assert csms.receive(text, 0.0) == [CallReceived("boot", "BootNotification", request)]
    response = v201.BootNotificationResponse(current_time=NOW, interval=300, status="Accepted")
    csms.reply("boot", response)
    (text,) = csms.outgoing(0.0)
    assert station.receive(text, 0.1) == [ResultReceived("boot", request, response)]
