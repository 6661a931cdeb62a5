"""Signing meters, emulated on a pseudo terminal and driven: their records verify, whatever is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from ecdsa import VerifyingKey
from ecdsa.util import sigdecode_der
from pyocmf.core.ocmf import OCMF

from agent.metering.notary import Notary
from drivers.modbus.requests import Request, Write
from drivers.ports import NothingSigned, NotIdle
from drivers.readings import SignedReading, SigningState
from drivers.signed.ocmf import Ocmf, parse
from drivers.signed.verify import Verdict, verify
from tests.hil.signing import SILENT_S, START_MWH, WHO, Place, Wire, place

METERS = [
    ("bauer-bsm-ws36a", None),
    ("iskra-wm3m4", None),
    ("carlo-gavazzi-em580", "bits_256"),
    ("carlo-gavazzi-em580", "bits_384"),
]
THREE = [meter for meter in METERS if meter[1] != "bits_256"]
CHARGED_MWH = 7_500_000
_PATIENCE_S = 60.0


def genuine(reading: SignedReading) -> Ocmf:
    """Return the record, which three judges that share no code must find genuine."""
    record = parse(reading.text)
    key = reading.public_key
    assert key is not None
    assert verify(record, key).verdict is Verdict.GENUINE
    other = VerifyingKey.from_der(bytes.fromhex(key))
    assert other.verify(record.signature, record.payload.encode(), sha256, sigdecode_der)
    if "brainpoolP384r1" not in record.algorithm:  # pyocmf does not know that name
        assert OCMF.from_string(reading.text).verify_signature(key)
    return record


def counted_mwh(record: Ocmf, at: int) -> int:
    """Return what the total in a record is, in mWh."""
    reading = record.readings[at]
    assert reading.value is not None
    return int(reading.value * (1000 if reading.unit == "Wh" else 1_000_000))


@pytest.mark.parametrize(("profile", "variant"), METERS)
async def test_a_transaction_from_begin_to_confirmation(profile: str, variant: str | None) -> None:
    async with place(profile, variant, signing_s=0.05) as here, here.driver() as (meter, _):
        assert await meter.signing_state() is SigningState.IDLE
        assert await meter.recover() is None
        begin = await meter.begin(WHO)
        assert await meter.signing_state() is SigningState.ACTIVE
        here.count(START_MWH + CHARGED_MWH)
        end = await meter.end(WHO)
        record = genuine(end)
        assert record.is_end
        assert record.identification == WHO.token
        assert counted_mwh(record, -1) == START_MWH + CHARGED_MWH
        first = genuine(begin) if begin is not None else record
        assert counted_mwh(first, 0) == START_MWH
        assert (await meter.end(WHO)).text == end.text
        await meter.confirm()
        assert await meter.signing_state() is SigningState.IDLE
        await meter.confirm()
        assert await meter.read() is not None


@pytest.mark.parametrize(("profile", "variant"), METERS)
async def test_the_text_is_what_the_meter_signed_to_the_byte(profile: str, variant: str | None) -> None:
    async with place(profile, variant) as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        end = await meter.end(WHO)
        unit = here.unit
        if profile == "bauer-bsm-ws36a":
            assert end.text == unit._end.text
        elif profile == "iskra-wm3m4":
            assert parse(end.text).payload == unit._payload
        else:
            assert end.text.encode() == unit._file
        assert end.public_key == here.behaviour.parts.signer.public_der.hex()


@pytest.mark.parametrize(("profile", "variant"), METERS)
async def test_one_changed_byte_is_found(profile: str, variant: str | None) -> None:
    async with place(profile, variant) as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        end = await meter.end(WHO)
        assert end.public_key is not None
        at = end.text.index(WHO.token)
        changed = end.text[:at] + "1" + end.text[at + 1 :]
        assert verify(parse(changed), end.public_key).verdict is Verdict.NOT_GENUINE


@pytest.mark.parametrize(("profile", "variant"), METERS[1:3])
async def test_what_the_law_wants_stands_in_the_records(profile: str, variant: str | None) -> None:
    async with place(profile, variant) as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        here.count(START_MWH + CHARGED_MWH)
        end = await meter.end(WHO)
        assert OCMF.from_string(end.text).check_eichrecht(errors_only=True) == []


@pytest.mark.parametrize(("profile", "variant"), THREE)
async def test_it_does_not_begin_twice(profile: str, variant: str | None) -> None:
    async with place(profile, variant) as here, here.driver() as (meter, wire):
        await meter.begin(WHO)
        before = len(writes(wire))
        with pytest.raises(NotIdle, match="active"):
            await meter.begin(WHO)
        assert len(writes(wire)) == before


async def test_what_is_not_confirmed_holds_the_next_one_up() -> None:
    async with place("carlo-gavazzi-em580") as here, here.driver() as (meter, _):
        await meter.begin(WHO)
        await meter.end(WHO)
        with pytest.raises(NotIdle, match="unread"):
            await meter.begin(WHO)
        await meter.confirm()
        await meter.begin(WHO)


@pytest.mark.parametrize(("profile", "variant"), THREE[1:])
async def test_there_is_no_end_without_a_beginning(profile: str, variant: str | None) -> None:
    async with place(profile, variant) as here, here.driver() as (meter, _):
        with pytest.raises(NothingSigned):
            await meter.end(WHO)


def writes(wire: Wire) -> list[Request]:
    return [request for request in wire.requests if isinstance(request, Write)]


@dataclass
class Stored:
    """What the station has on its disk."""

    begun: bool = False
    begin: SignedReading | None = None
    end: SignedReading | None = None
    is_confirmed: bool = False


@dataclass
class Story:
    """A station that goes through one transaction, in several lives if it must."""

    here: Place
    stored: Stored = field(default_factory=Stored)

    async def live(self, notary: Notary) -> None:
        stored = self.stored
        if not stored.begun:
            stored.begin = await notary.begin(WHO, _PATIENCE_S)
            stored.begun = True
        self.here.count(START_MWH + CHARGED_MWH)
        if stored.end is None:
            stored.end = await notary.end(WHO, _PATIENCE_S)
        await notary.confirm(_PATIENCE_S)
        stored.is_confirmed = True

    async def to_the_end(self) -> list[Request]:
        async with self.here.driver() as (meter, wire):
            await self.live(Notary("meter", meter, pause_s=0.01))
            return wire.requests

    async def until_killed(self, at: int, *, after: bool) -> None:
        """Live until a request is about to be sent, or its reply is there, and no further."""
        async with self.here.driver() as (meter, wire):
            killed = asyncio.Event()

            def kill(number: int, _: Request) -> bool:
                if number == at:
                    killed.set()
                return number == at

            if after:
                wire.after = kill
            else:
                wire.before = kill
            life = asyncio.create_task(self.live(Notary("meter", meter, pause_s=0.01)))
            await killed.wait()
            life.cancel()
            await asyncio.wait({life})

    async def with_the_meter_cut_off(self, at: int, *, after: bool) -> None:
        """Live on while the meter loses its power for a moment at this request."""
        async with self.here.driver(SILENT_S) as (meter, wire):

            def cut(number: int, _: Request) -> bool:
                if number == at:
                    self.here.blink()
                return False

            if after:
                wire.after = cut
            else:
                wire.before = cut
            await self.live(Notary("meter", meter, pause_s=0.01))


def records(stored: Stored) -> tuple[Ocmf, Ocmf]:
    """Return the genuine records of beginning and end; they are the same where the end holds both."""
    assert stored.end is not None
    assert stored.is_confirmed
    end = genuine(stored.end)
    assert end.is_end
    assert end.identification == WHO.token
    return (end if len(end.readings) > 1 or stored.begin is None else genuine(stored.begin)), end


def moments(requests: list[Request]) -> Iterator[tuple[int, bool]]:
    """Yield where something can go wrong: before and after every write, and before every first read."""
    was_write = True
    for number, request in enumerate(requests, 1):
        is_write = isinstance(request, Write)
        if is_write or was_write or number == len(requests):
            yield number, False
        if is_write:
            yield number, True
        was_write = is_write


@pytest.mark.parametrize(("profile", "variant"), THREE)
async def test_the_station_dies_at_any_moment(profile: str, variant: str | None) -> None:
    """Nothing is lost, nothing is counted twice, and no transaction is left open."""
    async with place(profile, variant) as here:
        for number, after in moments(await Story(here).to_the_end()):
            here.count(START_MWH)
            story = Story(here)
            await story.until_killed(number, after=after)
            await story.to_the_end()
            begin, end = records(story.stored)
            assert counted_mwh(begin, 0) == START_MWH
            assert counted_mwh(end, -1) == START_MWH + CHARGED_MWH


@pytest.mark.parametrize(("profile", "variant"), THREE)
async def test_the_meter_loses_its_power_at_any_moment(profile: str, variant: str | None) -> None:
    """The record is whole, or the meter says itself that it ends where the power failed."""
    async with place(profile, variant) as here:
        for number, after in moments(await Story(here).to_the_end()):
            here.count(START_MWH)
            story = Story(here)
            await story.with_the_meter_cut_off(number, after=after)
            begin, end = records(story.stored)
            assert counted_mwh(begin, 0) == START_MWH
            if end.readings[-1].reason == "P":
                assert profile == "carlo-gavazzi-em580"
            else:
                assert counted_mwh(end, -1) == START_MWH + CHARGED_MWH
