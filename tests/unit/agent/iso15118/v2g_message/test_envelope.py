"""What a frame must hold to be a request, in either protocol."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from agent.iso15118.conversation import Conversation
from agent.iso15118.din.conversation import Din
from agent.iso15118.iso2.conversation import Iso2
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import encode
from certs.exi.errors import CannotDecode
from certs.exi.tables import schema

Name = Literal["din", "iso2"]
BOTH = pytest.mark.parametrize(
    ("conversation", "name"), [(Din(), "din"), (Iso2(), "iso2")], ids=["din", "iso2"]
)
HEADER = {"SessionID": bytes(8)}


def exi(name: Name, body: dict[str, Any]) -> bytes:
    return encode(schema(name), "V2G_Message", {"Header": HEADER, "Body": body})


@BOTH
def test_a_request_is_called_by_what_its_body_has(conversation: Conversation[Any], name: Name) -> None:
    data = exi(name, {"SessionSetupReq": {"EVCCID": b"123456"}})
    request = conversation.read(Frame(PayloadType.EXI, data))
    assert (request.name, request.exi) == ("SessionSetupReq", data)
    assert request.message == {"Header": HEADER, "Body": {"SessionSetupReq": {"EVCCID": b"123456"}}}


@BOTH
def test_what_is_no_request(conversation: Conversation[Any], name: Name) -> None:
    good = exi(name, {"SessionStopReq": {"ChargingSession": "Pause"} if name == "iso2" else {}})
    signature = encode(schema(name), "SignatureValue", {"value": b"1"})
    for frame, why in (
        (Frame(PayloadType.COMMON, good), "payload type 0x8002"),
        (Frame(PayloadType.EXI, exi(name, {})), "with nothing in it"),
        (Frame(PayloadType.EXI, exi(name, {"SessionStopRes": {"ResponseCode": "OK"}})), "SessionStopRes"),
        (Frame(PayloadType.EXI, signature), "without its envelope"),
        (Frame(PayloadType.EXI, good[:-3]), "."),
        (Frame(PayloadType.EXI, b""), "."),
    ):
        with pytest.raises(CannotDecode, match=why):
            conversation.read(frame)


@BOTH
def test_what_cannot_be_read_has_no_answer(conversation: Conversation[Any], name: Name) -> None:
    assert conversation.refuse(None, "no request") is None
    assert conversation.version[0] == 2
    assert (
        conversation.namespace
        == {"din": "urn:din:70121:2012:MsgDef", "iso2": "urn:iso:15118:2:2013:MsgDef"}[name]
    )
