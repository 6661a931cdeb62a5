from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from ocppj import codec
from ocppj.messages import v16, v201
from ocppj.messages.fields import CustomDataType


def cost(literal: str) -> Decimal:
    read = codec.decode(v201.CostUpdatedRequest, f'{{"totalCost": {literal}, "transactionId": "t"}}')
    assert isinstance(read, v201.CostUpdatedRequest)
    return read.total_cost


@pytest.mark.parametrize(
    "literal", ["0.1", "12.340", "1234567890.123456789", "7", "-0.07", "0.30000000000000004"]
)
def test_money_is_read_digit_by_digit(literal: str) -> None:
    """A float would turn 1234567890.123456789 into 1234567890.1234567."""
    assert str(cost(literal)) == literal
    assert type(cost(literal)) is Decimal


@pytest.mark.parametrize("amount", ["0.1", "12.340", "1234567890.123456789", "-3"])
def test_money_is_written_digit_by_digit_as_a_number(amount: str) -> None:
    written = codec.encode(v201.CostUpdatedRequest(total_cost=Decimal(amount), transaction_id="t"))
    assert written == f'{{"totalCost":{amount},"transactionId":"t"}}'.encode()


@pytest.mark.parametrize("limit", ["0.1", "16", "16.3", "16.30", "0.7", "1e3"])
def test_a_tenth_is_judged_by_its_digits(limit: str) -> None:
    """0.7 is no multiple of 0.1 in binary."""
    text = f'{{"startPeriod": 0, "limit": {limit}}}'
    read = codec.decode(v16.ChargingSchedulePeriod, text)
    assert isinstance(read, v16.ChargingSchedulePeriod)
    assert read.limit == float(limit)
    assert type(read.limit) is float


def test_messages_are_frozen() -> None:
    with pytest.raises(AttributeError):
        v201.EVSEType(id=1).id = 2  # type: ignore[misc]  # the mistake that is tested


def test_absent_members_read_as_none_and_are_left_out() -> None:
    read = codec.decode(v201.EVSEType, '{"id": 1}')
    assert read == v201.EVSEType(id=1, connector_id=None)
    assert codec.encode(read) == b'{"id":1}'


def test_custom_data_keeps_what_the_vendor_added() -> None:
    text = '{"id":1,"customData":{"vendorId":"us","price":1.10,"list":[1,{"a":null}]}}'
    read = codec.decode(v201.EVSEType, text)
    assert isinstance(read, v201.EVSEType)
    assert read.custom_data is not None
    assert read.custom_data.vendor_id == "us"
    assert read.custom_data.members == {"price": Decimal("1.10"), "list": [1, {"a": None}]}
    assert codec.decode(v201.EVSEType, codec.encode(read)) == read
    assert b'"price":1.10' in codec.encode(read)


def test_custom_data_is_a_value() -> None:
    members = {"a": 1}
    data = CustomDataType("us", members)
    members["a"] = 2
    assert data == CustomDataType("us", {"a": 1})
    assert hash(data) == hash(CustomDataType("us", {"a": 1}))
    assert data != CustomDataType("us", {"a": 2})
    assert data != "us"
    assert repr(data) == "CustomDataType(vendor_id='us', members={'a': 1})"
    with pytest.raises(AttributeError, match="immutable"):
        data.vendor_id = "them"
    with pytest.raises(TypeError):
        data.members["a"] = 3  # type: ignore[index]  # the mistake that is tested


def test_arrays_are_tuples() -> None:
    read = codec.decode(
        v201.MeterValueType, '{"timestamp": "2026-01-02T03:04:05Z", "sampledValue": [{"value": 1}]}'
    )
    assert isinstance(read, v201.MeterValueType)
    assert read.sampled_value == (v201.SampledValueType(value=1.0),)
    assert hash(read) == hash(msgspec.structs.replace(read))
