from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec import Raw

from ocppj import frames
from ocppj.errors import ErrorCode
from ocppj.frames import Call, CallError, CallResult, CallResultError, Frame, FrameError, Send
from ocppj.versions import Version

OLD = [Version.V16, Version.V201]
EVERY = list(Version)


def rejected(text: str, version: Version, **limits: Any) -> FrameError:
    with pytest.raises(FrameError) as caught:
        frames.parse(text, version, **limits)
    return caught.value


FRAMES: list[Frame] = [
    Call("id", "Heartbeat", Raw(b"{}")),
    CallResult("id", Raw(b'{"status":"Accepted"}')),
    CallError("id", "InternalError", "no disk", {"free": 0}),
]
FRAMES_21: list[Frame] = [
    CallResultError("id", "FormatViolation", "odd", {"at": Decimal("0.10")}),
    Send("id", "NotifyPeriodicEventStream", Raw(b'{"id":1}')),
]


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("frame", FRAMES)
def test_what_is_written_is_read(frame: Frame, version: Version) -> None:
    assert frames.parse(frames.encode(frame), version) == frame


@pytest.mark.parametrize("frame", FRAMES_21)
def test_21_has_two_more(frame: Frame) -> None:
    assert frames.parse(frames.encode(frame), Version.V21) == frame


def test_frames_are_compact() -> None:
    assert frames.encode(FRAMES[0]) == '[2,"id","Heartbeat",{}]'
    assert frames.encode(FRAMES[2]) == '[4,"id","InternalError","no disk",{"free":0}]'
    assert frames.encode(Call('q"\n', "Ä", Raw(b"{}"))) == '[2,"q\\"\\n","Ä",{}]'


def test_white_space_is_allowed() -> None:
    assert frames.parse(' [ 2 ,\t"id",\r\n"Heartbeat" , {} ] ', Version.V16) == FRAMES[0]


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize("frame", FRAMES_21)
def test_the_types_of_21_are_unknown_before(frame: Frame, version: Version) -> None:
    error = rejected(frames.encode(frame), version)
    assert error.code is ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED
    assert (error.answer(version) is None) == (version is Version.V16)


UNREADABLE_CALLS = {
    "empty": "",
    "no JSON": "hello",
    "truncated early": "[2",
    "an object": "{}",
    "a number": "5",
    "a string": '"[2]"',
    "null": "null",
    "an empty array": "[]",
    "a type in a string": '["2","id","Heartbeat",{}]',
    "a type in a float": '[2.0,"id","Heartbeat",{}]',
    "a boolean type": '[true,"id","Heartbeat",{}]',
    "no message id": "[2]",
    "a number for a message id": '[2,19223201,"Heartbeat",{}]',
    "null for a message id": '[2,null,"Heartbeat",{}]',
    "an empty message id": '[2,"","Heartbeat",{}]',
    "a message id of 37 characters": f'[2,"{"x" * 37}","Heartbeat",{{}}]',
    "a surrogate": '[2,"\ud800","Heartbeat",{}]',
    "an unfinished string": '[2,"id',
}


@pytest.mark.parametrize("version", [Version.V201, Version.V21])
@pytest.mark.parametrize("what", UNREADABLE_CALLS)
def test_a_frame_without_a_message_id_is_answered_with_minus_one(what: str, version: Version) -> None:
    """OCPP 2.0.1 part 4, section 4.2.3."""
    error = rejected(UNREADABLE_CALLS[what], version)
    answer = error.answer(version)
    assert isinstance(answer, CallError)
    assert (answer.message_id, answer.code) == ("-1", "RpcFrameworkError")


@pytest.mark.parametrize("what", UNREADABLE_CALLS)
def test_16_has_no_answer_to_a_frame_without_a_message_id(what: str) -> None:
    assert rejected(UNREADABLE_CALLS[what], Version.V16).answer(Version.V16) is None


BROKEN_CALLS = {
    "no payload": ('[2,"id","Heartbeat"]', "RpcFrameworkError"),
    "no action": ('[2,"id"]', "RpcFrameworkError"),
    "five elements": ('[2,"id","Heartbeat",{},{}]', "RpcFrameworkError"),
    "a number for an action": ('[2,"id",7,{}]', "RpcFrameworkError"),
    "truncated": ('[2,"id","Heartbeat",{', "FormatViolation"),
    "NaN": ('[2,"id","Heartbeat",{"a":NaN}]', "FormatViolation"),
    "half a surrogate pair": ('[2,"id","Heartbeat",{"a":"\\ud800"}]', "FormatViolation"),
    "trailing text": ('[2,"id","Heartbeat",{}]]', "FormatViolation"),
    "a control character": ('[2,"id","Heartbeat",{"a":"\n"}]', "FormatViolation"),
}


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("what", BROKEN_CALLS)
def test_a_broken_call_is_answered_with_its_own_message_id(what: str, version: Version) -> None:
    text, code = BROKEN_CALLS[what]
    answer = rejected(text, version).answer(version)
    assert isinstance(answer, CallError)
    assert answer.message_id == "id"
    assert answer.code == ("FormationViolation" if version is Version.V16 else code)


@pytest.mark.parametrize("text", ['[9,"id",{}]', '[0,"id"]', '[-1,"id"]', f'[{"9" * 40},"id"]'])
def test_an_unknown_message_type_is_not_supported_since_2_and_ignored_before(text: str) -> None:
    for version in (Version.V201, Version.V21):
        answer = rejected(text, version).answer(version)
        assert isinstance(answer, CallError)
        assert (answer.message_id, answer.code) == ("id", "MessageTypeNotSupported")
    assert rejected(text, Version.V16).answer(Version.V16) is None


@pytest.mark.parametrize("text", ['[3,"id"]', '[3,"id",{},{}]', '[3,"id",{'])
def test_a_broken_result_is_answered_in_21_only(text: str) -> None:
    """OCPP 2.1 part 2, FR.06."""
    answer = rejected(text, Version.V21).answer(Version.V21)
    assert isinstance(answer, CallResultError)
    assert answer.message_id == "id"
    for version in OLD:
        assert rejected(text, version).answer(version) is None


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("text", ["[4]", "[4,7]", '[4,"id","GenericError","",{'])
def test_a_broken_refusal_is_not_answered(text: str, version: Version) -> None:
    assert rejected(text, version).answer(version) is None


@pytest.mark.parametrize("text", ['[6,"id"]', '[6,"id","A"]', '[6,"id",7,{}]', "[5]", '[6,"id","A",{'])
def test_neither_a_send_nor_its_refusal_is_answered(text: str) -> None:
    assert rejected(text, Version.V21).answer(Version.V21) is None


LENIENT = {
    '[4,"id","SecurityError"]': CallError("id", "SecurityError"),
    '[4,"id"]': CallError("id", "GenericError"),
    '[4,"id","SecurityError",null,null]': CallError("id", "SecurityError"),
    '[4,"id","SecurityError","no","because"]': CallError("id", "SecurityError", "no"),
    '[4,"id",7,8,[]]': CallError("id", "GenericError"),
    '[4,"id","SecurityError","no",{"a":1},"more"]': CallError("id", "SecurityError", "no", {"a": 1}),
}


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("text", LENIENT)
def test_a_sloppy_refusal_is_still_a_refusal(text: str, version: Version) -> None:
    assert frames.parse(text, version) == LENIENT[text]


def test_the_limit_of_size_counts_bytes() -> None:
    text = '[2,"id","DataTransfer",{"vendorId":"%s"}]' % ("é" * 10)
    size = len(text.encode())
    assert frames.parse(text, Version.V201, max_frame_bytes=size)
    error = rejected(text, Version.V201, max_frame_bytes=size - 1)
    assert error.code is ErrorCode.FORMAT_VIOLATION
    assert error.message_id == "id"


def test_the_limit_of_depth_counts_levels_not_brackets() -> None:
    deep = '[2,"id","DataTransfer",{"data":%s}]'
    assert frames.parse(deep % ("[" * 6 + "]" * 6), Version.V201, max_depth=8)
    assert frames.parse(deep % ("[" + "[]," * 50 + "[]]"), Version.V201, max_depth=8)
    assert frames.parse(deep % ('"' + "[" * 50 + '\\"[{"'), Version.V201, max_depth=8)
    error = rejected(deep % ("[" * 7 + "]" * 7), Version.V201, max_depth=8)
    assert (error.code, error.message_id) == (ErrorCode.FORMAT_VIOLATION, "id")


NASTY = {
    "brackets": "[" * 65_000,
    "braces": '{"a":' * 13_000,
    "quotes": '"' * 65_000,
    "escapes": "[" * 40 + '"' + "\\" * 64_000,
    "pairs": "[]" * 32_000,
    "strings": "[" * 40 + '"",' * 20_000,
}


@pytest.mark.parametrize("what", NASTY)
def test_a_full_frame_of_rubbish_is_rejected(what: str) -> None:
    """Each would make a quadratic scan or a recursion run away."""
    assert rejected(NASTY[what], Version.V201).code is ErrorCode.RPC_FRAMEWORK_ERROR


def test_deep_nesting_is_no_recursion_error_even_without_a_limit() -> None:
    deep = "[" * 30_000 + "]" * 30_000
    error = rejected(f'[2,"id","DataTransfer",{{"data":{deep}}}]', Version.V201, max_depth=10**6)
    assert error.code is ErrorCode.FORMAT_VIOLATION
