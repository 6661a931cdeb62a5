"""Signing meters that misbehave: what they give is refused with its reason, or handed on as it is."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace
from decimal import Decimal

import pytest

from agent.metering.notary import Notary
from drivers.devices.script import ScriptFailed
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import Schedule
from drivers.emulated.faults.wire import BitFlip, Crc, Duplicate, LostReply, Truncate
from drivers.ports import DeviceError, NothingSigned
from drivers.profiles.point import Point
from drivers.profiles.values import Value
from drivers.readings import SigningState
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.hil.signing import SILENT_S, START_MWH, WHO, Place, place

_PATIENCE_S = 120.0


def shown(here: Place, name: str) -> str:
    value = here.behaviour.shows(next(p for p in here.device.profile.points if p.name == name))
    assert isinstance(value, str)
    return value


class Liar:
    """A signing unit of which one point shows something else each time."""

    def __init__(self, here: Place, name: str, lies: list[str]) -> None:
        self._honest = here.behaviour.signing
        self._name = name
        self._lies = itertools.cycle(lies)
        self._lie = next(self._lies)

    def value_of(self, point: Point) -> Value | None:
        if point.name != self._name:
            return self._honest.value_of(point)
        return self._lie

    def change(self, point: Point, value: Value) -> None:
        self._honest.change(point, value)

    def cut_power(self) -> None:
        self._honest.cut_power()

    def next(self) -> None:
        self._lie = next(self._lies)


async def test_a_meter_that_is_never_ready_is_told_with_the_step() -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        here.device.overridden["signing_state"] = "idle"
        with pytest.raises(
            ScriptFailed, match=r"step 13 of script 'begin' failed: signing_state did not become"
        ):
            await meter.begin(WHO)


async def test_a_meter_that_cannot_sign_says_why_at_once() -> None:
    async with place("iskra-wm3m4") as here, here.driver() as (meter, _):
        here.device.overridden["signing_status"] = "invalid_time"
        with pytest.raises(
            ScriptFailed, match=r"step 7 .*: signing_status is invalid_time instead of signed"
        ):
            await meter.begin(WHO)


async def test_a_state_in_which_it_cannot_sign_is_told() -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        here.device.overridden["signing_state"] = "corrupted"
        for asked in (
            meter.signing_state(),
            meter.begin(WHO),
            meter.end(WHO),
            meter.recover(),
            meter.confirm(),
        ):
            with pytest.raises(DeviceError, match="corrupted"):
                await asked


@pytest.mark.parametrize("registers", [0, 2032, 65535])
async def test_a_length_that_the_file_cannot_have_is_refused(registers: int) -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        here.device.overridden["file_registers"] = Decimal(registers)
        with pytest.raises(DeviceError, match=rf"file_registers says that it has {registers} registers"):
            await meter.end(WHO)


async def test_a_length_that_is_too_short_gives_no_half_record() -> None:
    async with place("iskra-wm3m4") as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        here.device.overridden["payload_bytes"] = Decimal(100)
        with pytest.raises(DeviceError, match="no signed reading: the payload is not JSON"):
            await meter.end(WHO)


@pytest.mark.parametrize("garbage", ["", "ff" * 200, "00" * 992, b"no record|".hex(), b"OCMF|{}|{}".hex()])
async def test_bytes_that_are_no_record_are_refused(garbage: str) -> None:
    async with place("bauer-bsm-ws36a") as here, here.driver() as (meter, _):
        here.device.overridden["signed_begin"] = garbage
        with pytest.raises(DeviceError, match="gives no signed reading"):
            await meter.begin(WHO)


async def test_a_signature_that_is_none_is_refused() -> None:
    async with place("iskra-wm3m4") as here, here.driver() as (meter, _):
        here.device.overridden["signature"] = "31" * 70
        with pytest.raises(DeviceError, match="gives no signed reading: tag 0x30 expected"):
            await meter.begin(WHO)


async def test_a_record_that_does_not_verify_is_handed_on_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    """It is what the meter holds; whether it is believed is for others to decide."""
    async with place("bauer-bsm-ws36a") as here, here.driver() as (meter, wire):
        await meter.begin(WHO)
        await meter.end(WHO)
        forged = shown(here, "signed_end").replace(WHO.token.encode().hex(), ("1" * 14).encode().hex())
        here.device.overridden["signed_end"] = forged
        before = len(wire.requests)
        with caplog.at_level(logging.WARNING):
            reading = await meter.recover()
        assert reading is not None
        assert reading.text.encode().hex() == forged.rstrip("0")
        assert "does not verify" in caplog.text
        assert len(wire.requests) > before + 10


async def test_records_that_change_from_read_to_read_are_refused() -> None:
    async with place("bauer-bsm-ws36a") as here, here.driver() as (meter, wire):
        await meter.begin(WHO)
        honest = shown(here, "signed_begin")
        lies = [honest.replace(WHO.token.encode().hex(), (digit * 14).encode().hex()) for digit in "123456"]
        liar = Liar(here, "signed_begin", lies)
        here.behaviour.signing = liar

        def another(_: int, request: object) -> bool:
            if getattr(request, "address", None) == here.profile.point("begin_status").address:
                liar.next()
            return False

        wire.before = another
        with pytest.raises(DeviceError, match="each time another"):
            await meter.recover()


async def test_a_key_that_is_none_is_left_out() -> None:
    async with place("bauer-bsm-ws36a") as here, here.driver() as (meter, _):
        here.device.overridden["public_key"] = "ab" * 91
        reading = await meter.begin(WHO)
        assert reading is not None
        assert reading.public_key is None


async def test_a_token_that_does_not_fit_is_refused_before_anything_begins() -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        with pytest.raises(ScriptFailed, match=r"step 7 .*: identification cannot be set to"):
            await meter.begin(replace(WHO, token="x" * 41))
        assert await meter.signing_state() is SigningState.IDLE


async def test_an_old_record_is_not_taken_for_the_new_one() -> None:
    async with place("iskra-wm3m4") as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        await meter.end(WHO)
        old = shown(here, "signed_payload")
        here.device.overridden |= {"signed_payload": old, "payload_bytes": Decimal(len(old) // 2)}
        with pytest.raises(NothingSigned, match="no record of a beginning"):
            await meter.begin(WHO)


@pytest.mark.parametrize("profile", ["bauer-bsm-ws36a", "iskra-wm3m4", "carlo-gavazzi-em580"])
@pytest.mark.parametrize(
    "fault", [Crc(), LostReply(), Truncate(), Duplicate(), BitFlip()], ids=lambda one: one.name
)
async def test_a_noisy_line_changes_no_record(profile: str, fault: Fault) -> None:
    """One exchange in twelve fails, whichever: the records are whole, and one transaction was begun."""
    async with place(profile) as here, here.driver(SILENT_S) as (meter, _):
        here.rig.inject(fault, when=Schedule(probability=1 / 12))
        notary = Notary("meter", meter, pause_s=0.05)
        begin = await notary.begin(WHO, _PATIENCE_S)
        here.count(START_MWH + 1_000_000)
        end = await notary.end(WHO, _PATIENCE_S)
        await notary.confirm(_PATIENCE_S)
        for reading in (begin, end):
            if reading is not None:
                assert reading.public_key is not None
                assert verify(parse(reading.text), reading.public_key).is_genuine
        assert end is not None
        assert parse(end.text).is_end
        assert await meter.signing_state() is SigningState.IDLE
