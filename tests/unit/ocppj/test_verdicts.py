"""Our codec and the JSON schemas judge every message alike, and each fault gets the right error code."""

from __future__ import annotations

import json

import msgspec
import pytest

from ocppj import codec
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages.fields import Payload
from ocppj.messages.naming import attribute
from ocppj.versions import Version
from tests.unit.ocppj.schemas import Instances, Subject, subjects

VERSIONS = [pytest.param(version, id=version.value) for version in Version]
MESSAGES = [
    pytest.param(version, subject, id=f"{version.value}-{subject.name}")
    for version in Version
    for subject in subjects(version)
]
NO_OBJECT = {
    Version.V16: ErrorCode.FORMAT_VIOLATION,
    Version.V201: ErrorCode.PROTOCOL_ERROR,
    Version.V21: ErrorCode.PROTOCOL_ERROR,
}


def instances(subject: Subject) -> Instances:
    return Instances(subject.name, subject.schema, set())


def verdict(kind: type[Payload], text: str) -> OcppError | None:
    try:
        codec.decode(kind, text)
    except OcppError as error:
        return error
    return None


@pytest.mark.parametrize(("version", "subject"), MESSAGES)
def test_valid_messages_survive_the_round_trip(version: Version, subject: Subject) -> None:
    for instance in (instances(subject).least(), instances(subject).full()):
        text = json.dumps(instance)
        assert subject.accepts(text)
        message = codec.decode(subject.kind, text)
        written = codec.encode(message)
        assert json.loads(written) == instance, version
        assert codec.decode(subject.kind, written) == message


@pytest.mark.parametrize("version", VERSIONS)
def test_every_single_fault_gets_the_verdict_of_the_schemas(version: Version) -> None:
    """Each member of each type, once: a type that several messages share is varied in the first of them."""
    seen: set[tuple[str, str]] = set()
    for subject in subjects(version):
        for variant in Instances(subject.name, subject.schema, seen).variants():
            text = json.dumps(variant.value)
            found = verdict(subject.kind, text)
            assert subject.accepts(text) == (variant.fault is None), variant.what
            assert (found.code if found else None) == variant.fault, (variant.what, found)
            if found is not None:
                assert variant.member.removesuffix("[]") in found.description, (variant.what, found)
    assert len(seen) > 400


@pytest.mark.parametrize(("version", "subject"), MESSAGES)
def test_a_payload_is_an_object(version: Version, subject: Subject) -> None:
    for payload in ("[]", '"text"', "7", "null", "true"):
        assert not subject.accepts(payload)
        found = verdict(subject.kind, payload)
        assert found is not None
        assert found.code is NO_OBJECT[version]


@pytest.mark.parametrize(("version", "subject"), MESSAGES)
def test_what_the_peer_would_refuse_is_not_encoded(version: Version, subject: Subject) -> None:
    """Validation in both directions: the wrong values of each member of a message, set without validation."""
    made = instances(subject)
    message = codec.decode(subject.kind, json.dumps(made.full()))
    for key, member in subject.schema.get("properties", {}).items():
        for what, fault, value in made.changes(member, made.full()[key]):
            if fault is None or (value is None and key not in subject.schema.get("required", ())):
                continue
            broken = msgspec.structs.replace(message, **{attribute(key): value})
            with pytest.raises(OcppError) as caught:
                codec.encode(broken)
            assert caught.value.code == fault, (version, key, what)


INTEGERS_16 = "UnlockConnectorRequest", '{"connectorId": %s}'
INTEGERS_201 = "ResetRequest", '{"type": "Immediate", "evseId": %s}'


def subject_named(version: Version, name: str) -> Subject:
    return next(subject for subject in subjects(version) if subject.name == name)


@pytest.mark.parametrize(
    "literal", ["7", "-0", "7.0", "7e0", "7.0e1", "1e18", "0.5", "1e-2", "9007199254740993"]
)
@pytest.mark.parametrize("version", VERSIONS)
def test_integers_are_told_from_fractions_as_the_draft_says(version: Version, literal: str) -> None:
    """Draft 4 (OCPP 1.6) takes no fraction or exponent, draft 6 (2.x) takes any number of integral value."""
    name, payload = INTEGERS_16 if version is Version.V16 else INTEGERS_201
    subject = subject_named(version, name)
    text = payload % literal
    found = verdict(subject.kind, text)
    assert subject.accepts(text) == (found is None)
    assert found is None or found.code is ErrorCode.TYPE_CONSTRAINT_VIOLATION


def test_the_security_extension_of_16_takes_integral_floats() -> None:
    """Its schemas are of draft 6, unlike those of the core."""
    subject = subject_named(Version.V16, "SignedFirmwareStatusNotificationRequest")
    text = '{"status": "Idle", "requestId": 7.0}'
    assert subject.accepts(text)
    assert verdict(subject.kind, text) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Immediate", "type": "OnIdle"}',
        '{"type": "Immediate", "type": 7}',
        '{"\\u0074ype": "OnIdle"}',
        '{"type": "Immediate", "evseId": 123456789012345678}',
        '{"type": "Immediate", "customData": {"vendorId": "v", "deep": [[[[{"a": null}]]]]}}',
        '{"type": "Immediate", "customData": {"vendorId": "v", "vendorId": 7}}',
    ],
)
def test_unusual_json_gets_the_verdict_of_the_schema(text: str) -> None:
    subject = subject_named(Version.V201, "ResetRequest")
    assert subject.accepts(text) == (verdict(subject.kind, text) is None)


NARROWER = {
    "an integer beyond 64 bits": ("ResetRequest", '{"type": "Immediate", "evseId": 9223372036854775808}'),
    "a float beyond double precision": ("CostUpdatedRequest", '{"transactionId": "t", "totalCost": 1e400}'),
    "an amount beyond 28 digits": ("CostUpdatedRequest", '{"transactionId": "t", "totalCost": 1e28}'),
    "an amount finer than 18 decimal places": (
        "CostUpdatedRequest",
        '{"transactionId": "t", "totalCost": 1e-19}',
    ),
    "a leap second": ("HeartbeatResponse", '{"currentTime": "2016-12-31T23:59:60Z"}'),
    "the year 0": ("HeartbeatResponse", '{"currentTime": "0000-01-01T00:00:00Z"}'),
}


@pytest.mark.parametrize("what", NARROWER)
def test_what_nobody_could_store_is_refused_although_the_schema_takes_it(what: str) -> None:
    name, text = NARROWER[what]
    subject = subject_named(Version.V201, name)
    assert subject.accepts(text)
    found = verdict(subject.kind, text)
    assert found is not None
    assert found.code is ErrorCode.PROPERTY_CONSTRAINT_VIOLATION


def test_a_member_named_twice_must_be_right_twice() -> None:
    """The schema judges the last; RFC 8259 leaves such objects undefined."""
    subject = subject_named(Version.V201, "ResetRequest")
    text = '{"type": 7, "type": "OnIdle"}'
    assert subject.accepts(text)
    assert verdict(subject.kind, text) is not None


@pytest.mark.parametrize("moment", ["2026-01-02 03:04:05Z", "2026-01-02T03:04:05+0100"])
def test_two_unambiguous_spellings_of_time_are_taken_although_rfc_3339_has_them_not(moment: str) -> None:
    subject = subject_named(Version.V201, "HeartbeatResponse")
    text = json.dumps({"currentTime": moment})
    assert not subject.accepts(text)
    assert verdict(subject.kind, text) is None


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1.", ".5", "+1", "01", "0x1"])
def test_what_is_no_json_is_a_format_violation(literal: str) -> None:
    """Python's own parser lets NaN and Infinity through, which RFC 8259 does not know."""
    subject = subject_named(Version.V201, "MeterValuesRequest")
    value = f'{{"timestamp": "2026-01-02T03:04:05Z", "sampledValue": [{{"value": {literal}}}]}}'
    found = verdict(subject.kind, f'{{"evseId": 1, "meterValue": [{value}]}}')
    assert found is not None
    assert found.code is ErrorCode.FORMAT_VIOLATION
