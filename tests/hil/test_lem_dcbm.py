"""The LEM DCBM: the driver on an emulated meter over real HTTP; what it signs verifies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from time import monotonic

import pytest
from pyocmf.core.ocmf import OCMF

from drivers.devices.lem_dcbm_meter import LemDcbmMeter
from drivers.emulated.charging_bay import ChargingBay
from drivers.emulated.controller import ControllerState
from drivers.emulated.counter import Counter
from drivers.emulated.lem_dcbm import LemDcbm
from drivers.emulated.signing.signer import make_signer
from drivers.emulated.web import WebServer
from drivers.http.client import HttpClient
from drivers.http.errors import HttpError, NoResponse, UnexpectedResponse
from drivers.http.lem_dcbm import LemDcbmApi
from drivers.ports import DeviceError, NothingSigned, NotIdle
from drivers.readings import Identification, Quality, SigningState
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.real_time import clock

WHO = Identification(
    transaction_id="5e0f4c1a-9d43-4a7e-8d3e-30f2a6f7f001",
    token="04A2B3C4",
    type="ISO14443",
    evse_id="DE*ABC*E1",
)
OTHER = Identification(transaction_id="another & one?", token="x" * 60, type="ISO14443", evse_id="")


class Rig:
    def __init__(self) -> None:
        self.ahead_s = 0.0
        started_s = monotonic()
        self.bay = ChargingBay("bay", clock_us=lambda: int((monotonic() - started_s) * 600 * 1e6))
        self.device = LemDcbm(
            self.bay,
            signer=make_signer("secp256r1"),
            now_s=lambda: monotonic() + self.ahead_s,
            counter=Counter(start_mwh=196_614_000_000),
        )
        self.web = WebServer(self.device.answer)

    def connect(self) -> None:
        self.http = HttpClient(self.web.host, self.web.port, clock, timeout_s=5)
        self.meter = LemDcbmMeter(LemDcbmApi(self.http, tariff_id=2, cable_id=1), clock)

    async def charge(self, mwh: int) -> None:
        self.bay.plug_in()
        self.bay.control(ControllerState(enabled=True, limit_ma=32_000))
        goal = self.bay.state.passed_mwh + mwh
        async with asyncio.timeout(10):
            while self.bay.state.passed_mwh < goal:
                await asyncio.sleep(0.01)
                self.bay.advance()
        self.bay.control(ControllerState())

    def replace(self, **members: object) -> None:
        """Let every answer in JSON have these members instead of its own."""

        def wrong(data: bytes) -> bytes:
            head, _, body = data.partition(b"\r\n\r\n")
            body = json.dumps(json.loads(body) | members).encode()
            lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
            return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", b""]) + body

        self.web.wire = wrong


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    one = Rig()
    async with one.web:
        one.connect()
        yield one


# measuring


async def test_what_is_measured_is_true_to_the_last_digit() -> None:
    async with rig() as one:
        one.bay.plug_in()
        one.bay.control(ControllerState(enabled=True, limit_ma=16_000))
        async with asyncio.timeout(10):
            while not one.bay.scene.measured.currents_ma[0]:
                await asyncio.sleep(0.01)
                one.bay.advance()
        before = clock()
        reading = await one.meter.read()
        measured = one.bay.scene.measured
        power = reading.find("Power.Active.Import")
        assert power is not None
        assert power.value == Decimal(sum(measured.powers_mw)).scaleb(-3)
        voltage = reading.find("Voltage")
        assert voltage is not None
        assert voltage.value == 400
        total_mwh = 196_614_000_000 + one.bay.state.passed_mwh
        assert reading.energy_import_mwh == total_mwh // 1000 * 1000
        assert before.monotonic_s < reading.taken_at.monotonic_s


@pytest.mark.parametrize(
    ("members", "invalid"),
    [
        ({"energyImportTotal": -0.001}, {"Energy.Active.Import.Register"}),
        ({"energyImportTotal": "NaN"}, {"Energy.Active.Import.Register"}),
        ({"energyImportTotal": 1e300}, {"Energy.Active.Import.Register"}),
        ({"power": "Infinity"}, {"Power.Active.Import", "Power.Active.Export"}),
        ({"current": -12.5}, set()),
    ],
)
async def test_numbers_that_cannot_have_been_measured(members: dict[str, object], invalid: set[str]) -> None:
    async with rig() as one:
        one.replace(**members)
        reading = await one.meter.read()
        assert {item.measurand for item in reading.readings if item.quality is Quality.INVALID} == invalid


async def test_what_flows_back_is_export() -> None:
    async with rig() as one:
        one.replace(power=-4.5, current=-11.25)
        reading = await one.meter.read()
        values = {item.measurand: item.value for item in reading.readings}
        assert values["Power.Active.Import"] == values["Current.Import"] == 0
        assert values["Power.Active.Export"] == 4500
        assert values["Current.Export"] == Decimal("11.25")


@pytest.mark.parametrize(
    "members", [{"energyImportTotal": None}, {"power": "much"}, {"voltage": [1]}, {"voltage": True}]
)
async def test_answers_that_are_not_what_they_should_be(members: dict[str, object]) -> None:
    async with rig() as one:
        one.replace(**members)
        with pytest.raises(UnexpectedResponse, match=r"/v1/livemeasure: in its answer: (Expected|Invalid)"):
            await one.meter.read()


@pytest.mark.parametrize(
    "wire",
    [
        lambda data: data[: len(data) // 2],
        lambda _: b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe",
        lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"[" * 100_000,
        lambda _: b"",
        bytes.upper,
    ],
)
async def test_hostile_answers(wire: Callable[[bytes], bytes]) -> None:
    async with rig() as one:
        one.web.wire = wire
        for ask in (one.meter.read, one.meter.signing_state, one.meter.recover):
            with pytest.raises(HttpError):
                await ask()
        with pytest.raises(HttpError):
            await one.meter.begin(WHO)


async def test_silence_and_coming_back() -> None:
    async with rig() as one:
        one.web.is_silent = True
        one.http._timeout_s = 0.1
        with pytest.raises(NoResponse):
            await one.meter.read()
        one.web.is_silent = False
        one.http._timeout_s = 5
        assert (await one.meter.read()).energy_import_mwh == 196_614_000_000


async def test_another_meter_in_its_place_is_told_by_its_number() -> None:
    async with rig() as one:
        assert (await one.meter.read()).register.serial_number == "12024072805"
        one.web.is_silent = True
        one.http._timeout_s = 0.1
        with pytest.raises(NoResponse):
            await one.meter.read()
        one.web.is_silent = False
        one.http._timeout_s = 5
        one.device._serial_number = "12024072806"
        assert (await one.meter.read()).register.serial_number == "12024072806"


# signing


async def test_a_signed_transaction_verifies() -> None:
    async with rig() as one:
        assert await one.meter.signing_state() is SigningState.IDLE
        assert await one.meter.recover() is None
        await one.meter.begin(WHO)
        assert await one.meter.signing_state() is SigningState.ACTIVE
        assert await one.meter.recover() is None
        await one.charge(12_345_000)
        signed = await one.meter.end(WHO)
        await one.meter.confirm()
        assert await one.meter.signing_state() is SigningState.IDLE
        assert signed.public_key is not None
        record = parse(signed.text)
        assert verify(record, signed.public_key).is_genuine
        assert record.identification == "04A2B3C4"
        begin, end = record.readings
        assert begin.value == Decimal("196614.000")
        assert end.value == Decimal((196_614_000_000 + one.bay.state.passed_mwh) // 1000).scaleb(-3)
        assert begin.time.endswith(" S")
        assert OCMF.from_string(signed.text).verify_signature(signed.public_key)
        damaged = signed.text.replace("196614.000", "196613.000")
        assert damaged != signed.text
        assert not verify(parse(damaged), signed.public_key).is_genuine


async def test_the_end_can_be_asked_for_again() -> None:
    async with rig() as one:
        await one.meter.begin(WHO)
        await one.charge(1_000)
        signed = await one.meter.end(WHO)
        again, recovered = await one.meter.end(WHO), await one.meter.recover()
        assert recovered is not None
        assert again.text == recovered.text == signed.text
        with pytest.raises(NothingSigned):
            await one.meter.end(OTHER)


async def test_nothing_to_end() -> None:
    async with rig() as one:
        with pytest.raises(NothingSigned, match=r"transaction 5e0f.* is not open"):
            await one.meter.end(WHO)


async def test_it_begins_only_when_idle() -> None:
    async with rig() as one:
        await one.meter.begin(WHO)
        with pytest.raises(NotIdle):
            await one.meter.begin(OTHER)
        assert one.device.open_transaction == WHO.transaction_id
        await one.meter.end(WHO)
        await one.meter.begin(OTHER)
        assert one.device.open_transaction == OTHER.transaction_id
        signed = await one.meter.end(OTHER)
        assert parse(signed.text).identification == "x" * 37


async def test_the_clock_is_set_before_every_transaction() -> None:
    async with rig() as one:
        for hours in (0, 49, 49):
            one.ahead_s += hours * 3600
            await one.meter.begin(WHO)
            signed = await one.meter.end(WHO)
            assert all(reading.time.endswith(" S") for reading in parse(signed.text).readings)


async def test_a_power_cut_in_between() -> None:
    async with rig() as one:
        await one.meter.begin(WHO)
        one.device.lose_power()
        assert await one.meter.signing_state() is SigningState.ACTIVE
        signed = await one.meter.end(WHO)
        assert [reading.time[-1] for reading in parse(signed.text).readings] == ["S", "U"]


async def test_a_lost_answer_to_the_end_is_found_out() -> None:
    async with rig() as one:
        await one.meter.begin(WHO)
        one.web.wire = lambda data: b"" if b"transactionStatus" in data else data
        signed = await one.meter.end(WHO)
        assert parse(signed.text).is_end


@pytest.mark.parametrize(
    ("bits", "problem"),
    [
        ({"suLinkStatusIsOk": False}, "the measuring unit is not connected"),
        ({"muFatalErrorOccured": True}, "a fatal error has occurred"),
        ({"tamperingIsDetected": True}, "tampering was detected"),
        ({"suMeasureFailureOccurred": True}, "the measuring unit has failed"),
        ({"timeSyncStatusIsOk": False}, "its clock is not right although it was set"),
    ],
)
async def test_a_meter_that_cannot_sign_begins_nothing(bits: dict[str, bool], problem: str) -> None:
    async with rig() as one:
        one.device.faults = bits
        with pytest.raises(DeviceError, match=problem):
            await one.meter.begin(WHO)
        assert one.device.open_transaction is None


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("result", 0, "did not take the time"),
        ("running", False, "was not opened"),
        ("transactionId", "x", "was not opened"),
    ],
)
async def test_an_order_that_is_not_carried_out(name: str, value: object, problem: str) -> None:
    async with rig() as one:
        one.replace(**{name: value})
        with pytest.raises(UnexpectedResponse, match=problem):
            await one.meter.begin(WHO)


async def test_a_record_that_is_none() -> None:
    async with rig() as one:
        await one.meter.begin(WHO)
        one.web.wire = lambda data: data.replace(b"OCMF|", b"<html")
        with pytest.raises(UnexpectedResponse, match="no OCMF record"):
            await one.meter.end(WHO)
        one.web.wire = bytes
        assert parse((await one.meter.end(WHO)).text).is_end
