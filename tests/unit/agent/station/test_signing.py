"""Transactions of an EVSE whose meter signs: the station in memory, the meter on a real line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from agent.metering.notary import Notary
from agent.station.events import Withdrawn
from agent.station.evse import IllegalTransition
from agent.station.service import EvseService
from agent.transactions.records import Sample, TransactionEvent
from drivers.ports import SignedMeter
from drivers.readings import Pilot, SigningState
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.hil.signing import ANSWERS_S, SILENT_S, Place, place
from tests.unit.agent.station.bench import CARD, Bench, bench

WH = "Energy.Active.Import.Register"
METERS = ["bauer-bsm-ws36a", "iskra-wm3m4", "carlo-gavazzi-em580"]


class SignedBench(Bench):
    """A bench whose services sign with one meter, however often the station starts."""

    signed_by: SignedMeter | None = None

    def _service(self, *, has_fixed_cable: bool) -> EvseService:
        service = super()._service(has_fixed_cable=has_fixed_cable)
        if self.signed_by is not None:
            service.sign_with(Notary("meter", self.signed_by, pause_s=0.01), "CH-1*1")
        return service


@asynccontextmanager
async def signing(
    path: Path, profile: str = "bauer-bsm-ws36a", timeout_s: float = ANSWERS_S, /, **settings: str
) -> AsyncIterator[tuple[SignedBench, Place, SignedMeter]]:
    async with bench(path, **settings) as plain, place(profile) as here, here.driver(timeout_s) as (meter, _):
        station = SignedBench(plain.database, plain.settings)
        station.signed_by = meter
        yield station, here, meter


def signed_of(event: TransactionEvent) -> list[Sample]:
    return [sample for sample in event.samples if sample.signed is not None]


async def finished(station: Bench) -> list[TransactionEvent]:
    await station.stop_by_card()
    await station.until(lambda: station.state.transaction is None)
    return await station.events()


@pytest.mark.parametrize("profile", METERS)
async def test_the_meter_s_word_goes_with_the_first_and_the_last_count(tmp_path: Path, profile: str) -> None:
    """E02.FR.14, E07.FR.12: SampledDataSignReadings is true."""
    async with signing(tmp_path, profile) as (station, _, meter), station.running():
        await station.charge()
        assert await meter.signing_state() is SigningState.ACTIVE
        events = await finished(station)
        assert await meter.signing_state() is SigningState.IDLE
    ended = events[-1]
    last = next(sample for sample in ended.samples if sample.context == "Transaction.End")
    assert last.signed is not None
    record = parse(last.signed.text)
    assert record.is_end
    assert record.identification == CARD.id
    assert last.signed.public_key is not None
    assert verify(record, last.signed.public_key).is_genuine
    assert [value.measurand for value in last.values] == [WH]
    begins = [sample.signed for event in (events[0], ended) for sample in signed_of(event)[:1]]
    if profile == "carlo-gavazzi-em580":  # which signs the beginning only together with the end
        assert signed_of(events[0]) == []
    else:
        assert begins[0] is not None
        assert begins[1] is not None
        assert begins[0].text == begins[1].text
        assert parse(begins[0].text).readings[0].reason == "B"


@pytest.mark.parametrize("is_offline_from", ["the beginning", "the middle"])
async def test_the_meter_signs_offline_as_well(tmp_path: Path, is_offline_from: str) -> None:
    """E04.FR.10, E08.FR.12, E11.FR.08, E12.FR.10."""
    async with signing(tmp_path) as (station, _, _), station.running():
        station.upstream.is_online = is_offline_from != "the beginning"
        await station.charge()
        station.upstream.is_online = False
        events = await finished(station)
    assert events[-1].offline
    assert [len(signed_of(event)) for event in (events[0], events[-1])] == [1, 2]


@pytest.mark.parametrize("stops", ["true", "false"])
async def test_the_meter_signs_the_end_of_a_transaction_whose_vehicle_left(
    tmp_path: Path, stops: str
) -> None:
    """E09.FR.08, E10.FR.07."""
    settings = {"TxCtrlr__StopTxOnEVSideDisconnect": stops, "TxCtrlr__TxStopPoint": "Authorized"}
    async with signing(tmp_path, **settings) as (station, _, _), station.running():
        await station.charge()
        station.controller.pilot = Pilot.A
        if stops == "false":
            await station.until(lambda: station.state.is_detached)
            await station.stop_by_card()
        await station.until(lambda: station.state.transaction is None)
        events = await station.events()
    assert [len(signed_of(event)) for event in (events[0], events[-1])] == [1, 2]


async def test_the_meter_signs_the_end_for_a_driver_who_is_not_accepted(tmp_path: Path) -> None:
    """E05.FR.06."""
    async with signing(tmp_path) as (station, _, _), station.running():
        await station.charge()
        no = Withdrawn(at=station.clock.now(), trigger="Deauthorized", reason="DeAuthorized")
        await station.apply(no)
        await station.until(lambda: station.state.transaction is None)
        events = await station.events()
    assert [len(signed_of(event)) for event in (events[0], events[-1])] == [1, 2]


async def test_no_energy_flows_before_the_meter_has_begun(tmp_path: Path) -> None:
    async with signing(tmp_path, METERS[0], SILENT_S) as (station, here, _), station.running():
        here.device.silent = True
        await station.apply_plug_and_card()
        assert [event.kind for event in await station.events()] == ["Started"]
        assert station.controller.commands.count(16) == 0
        here.device.silent = False
        station.clock.advance(60)
        await station.until_charging()
        events = await finished(station)
        assert len(signed_of(events[-1])) == 2


async def test_a_meter_that_stays_silent_does_not_hold_the_end_up_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.station.signing._END_WITHIN_S", 0.3)
    monkeypatch.setattr("agent.station.signing._CONFIRM_WITHIN_S", 0.3)
    async with signing(tmp_path, METERS[0], SILENT_S) as (station, here, _), station.running():
        await station.charge()
        here.device.silent = True
        ended = (await finished(station))[-1]
        assert [sample.context for sample in signed_of(ended)] == ["Transaction.Begin"]


@pytest.mark.parametrize(
    ("policy", "keys"),
    [
        ("Never", [False, False, False]),
        ("OncePerTransaction", [False, False, True]),
        ("EveryMeterValue", [True, True, True]),
    ],
)
async def test_the_key_goes_with_what_the_backend_wants_it_with(
    tmp_path: Path, policy: str, keys: list[bool]
) -> None:
    settings = {"OCPPCommCtrlr__PublicKeyWithSignedMeterValue": policy}
    async with signing(tmp_path, **settings) as (station, _, _), station.running():
        await station.charge()
        events = await finished(station)
    signed = [sample.signed for event in (events[0], events[-1]) for sample in signed_of(event)]
    assert [one is not None and one.public_key is not None for one in signed] == keys


async def test_what_the_backend_does_not_want_is_not_sent_but_signed_all_the_same(tmp_path: Path) -> None:
    settings = {"SampledDataCtrlr__SignReadings": "false"}
    async with signing(tmp_path, **settings) as (station, _, meter), station.running():
        await station.charge()
        events = await finished(station)
        assert [sample for event in events for sample in signed_of(event)] == []
        last = await meter.recover()
        assert last is not None
        assert parse(last.text).is_end


async def test_a_register_that_no_measurand_asks_for_is_sent_with_the_signature(tmp_path: Path) -> None:
    settings = {"SampledDataCtrlr__TxEndedMeasurands": "Voltage"}
    async with signing(tmp_path, **settings) as (station, _, _), station.running():
        await station.charge()
        ended = (await finished(station))[-1]
    for sample in signed_of(ended):
        assert WH in [value.measurand for value in sample.values]


async def test_a_transaction_before_its_driver_is_signed_once_the_driver_is_known(tmp_path: Path) -> None:
    async with signing(tmp_path, TxCtrlr__TxStartPoint="EVConnected") as (station, _, _), station.running():
        await station.charge()
        events = await finished(station)
    assert events[0].token is None
    begin = signed_of(events[-1])[0].signed
    assert begin is not None
    assert parse(begin.text).identification == CARD.id


async def test_a_transaction_begins_with_the_signed_count(tmp_path: Path) -> None:
    """E01.FR.04: no energy and no transaction before, and the Started event carries it."""
    settings = {"TxCtrlr__TxStartPoint": "DataSigned"}
    async with signing(tmp_path, **settings) as (station, here, _), station.running():
        here.device.silent = True
        await station.apply_plug_and_card()
        assert station.controller.commands.count(16) == 0
        assert await station.events() == []
        here.device.silent = False
        station.clock.advance(60)
        await station.until_charging()
        started = (await station.events())[0]
        assert (started.kind, started.trigger) == ("Started", "SignedDataReceived")
        [sample] = signed_of(started)
        assert sample.signed is not None
        assert parse(sample.signed.text).identification == CARD.id
        assert len(signed_of((await finished(station))[-1])) == 2


async def test_without_its_being_sent_a_signature_begins_nothing(tmp_path: Path) -> None:
    """E01.FR.04 is for SignReadings true; else energy begins the transaction."""
    settings = {"TxCtrlr__TxStartPoint": "DataSigned", "SampledDataCtrlr__SignReadings": "false"}
    async with signing(tmp_path, **settings) as (station, _, _), station.running():
        await station.charge()
        assert [event.trigger for event in await station.events()] == ["ChargingStateChanged"]


@pytest.mark.parametrize("commits", range(1, 9))
@pytest.mark.parametrize(
    ("profile", "start"),
    [*((profile, "PowerPathClosed") for profile in METERS), ("bauer-bsm-ws36a", "DataSigned")],
)
async def test_the_power_goes_after_any_commit(
    tmp_path: Path, profile: str, start: str, commits: int
) -> None:
    """One transaction, one signed end, whenever the station begins again."""
    async with signing(tmp_path, profile, TxCtrlr__TxStartPoint=start) as (station, _, meter):
        station.cut_after(commits)
        async with station.running():
            life = asyncio.create_task(one_life(station))
            await station.until(lambda: life.done() or station.journal.is_cut)
            life.cancel()
            await asyncio.gather(life, return_exceptions=True)
        station.cut_after(None)
        async with station.running():
            if not station.state.is_in_use and not await ended_events(station):
                await station.charge()
            if not await ended_events(station):
                await station.until_charging()
            with suppress(IllegalTransition):  # its end was on the disk already
                await station.stop_by_card()
            await station.until(lambda: station.state.transaction is None)
        ended = await ended_events(station)
        assert len(ended) == 1
        assert [sample.context for sample in signed_of(ended[0])][-1] == "Transaction.End"
        assert await meter.signing_state() in {SigningState.IDLE, SigningState.UNREAD}


async def one_life(station: Bench) -> None:
    await station.charge()
    await finished(station)


async def ended_events(station: Bench) -> list[TransactionEvent]:
    return [event for event in await station.events() if event.kind == "Ended"]
