from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.csms.dialect import CannotBeTold
from agent.csms.v16 import meter_values, transaction
from agent.csms.v16.transaction import answered, next_part
from agent.transactions.account import Account, noted
from agent.transactions.records import Sample, SampledValue, SignedValue, Token, TransactionEvent
from ocppj.codec import encode
from ocppj.messages import v16
from ocppj.messages.fields import Payload

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRIVER = Token(id="04A2B3C4", type="ISO14443")


def sample(wh: int | None, *, context: Any = "Sample.Periodic", signed: str | None = None) -> Sample:
    values = [
        SampledValue(measurand="Voltage", value=Decimal("230.5"), unit="V", phase="L1"),
        SampledValue(measurand="Frequency", value=Decimal("50.01"), unit="Hz"),
    ]
    if wh is not None:
        register = SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(wh), unit="Wh")
        values.append(register)
    mark = None if signed is None else SignedValue(text=signed, format="OCMF", method="ECDSA")
    return Sample(at=AT, context=context, values=tuple(values), signed=mark)


def register(wh: int) -> Sample:
    value = SampledValue(measurand="Energy.Active.Import.Register", value=Decimal(wh), unit="Wh")
    return Sample(at=AT, context="Transaction.Begin", values=(value,))


def event(kind: Any, seq_no: int, *samples: Sample, **members: Any) -> TransactionEvent:
    return TransactionEvent(
        kind=kind,
        seq_no=seq_no,
        samples=samples,
        at=AT + timedelta(minutes=seq_no),
        **{
            "trigger": "Authorized",
            "transaction_id": "t",
            "evse_id": 2,
            "connector_id": 1,
            "offline": False,
            "charging_state": "Charging",
            **members,
        },
    )


def told(events: list[TransactionEvent], number: int = 77) -> tuple[Account, list[Payload]]:
    """Tell events to a backend that accepts everything; return the account and what it was sent."""
    book, sent = Account(transaction_id="t"), []
    for one in events:
        book = noted(book, one)
        while (part := next_part(book, one)) is not None:
            sent.append(part.request)
            encode(part.request)
            book = answered(book, one, answer(part.request, number))
    return book, sent


def answer(request: Payload, number: int) -> Payload:
    match request:
        case v16.StartTransactionRequest():
            info = v16.IdTagInfo(status="Accepted")
            return v16.StartTransactionResponse(id_tag_info=info, transaction_id=number)
        case v16.StopTransactionRequest():
            return v16.StopTransactionResponse()
        case _:
            return v16.MeterValuesResponse()


def test_an_account_opens_is_told_values_and_closes() -> None:
    _, sent = told(
        [
            event("Started", 0, register(1000), token=DRIVER),
            event("Updated", 1),
            event("Updated", 2, sample(1500)),
            event("Ended", 3, sample(2000, context="Transaction.End"), stopped_reason="EVDisconnected"),
        ]
    )
    start, values, stop = sent
    assert isinstance(start, v16.StartTransactionRequest)
    assert (start.connector_id, start.id_tag, start.meter_start, start.timestamp) == (2, "04A2B3C4", 1000, AT)
    assert isinstance(values, v16.MeterValuesRequest)
    assert (values.transaction_id, values.connector_id) == (77, 2)
    assert isinstance(stop, v16.StopTransactionRequest)
    assert (stop.transaction_id, stop.meter_stop, stop.reason) == (77, 2000, "EVDisconnected")
    assert stop.transaction_data is not None
    assert len(stop.transaction_data) == 1


def test_a_cable_alone_opens_nothing_and_the_driver_does_with_the_count_of_then() -> None:
    _, sent = told(
        [
            event("Started", 0, register(1000)),
            event("Updated", 1, register(1010), token=DRIVER),
            event("Ended", 2),
        ]
    )
    start, values, stop = sent
    assert isinstance(start, v16.StartTransactionRequest)
    assert (start.meter_start, start.timestamp) == (1010, AT + timedelta(minutes=1))
    assert isinstance(values, v16.MeterValuesRequest)
    assert isinstance(stop, v16.StopTransactionRequest)
    assert stop.meter_stop == 1010


def test_a_cable_that_no_driver_follows_is_never_told() -> None:
    _, sent = told([event("Started", 0, register(1000)), event("Ended", 1, register(1000))])
    assert sent == []


def test_what_another_version_was_told_is_opened_anew_with_the_count_of_the_beginning() -> None:
    book = noted(Account(transaction_id="t"), event("Started", 0, register(1000), token=DRIVER))
    part = next_part(book, event("Ended", 5, sample(3000), stopped_reason="Remote"))
    assert part is not None
    assert isinstance(part.request, v16.StartTransactionRequest)
    assert part.request.meter_start == 1000


def test_values_are_told_once() -> None:
    book, _ = told([event("Started", 0, register(1000), token=DRIVER), event("Updated", 1, sample(1500))])
    assert next_part(book, event("Updated", 1, sample(1500))) is None


def test_a_dead_meter_leaves_the_latest_count() -> None:
    _, sent = told(
        [
            event("Started", 0, register(1000), token=DRIVER),
            event("Updated", 1, sample(1700)),
            event("Ended", 2, sample(None)),
        ]
    )
    assert isinstance(sent[-1], v16.StopTransactionRequest)
    assert sent[-1].meter_stop == 1700


def test_signed_values_are_told_beside_the_number() -> None:
    _, sent = told([event("Started", 0, sample(1000, signed="OCMF|{}|{}"), token=DRIVER)])
    values = sent[1]
    assert isinstance(values, v16.MeterValuesRequest)
    signed = [value for value in values.meter_value[0].sampled_value if value.format == "SignedData"]
    [text] = [value.value for value in signed]
    assert json.loads(text) == {
        "signedMeterData": base64.b64encode(b"OCMF|{}|{}").decode(),
        "signingMethod": "",
        "encodingMethod": "OCMF",
        "publicKey": "",
    }


def test_the_key_of_a_signed_value_is_as_it_is_printed_on_the_meter() -> None:
    value = SignedValue(text="OCMF|{}|{}", format="OCMF", method="ECDSA", public_key="3059AB")
    key = base64.b64decode(json.loads(meter_values.signed_data(value))["publicKey"])
    assert key == b"oca:base16:asn1:3059AB"


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("ImmediateReset", "SoftReset"),
        ("StoppedByEV", "Other"),
        ("Timeout", "Other"),
        ("DeAuthorized", "DeAuthorized"),
        (None, None),
    ],
)
def test_reasons(reason: Any, word: str | None) -> None:
    _, sent = told([event("Started", 0, token=DRIVER), event("Ended", 1, stopped_reason=reason)])
    assert isinstance(sent[-1], v16.StopTransactionRequest)
    assert sent[-1].reason == word


def test_a_token_that_is_too_long_is_never_cut() -> None:
    opened = noted(Account(transaction_id="t"), event("Started", 0, token=Token(id="x" * 21, type="eMAID")))
    with pytest.raises(CannotBeTold):
        next_part(opened, event("Started", 0))


def test_what_the_backend_says_of_the_driver() -> None:
    info = v16.IdTagInfo(status="Blocked")
    assert transaction.id_tag_info(v16.StartTransactionResponse(id_tag_info=info, transaction_id=1)) == info
    assert transaction.id_tag_info(v16.MeterValuesResponse()) is None
