"""OCMF records: the payload's characters survive untouched, and what is no record is told."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyocmf.core.ocmf import OCMF

from drivers.signed.ocmf import DEFAULT_ALGORITHM, LONGEST, OcmfError, assemble, parse

PAYLOAD = (
    '{ "FV":"1.0","PG":"T22978", "MS":"001BZR1521070006","IS":true,"IT":"ISO14443","ID":"1F2D3A4F",'
    '"RD":[{"TM":"2021-01-01T10:00:27,000+0100 S","TX":"B","RV":52440.600,"RI":"1-0:1.8.0*255","RU":"Wh",'
    '"ST":"G"},{"TM":"2021-01-01T11:00:27,000+0100 S","TX":"E","RV":52990.6}]}'
)


def record(payload: str = PAYLOAD, signature: str = '{"SD":"3006020101020102"}') -> str:
    return f"OCMF|{payload}|{signature}"


def test_a_record_is_taken_apart_and_its_characters_are_kept() -> None:
    parsed = parse(record())
    assert parsed.text == record()
    assert parsed.payload == PAYLOAD
    assert parsed.signature == bytes.fromhex("3006020101020102")
    assert parsed.algorithm == DEFAULT_ALGORITHM
    assert (parsed.pagination, parsed.identification) == ("T22978", "1F2D3A4F")
    assert parsed.meter_serial == "001BZR1521070006"


def test_readings_inherit_what_they_leave_out_but_not_the_value() -> None:
    begin, end = parse(record()).readings
    assert (begin.reason, begin.value, begin.ends_transaction) == ("B", Decimal("52440.600"), False)
    assert str(begin.value) == "52440.600"
    assert (end.reason, end.value, end.unit, end.register) == ("E", Decimal("52990.6"), "Wh", "1-0:1.8.0*255")
    assert end.ends_transaction
    assert parse(record()).is_end


@pytest.mark.parametrize(
    ("reason", "ends"), [("B", False), ("C", False), ("T", False), ("L", True), ("P", True)]
)
def test_the_reason_of_the_last_reading_tells_whether_the_transaction_ended(
    reason: str, *, ends: bool
) -> None:
    payload = json.dumps({"RD": [{"TM": "x", "TX": reason, "RV": 1, "ST": "G"}]})
    assert parse(record(payload)).is_end is ends


def test_a_signature_may_be_base64_and_name_its_algorithm() -> None:
    parsed = parse(record(signature='{"SA":"ECDSA-secp384r1-SHA256","SE":"base64","SD":"MAYCAQECAQI="}'))
    assert parsed.signature == bytes.fromhex("3006020101020102")
    assert parsed.algorithm == "ECDSA-secp384r1-SHA256"


def test_a_record_is_assembled_without_touching_the_payload() -> None:
    text = assemble(PAYLOAD, bytes.fromhex("3006020101020102"))
    assert text == record()
    assert assemble(PAYLOAD, b"\x30", "ECDSA-secp384r1-SHA256").endswith(
        '|{"SA":"ECDSA-secp384r1-SHA256","SD":"30"}'
    )
    with pytest.raises(OcmfError, match=r"contains '\|'"):
        assemble("{|}", b"\x30")


def test_another_reader_finds_the_same() -> None:
    theirs = OCMF.from_string(record())
    ours = parse(record())
    assert ours.pagination == theirs.payload.PG
    assert [reading.RV for reading in theirs.payload.RD] == [reading.value for reading in ours.readings]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no two"),
        ("OCMF|{}", "no two"),
        ("XCMF|{}|{}", "begins with 'XCMF'"),
        (record("{"), "payload is not JSON"),
        (record("[]"), "payload is not a JSON object"),
        (record("[" * 20000), "payload is not JSON"),
        (record("{}"), "no list of readings"),
        (record('{"RD":[1]}'), "no list of readings"),
        (record('{"RD":[{"RV":"12"}]}'), "which is no number"),
        (record('{"RD":[{"RV":Infinity}]}'), "which is no number"),
        (record(signature="nonsense"), "signature section is not JSON"),
        (record(signature="{}"), "no signature"),
        (record(signature='{"SD":"zz"}'), "not hex"),
        (record(signature='{"SD":"zz","SE":"base64"}'), "not base64"),
        (record(signature='{"SD":"00","SE":"rot13"}'), "rot13"),
        (record(signature='{"SD":"00","SM":"application/raw"}'), "application/raw"),
        ("OCMF|" + " " * LONGEST + "|{}", "no record has more"),
    ],
)
def test_what_is_no_record_is_told(text: str, problem: str) -> None:
    with pytest.raises(OcmfError, match=problem):
        parse(text)


@given(st.text(max_size=200), st.text(max_size=60))
def test_no_text_does_anything_else_than_fail(payload: str, signature: str) -> None:
    try:
        parsed = parse(f"OCMF|{payload}|{signature}")
    except OcmfError:
        return
    assert parsed.text == f"OCMF|{payload}|{signature}"
