"""What is said to signing meters and what they say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from drivers.devices.signing_words import lacks, meaning, public_key, record_text, variables
from drivers.ports import DeviceError
from drivers.profiles.point import Role
from drivers.profiles.values import Value
from drivers.readings import Identification, SigningState
from drivers.signed.ocmf import parse

Spoken = dict[Role | None, Value | None]

WHO = Identification(transaction_id="tx", token="04A2B3", type="ISO14443", evse_id="DE*ABC*E1")
NOW = datetime(2021, 1, 1, 10, 0, 27, 900_000, timezone(timedelta(hours=1)))


def test_the_clock_is_told_in_whole_seconds_and_with_its_offset() -> None:
    told = variables(WHO, NOW)
    assert told["epoch"] == 1609491627
    assert Decimal(str(told["epoch_high"])) * 65536 + Decimal(str(told["epoch_low"])) == 1609491627
    assert told["utc_offset_min"] == 60
    behind = variables(WHO, NOW.astimezone(timezone(timedelta(hours=-3, minutes=-30))))
    assert behind["utc_offset_min"] == -210
    assert variables(WHO, NOW.astimezone(UTC))["utc_offset_min"] == 0


def test_the_head_has_who_and_where_and_room_for_what_the_meter_adds() -> None:
    head = json.loads(str(variables(WHO, NOW)["ocmf_head"]))
    assert (head["IS"], head["IT"], head["ID"]) == (True, "ISO14443", "04A2B3")
    assert (head["CT"], head["CI"], head["RD"], head["MS"]) == ("EVSEID", "DE*ABC*E1", [], "")
    nobody = json.loads(str(variables(replace(WHO, token="", type="NONE"), NOW)["ocmf_head"]))
    assert nobody["IS"] is False


def test_the_length_of_the_head_is_that_of_its_bytes() -> None:
    told = variables(WHO, NOW)
    assert told["ocmf_head_bytes"] == len(str(told["ocmf_head"]).encode())


def test_what_separates_sections_does_not_get_into_one() -> None:
    told = variables(replace(WHO, token="a|b", evse_id="|", transaction_id="c|"), NOW)
    assert (told["token"], told["evse_id"], told["transaction_id"]) == ("a b", " ", "c ")
    assert "|" not in str(told["ocmf_head"])


@pytest.mark.parametrize(
    ("state", "means"),
    [
        ("idle", SigningState.IDLE),
        ("never", SigningState.IDLE),
        ("ended", SigningState.IDLE),
        ("active", SigningState.ACTIVE),
        ("active_after_power_failure", SigningState.ACTIVE),
        ("unread", SigningState.UNREAD),
    ],
)
def test_states_have_a_meaning(state: str, means: SigningState) -> None:
    assert meaning(state) is means


def test_a_state_that_forbids_signing_is_an_error() -> None:
    with pytest.raises(DeviceError, match="corrupted"):
        meaning("corrupted")


def test_a_record_is_taken_as_it_is_without_the_bytes_that_fill_the_last_register() -> None:
    assert (
        record_text({"signed_end": b'OCMF|{ "a":1 }|{}\0'.hex(), "public_key": "00"}) == 'OCMF|{ "a":1 }|{}'
    )


def test_payload_and_signature_become_a_record() -> None:
    values: Spoken = {"signed_payload": b'{"a":1}'.hex(), "signature": "3008020200010202007f"}
    assert record_text(values) == 'OCMF|{"a":1}|{"SD":"300602010102017F"}'


@pytest.mark.parametrize(
    "values",
    [{}, {"signed_payload": "7b7d"}, {"signed_end": "ff"}, {"signed_end": None}, {"signed_end": "zz"}],
)
def test_half_a_record_is_none(values: Spoken) -> None:
    with pytest.raises(ValueError, match=r".+"):
        record_text(values)


def test_a_key_is_der_whichever_way_the_meter_shows_it() -> None:
    prefix = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    assert public_key("ab" * 64) == prefix + "ab" * 64
    assert public_key(prefix + "ab" * 64 + "0000") == prefix + "ab" * 64
    assert public_key("") is public_key(None) is public_key("ff00") is None


def record(time: str = "2021-01-01T10:00:27,000+0100 S", token: str = "04A2B3") -> str:
    payload = {"ID": token, "RD": [{"TM": time, "TX": "B", "RV": 1, "ST": "G"}]}
    return f'OCMF|{json.dumps(payload)}|{{"SD":"00"}}'


def test_a_record_lacks_something_if_it_knows_neither_time_nor_driver() -> None:
    assert not lacks(parse(record()), WHO)
    assert lacks(parse(record(time="2000-01-01T00:00:01,000+0000 U")), WHO)
    assert lacks(parse(record(token="")), WHO)
    assert not lacks(parse(record(token="")), replace(WHO, token=""))
