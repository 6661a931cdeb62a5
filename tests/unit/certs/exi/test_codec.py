from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certs.exi import codec
from certs.exi.errors import CannotDecode, CannotEncode
from certs.exi.tables import Name, schema
from tests.unit.certs.exi import instances
from tests.unit.certs.exi.corpus import samples

NAMES = get_args(Name)
SETUP = {"Header": {"SessionID": bytes(8)}, "Body": {"SessionSetupReq": {"EVCCID": bytes(6)}}}
ISO2 = schema("iso2")
SAMPLES = samples()


@settings(deadline=None)
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 2**32), reuses=st.booleans())
def test_what_is_written_is_read_again(name: Name, seed: int, reuses: bool) -> None:
    grammars, random = schema(name), Random(seed)
    root = random.choice(sorted(grammars.documents))
    try:
        message = instances.message(grammars, root, random)
    except instances.NobodyCanMakeOne:
        return
    data = codec.encode(grammars, root, message, reuses_strings=reuses)
    assert codec.decode(grammars, data) == (root, message)


@settings(deadline=None)
@given(number=st.integers(0, 200), seed=st.integers(0, 2**32))
def test_what_is_no_message_is_said_to_be_none(number: int, seed: int) -> None:
    """Bits turned over, bytes lost or added: nothing but CannotDecode comes of it."""
    random = Random(seed)
    sample = SAMPLES[number % len(SAMPLES)]
    data = bytearray(sample.exi)
    for _ in range(random.randint(1, 4)):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    cut = bytes(data[: random.randint(1, len(data))]) + random.randbytes(random.choice([0, 0, 3]))
    with suppress(CannotDecode):
        codec.decode(schema(sample.schema), cut)


@pytest.mark.parametrize("length", range(12))
def test_a_message_that_ends_too_early(length: int) -> None:
    data = codec.encode(ISO2, "V2G_Message", SETUP)
    with pytest.raises(CannotDecode):
        codec.decode(ISO2, data[:length])


def test_a_string_that_came_before_is_read_by_its_number() -> None:
    """Some vehicles write so (EXI 1.0, section 7.3.1); what we write says every string in full."""
    selection = {"PaymentOption": "Contract"}
    names = {"ServiceID": 1, "ServiceName": "abc", "ServiceCategory": "EVCharging", "ServiceScope": "abc"}
    body = {
        "ServiceDiscoveryRes": {
            "ResponseCode": "OK",
            "PaymentOptionList": {"PaymentOption": list(selection.values())},
            "ChargeService": names
            | {"FreeService": False, "SupportedEnergyTransferMode": {"EnergyTransferMode": ["DC_core"]}},
        }
    }
    message = {"Header": {"SessionID": bytes(8)}, "Body": body}
    full = codec.encode(ISO2, "V2G_Message", message)
    short = codec.encode(ISO2, "V2G_Message", message, reuses_strings=True)
    assert len(short) < len(full)
    assert codec.decode(ISO2, short) == codec.decode(ISO2, full) == ("V2G_Message", message)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"Header": {"SessionID": bytes(8)}}, "V2G_Message: Body is missing"),
        (SETUP | {"Tail": {}}, "V2G_Message: no place for Tail"),
        ({"Header": {"SessionID": bytes(9)}, "Body": {}}, "SessionID: a length of 9"),
        ({"Header": {"SessionID": "00"}, "Body": {}}, "'00' is no bytes"),
        ({"Header": [], "Body": {}}, "V2G_Message: Header is missing"),
        ({"Header": "x", "Body": {}}, "Header: 'x' is no mapping"),
        (
            {"Header": {"SessionID": b""}, "Body": {"PaymentServiceSelectionRes": {"ResponseCode": "Fine"}}},
            "ResponseCode: 'Fine' is none of OK",
        ),
        (
            {"Header": {"SessionID": b""}, "Body": {"AuthorizationReq": {"Id": 7}}},
            "AuthorizationReq: 7 is no str",
        ),
    ],
)
def test_a_message_that_breaks_its_schema(message: object, why: str) -> None:
    with pytest.raises(CannotEncode, match="(?s).*" + why.replace("(", r"\(")):
        codec.encode(ISO2, "V2G_Message", message)


def test_a_message_that_does_not_exist() -> None:
    with pytest.raises(CannotEncode, match="iso2 has no message 'Hello'"):
        codec.encode(ISO2, "Hello", {})
    with pytest.raises(CannotEncode, match="iso2 has no element 'Hello'"):
        codec.encode_fragment(ISO2, "Hello", {})


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"$EXI\x80", b"\x80", b"\x80\xff\xff"])
def test_bytes_that_are_no_exi(data: bytes) -> None:
    with pytest.raises(CannotDecode):
        codec.decode(ISO2, data)


def test_a_key_in_a_signature_is_not_taken() -> None:
    """XML elements of any kind inside Object: the schema has them, ISO 15118 does not."""
    signature = {
        "SignedInfo": {
            "CanonicalizationMethod": {"Algorithm": "a"},
            "SignatureMethod": {"Algorithm": "b"},
            "Reference": [{"DigestMethod": {"Algorithm": "c"}, "DigestValue": b"d"}],
        },
        "SignatureValue": {"value": b"e"},
        "Object": [{"Id": "f", "value": "text"}],
    }
    with pytest.raises(CannotEncode, match="no place for value"):
        codec.encode(schema("xmldsig"), "Signature", signature)
