from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from ocppj import codec
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v16, v21, v201
from ocppj.versions import Version

BOOT = '{"reason": "PowerUp", "chargingStation": {"model": "m", "vendorName": "v"%s}%s}'


def refused(payload: str, action: str = "BootNotification", version: Version = Version.V201) -> OcppError:
    with pytest.raises(OcppError) as caught:
        codec.decode_request(version, action, payload)
    return caught.value


FAULTS: dict[str, tuple[str, ErrorCode, str]] = {
    "missing": (
        '{"reason": "PowerUp", "chargingStation": {"model": "m"}}',
        ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "chargingStation.vendorName: required, but missing",
    ),
    "unknown": (
        BOOT % (', "colour": "red"', ""),
        ErrorCode.FORMAT_VIOLATION,
        "chargingStation.colour: no such member",
    ),
    "null": (
        BOOT % (', "serialNumber": null', ""),
        ErrorCode.TYPE_CONSTRAINT_VIOLATION,
        "chargingStation.serialNumber: expected str, got null",
    ),
    "type": (
        BOOT % (', "modem": {"iccid": 7}', ""),
        ErrorCode.TYPE_CONSTRAINT_VIOLATION,
        "chargingStation.modem.iccid: expected str, got int",
    ),
    "length": (
        BOOT % (f', "serialNumber": "{"x" * 26}"', ""),
        ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
        "chargingStation.serialNumber: expected str of length <= 25",
    ),
    "enumeration": (
        '{"reason": "Boredom", "chargingStation": {"model": "m", "vendorName": "v"}}',
        ErrorCode.PROPERTY_CONSTRAINT_VIOLATION,
        "reason: invalid enum value 'Boredom'",
    ),
    "custom data without vendor": (
        BOOT % ("", ', "customData": {}'),
        ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION,
        "customData.vendorId: required, but missing",
    ),
    "no object": ("[]", ErrorCode.PROTOCOL_ERROR, "the payload: expected object, got array"),
    "no JSON": ("{", ErrorCode.FORMAT_VIOLATION, "the payload is not JSON: Input data was truncated"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_named_with_its_code_and_member(what: str) -> None:
    payload, code, description = FAULTS[what]
    error = refused(payload)
    assert (error.code, error.description) == (code, description)


def test_an_element_is_named_by_its_place() -> None:
    value = '{"timestamp": "2026-01-02T03:04:05Z", "sampledValue": [{"value": 1}, {"value": "1"}]}'
    error = refused(f'{{"evseId": 1, "meterValue": [{value}]}}', "MeterValues")
    assert error.description == "meterValue[0].sampledValue[1].value: expected float, got str"


def test_an_empty_array_violates_occurrence() -> None:
    """B06.FR.16 uses the same code for too many elements."""
    error = refused('{"evseId": 1, "meterValue": []}', "MeterValues")
    assert error.code is ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION


def test_a_date_time_without_a_zone_violates_a_property() -> None:
    payload = '{"timestamp": "2026-01-02T03:04:05", "type": "x"}'
    error = refused(payload, "SecurityEventNotification")
    assert error.code is ErrorCode.PROPERTY_CONSTRAINT_VIOLATION
    assert error.description.startswith("timestamp: ")


def test_a_payload_that_is_no_object_breaks_the_formation_in_16() -> None:
    error = refused("[]", "Heartbeat", Version.V16)
    assert error.code.wire(Version.V16) == "FormationViolation"


def test_an_unknown_action_is_not_implemented() -> None:
    assert refused("{", "Bogus").code is ErrorCode.NOT_IMPLEMENTED


def test_descriptions_fit_the_wire_and_the_log() -> None:
    error = refused('{"reason": "%s", "chargingStation": {}}' % ("\\n\\u001b[31m" + "x" * 5000))
    assert len(error.description) <= codec.DESCRIPTION_LENGTH
    assert error.description.isprintable()
    error = refused('{"%s": 1}' % ("\\n" + "x" * 5000))
    assert len(error.description) <= codec.DESCRIPTION_LENGTH
    assert error.description.isprintable()


def test_a_deep_payload_is_refused_not_a_crash() -> None:
    deep = "[" * 200_000 + "]" * 200_000
    error = refused(f'{{"vendorId": "v", "data": {deep}}}', "DataTransfer")
    assert error.code is ErrorCode.FORMAT_VIOLATION


@pytest.mark.parametrize(
    "payload", [b'{"vendorId": "\xff"}', '{"vendorId": "\ud800"}', '{"vendorId": "\\ud800"}']
)
def test_what_is_no_unicode_is_a_format_violation(payload: Any) -> None:
    assert refused(payload, "DataTransfer").code is ErrorCode.FORMAT_VIOLATION


def test_responses_are_decoded_by_the_action_of_the_call() -> None:
    read = codec.decode_response(Version.V16, "Heartbeat", '{"currentTime": "2026-01-02T03:04:05Z"}')
    assert read == v16.HeartbeatResponse(current_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_sends_are_decoded() -> None:
    payload = '{"id": 1, "pending": 0, "basetime": "2026-01-02T03:04:05Z", "data": [{"t": 0.5, "v": "1"}]}'
    read = codec.decode_send(Version.V21, "NotifyPeriodicEventStream", msgspec.Raw(payload.encode()))
    assert isinstance(read, v21.NotifyPeriodicEventStream)
    assert read.data == (v21.StreamDataElementType(t=0.5, v="1"),)


MOMENTS = {
    datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC): b"2026-01-02T03:04:05Z",
    datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=UTC): b"2026-01-02T03:04:05.999Z",
    datetime(2026, 1, 2, 3, 4, 5, 120_000, tzinfo=UTC): b"2026-01-02T03:04:05.120Z",
    datetime(2026, 1, 2, 3, 4, 5, 1, tzinfo=UTC): b"2026-01-02T03:04:05.000Z",
    datetime(
        2026, 1, 2, 3, 4, 5, 6000, tzinfo=timezone(timedelta(hours=-3))
    ): b"2026-01-02T03:04:05.006-03:00",
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_second_has_three_decimal_places_at_most(moment: datetime) -> None:
    written = codec.encode(v201.HeartbeatResponse(current_time=moment))
    assert written == b'{"currentTime":"%s"}' % MOMENTS[moment]


def test_nested_timestamps_are_cut_and_text_is_not() -> None:
    taken_at = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    value = v201.MeterValueType(timestamp=taken_at, sampled_value=(v201.SampledValueType(value=1.5),))
    written = codec.encode(v201.MeterValuesRequest(evse_id=1, meter_value=(value, value)))
    assert written.count(b'"2026-01-02T03:04:05.678Z"') == 2
    text = "2026-01-02T03:04:05.678901Z"
    assert text.encode() in codec.encode(v201.DataTransferRequest(vendor_id=text))


def test_a_naive_time_is_not_encoded() -> None:
    with pytest.raises(OcppError, match="currentTime"):
        codec.encode(v201.HeartbeatResponse(current_time=datetime(2026, 1, 2)))  # noqa: DTZ001 - the mistake that is tested


NOT_NUMBERS = [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity")]


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_what_is_no_number_is_not_encoded(value: Any) -> None:
    with pytest.raises(OcppError):
        codec.encode(v201.SampledValueType(value=value))
    with pytest.raises(OcppError):
        codec.encode(v201.CostUpdatedRequest(total_cost=value, transaction_id="t"))


def test_what_is_no_json_is_not_encoded() -> None:
    with pytest.raises(OcppError, match="object") as caught:
        codec.encode(v201.DataTransferRequest(vendor_id="v", data=object()))
    assert caught.value.code is ErrorCode.TYPE_CONSTRAINT_VIOLATION


def test_a_lone_surrogate_is_not_encoded() -> None:
    with pytest.raises(OcppError):
        codec.encode(v201.DataTransferRequest(vendor_id="\ud800"))


def test_a_part_of_another_version_is_refused_where_it_differs() -> None:
    station = v21.ModemType(iccid="1")
    with pytest.raises(OcppError, match="chargingStation"):
        codec.encode(v201.BootNotificationRequest(reason="PowerUp", charging_station=station))  # type: ignore[arg-type]  # tested


def test_fractions_beyond_any_schema_are_kept_exact() -> None:
    read = codec.decode_request(Version.V201, "DataTransfer", '{"vendorId": "v", "data": {"price": 0.10}}')
    assert isinstance(read, v201.DataTransferRequest)
    assert read.data == {"price": Decimal("0.10")}
    assert b'"data":{"price":0.10}' in codec.encode(read)


def test_an_integral_float_does_not_disturb_its_neighbours() -> None:
    read = codec.decode_request(
        Version.V201,
        "TransactionEvent",
        '{"eventType": "Updated", "timestamp": "2026-01-02T03:04:05.25Z", "triggerReason": "Trigger",'
        '"seqNo": 3.0, "transactionInfo": {"transactionId": "t"},'
        '"customData": {"vendorId": "v", "half": 0.5},'
        '"meterValue": [{"timestamp": "2026-01-02T03:04:05Z",'
        '"sampledValue": [{"value": 2.5}, {"value": 3.0}]}]}',
    )
    assert isinstance(read, v201.TransactionEventRequest)
    assert read.seq_no == 3
    assert read.timestamp.microsecond == 250_000
    assert read.meter_value is not None
    assert [sample.value for sample in read.meter_value[0].sampled_value] == [2.5, 3.0]
    assert read.custom_data is not None
    assert read.custom_data.members == {"half": Decimal("0.5")}


def test_a_huge_exponent_costs_nothing() -> None:
    error = refused('{"type": "Immediate", "evseId": 1e999999999}', "Reset")
    assert error.code in {ErrorCode.TYPE_CONSTRAINT_VIOLATION, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION}
