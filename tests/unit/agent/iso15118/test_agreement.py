from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.iso15118.agreement import NoProposal, Proposal, agree, read_proposals
from agent.iso15118.v2gtp import Frame, PayloadType
from certs.exi.codec import decode, encode
from certs.exi.tables import schema
from tests.unit.agent.iso15118.small import NAMESPACE, SmallConversation

DIN = "urn:din:70121:2012:MsgDef"
REQUEST_OF_A_CAR = bytes.fromhex("8000dbab9371d3234b71d1b981899189d191818991d26b9b3a232b30020000040040")
"""What many vehicles on the road begin with: DIN 70121, 2.0, and nothing else."""


def proposal(
    namespace: str, major: int = 2, minor: int = 0, *, number: int = 1, priority: int = 1
) -> Proposal:
    return Proposal(namespace=namespace, major=major, minor=minor, schema_id=number, priority=priority)


def test_a_cars_proposal_is_read() -> None:
    found = read_proposals(Frame(PayloadType.EXI, REQUEST_OF_A_CAR))
    assert found == (Proposal(namespace=DIN, major=2, minor=0, schema_id=1, priority=1),)


def test_the_vehicles_priorities_decide_among_what_is_offered() -> None:
    offered = [SmallConversation(NAMESPACE), SmallConversation(DIN)]
    proposals = [
        proposal("urn:iso:std:iso:15118:-20:DC", 1, number=7, priority=1),
        proposal(NAMESPACE, number=8, priority=3),
        proposal(DIN, number=9, priority=2),
    ]
    agreement = agree(proposals, offered)
    assert agreement.conversation is offered[1]
    assert agreement.response.message == {"ResponseCode": "OK_SuccessfulNegotiation", "SchemaID": 9}


def test_another_minor_version_is_a_deviation_that_is_told() -> None:
    agreement = agree([proposal(NAMESPACE, 2, 1)], [SmallConversation()])
    assert agreement.conversation is not None
    assert agreement.response.message["ResponseCode"] == "OK_SuccessfulNegotiationWithMinorDeviation"


@pytest.mark.parametrize(
    "proposals", [[proposal(NAMESPACE, 1)], [proposal(NAMESPACE.upper())], [proposal(DIN)], []]
)
def test_nothing_in_common_is_said_so(proposals: list[Proposal]) -> None:
    agreement = agree(proposals, [SmallConversation()])
    assert agreement.conversation is None
    assert agreement.response.message == {"ResponseCode": "Failed_NoNegotiation"}


def test_every_answer_keeps_to_the_schema() -> None:
    for proposals in ([proposal(NAMESPACE)], [proposal(NAMESPACE, 2, 3)], [proposal(DIN)]):
        response = agree(proposals, [SmallConversation()]).response
        exi = encode(schema(response.schema), response.name, response.message)
        assert decode(schema("app_protocol"), exi) == (response.name, response.message)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (Frame(PayloadType.COMMON, REQUEST_OF_A_CAR), "payload type 0x8002"),
        (Frame(PayloadType.EXI, b""), "no supportedAppProtocolReq"),
        (Frame(PayloadType.EXI, REQUEST_OF_A_CAR[:20]), "no supportedAppProtocolReq"),
        (
            Frame(
                PayloadType.EXI,
                encode(
                    schema("app_protocol"),
                    "supportedAppProtocolRes",
                    {"ResponseCode": "Failed_NoNegotiation"},
                ),
            ),
            "supportedAppProtocolRes, expected",
        ),
    ],
)
def test_something_else_is_no_proposal(frame: Frame, why: str) -> None:
    with pytest.raises(NoProposal, match=why):
        read_proposals(frame)


@given(st.binary(max_size=80))
def test_nothing_else_comes_of_hostile_bytes(data: bytes) -> None:
    for payload in (data, b"\x80" + data, REQUEST_OF_A_CAR[:30] + data):
        try:
            read_proposals(Frame(PayloadType.EXI, payload))
        except NoProposal:
            continue
