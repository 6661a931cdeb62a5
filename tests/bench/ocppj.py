"""The codec beside the `ocpp` package's own route: a TransactionEvent of eight sampled values (OCPP 2.0.1).

Both read a frame, validate it, turn it into what a handler works with, and write it again, validated too. The
package's validation runs in this thread, without the hop to an executor that it makes by default.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec
import ocpp.messages  # type: ignore[import-untyped]  # the package ships no types
from ocpp.charge_point import (  # type: ignore[import-untyped]  # the package ships no types
    camel_to_snake_case,
    remove_nones,
    snake_to_camel_case,
)

from ocppj import codec, frames
from ocppj.messages import v201
from ocppj.versions import Version
from tests.bench.row import Row

GOAL = 50
ROUNDS = 7
PACKAGE_CALLS = 40
OUR_CALLS = 2000


def transaction_event() -> v201.TransactionEventRequest:
    """Return a periodic meter reading: energy, three currents, three voltages and the power."""
    taken_at = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
    return v201.TransactionEventRequest(
        event_type="Updated",
        timestamp=taken_at,
        trigger_reason="MeterValuePeriodic",
        seq_no=7,
        transaction_info=v201.TransactionType(
            transaction_id="9d8c6f34-1f0e-4a58-9a3f-0b8a0f7f5a11", charging_state="Charging"
        ),
        evse=v201.EVSEType(id=1, connector_id=1),
        meter_value=(v201.MeterValueType(timestamp=taken_at, sampled_value=_samples()),),
    )


def _samples() -> tuple[v201.SampledValueType, ...]:
    phases: tuple[v201.PhaseEnumType, ...] = ("L1", "L2", "L3")
    return (
        _sample(12345678.0, "Energy.Active.Import.Register", "Wh"),
        *(_sample(15.9 + index, "Current.Import", "A", phase) for index, phase in enumerate(phases)),
        *(_sample(230.4 + index, "Voltage", "V", phase) for index, phase in enumerate(phases)),
        _sample(11042.5, "Power.Active.Import", "W"),
    )


def _sample(
    value: float, measurand: v201.MeasurandEnumType, unit: str, phase: v201.PhaseEnumType | None = None
) -> v201.SampledValueType:
    return v201.SampledValueType(
        value=value,
        context="Sample.Periodic",
        measurand=measurand,
        phase=phase,
        location="Outlet",
        unit_of_measure=v201.UnitOfMeasureType(unit=unit),
    )


async def _through_codec(text: str) -> str:
    frame = frames.parse(text, Version.V201)
    if not isinstance(frame, frames.Call):
        raise TypeError("the bench sends calls")
    request = codec.decode_request(Version.V201, frame.action, frame.payload)
    return frames.encode(frames.Call(frame.message_id, frame.action, msgspec.Raw(codec.encode(request))))


async def _through_package(text: str) -> str:
    received = ocpp.messages.unpack(text)
    await ocpp.messages.validate_payload(received, "2.0.1")
    arguments = camel_to_snake_case(received.payload)
    payload = snake_to_camel_case(remove_nones(arguments))
    sent = ocpp.messages.Call(received.unique_id, received.action, payload)
    await ocpp.messages.validate_payload(sent, "2.0.1")
    packed: str = ocpp.messages.pack(sent)
    return packed


async def _time_us(work: Callable[[str], Awaitable[str]], text: str, calls: int) -> float:
    started = time.perf_counter()
    for _ in range(calls):
        await work(text)
    return (time.perf_counter() - started) / calls * 1e6


async def rows() -> list[Row]:
    """Measure both in alternating rounds and report the medians."""
    payload = msgspec.Raw(codec.encode(transaction_event()))
    text = frames.encode(frames.Call("6c1d3e0a-0a34-4f4e-8f0e-111111111111", "TransactionEvent", payload))
    hop = ocpp.messages.ASYNC_VALIDATION
    ocpp.messages.ASYNC_VALIDATION = False
    try:
        await _through_codec(text)
        await _through_package(text)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(await _time_us(_through_package, text, PACKAGE_CALLS))
            ours.append(await _time_us(_through_codec, text, OUR_CALLS))
    finally:
        ocpp.messages.ASYNC_VALIDATION = hop
    value, baseline = statistics.median(ours), statistics.median(theirs)
    return [
        Row(
            name="ocppj: TransactionEvent of eight values, decoded, validated and encoded",
            value=value,
            unit="us",
            baseline=f"{baseline:.0f} us through the ocpp package",
            ratio=baseline / value,
            goal=f"at least {GOAL} times faster",
            holds=baseline / value >= GOAL,
        )
    ]
