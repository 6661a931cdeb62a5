"""A scenario with an OpenEVSE board, a card reader and a LEM DCBM: rig, commands, faults, and the drivers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest

from drivers.devices.lem_dcbm_meter import LemDcbmMeter
from drivers.emulated.commands import CommandError, execute
from drivers.emulated.own_line import OwnSerialLine, WebLine
from drivers.emulated.rig import Rig
from drivers.emulated.scenario import load_scenario
from drivers.modbus.tls import TlsSettings
from drivers.open import DeviceAddress, Hardware
from drivers.ports import CardReader, ChargeController, DeviceError, EnergyMeter
from drivers.profiles.errors import ProfileError
from drivers.readings import Identification, Pilot
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.real_time import clock, until
from tests.unit.drivers.http.certificates import certificate

SCENARIO = """\
scenario: chargehand-scenario-1
speed: 20
state: .
lines:
  board: {kind: serial, baud: 115200, link: board}
  cards: {kind: serial, baud: 115200}
  lan: {kind: tcp}
devices:
  board: {profile: openevse-rapi, line: board, start_kwh: 1000}
  cards: {profile: nxp-pn532-hsu, line: cards}
  meter: {profile: lem-dcbm-400-600, line: lan, start_kwh: 196.5}
"""
WHO = Identification(transaction_id="t-1", token="04A2B3C4", type="ISO14443")


class Station:
    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.bay = rig.bays["bay"]
        board, cards, lan = (rig.lines[name] for name in ("board", "cards", "lan"))
        assert isinstance(board, OwnSerialLine)
        assert isinstance(cards, OwnSerialLine)
        assert isinstance(lan, WebLine)
        self.hardware = Hardware(clock=clock)
        board_address = DeviceAddress(profile="openevse-rapi", port=board.path, timeout_s=0.5)
        self.controller: ChargeController = self.hardware.charge_controller(board_address)
        self.own_meter: EnergyMeter = self.hardware.meter(board_address)
        self.reader: CardReader = self.hardware.card_reader(
            DeviceAddress(profile="nxp-pn532-hsu", port=cards.path, timeout_s=0.3)
        )
        meter = self.hardware.meter(
            DeviceAddress(profile="lem-dcbm-400-600", host=lan.host, tcp_port=lan.port)
        )
        assert isinstance(meter, LemDcbmMeter)
        self.meter = meter

    async def do(self, command: str) -> str:
        return await execute(self.rig, command)

    async def watch_pilot(self) -> None:
        """Read the pilot until the controller has something to complain of."""
        async with asyncio.timeout(10):
            while True:
                await self.controller.read_pilot()

    async def card(self) -> str:
        async with asyncio.timeout(5):
            return (await self.reader.read_card()).uid


def scenario(directory: Path, text: str = SCENARIO) -> Path:
    path = directory / "scenario.yaml"
    path.write_text(text)
    return path


@asynccontextmanager
async def station(directory: Path) -> AsyncIterator[Station]:
    async with Rig(load_scenario(scenario(directory))) as rig:
        one = Station(rig)
        async with one.hardware.running():
            yield one


async def test_a_charge_with_all_of_them(tmp_path: Path) -> None:
    async with station(tmp_path) as one:
        await one.controller.withdraw()
        await one.do("plug")
        assert (await one.controller.read_pilot()).pilot is Pilot.B
        await one.do("card cards 04A2B3C4")
        assert await one.card() == "04A2B3C4"
        await one.do("remove cards")
        await one.meter.begin(WHO)
        await one.controller.offer(16)
        await until(lambda: one.bay.state.passed_mwh > 20_000)
        await one.controller.withdraw()
        signed = await one.meter.end(WHO)
        assert signed.public_key is not None
        record = parse(signed.text)
        assert verify(record, signed.public_key).is_genuine
        passed_wh = one.bay.state.passed_mwh // 1000
        begin, end = (reading.value for reading in record.readings)
        assert begin is not None
        assert end is not None
        assert int((end - begin) * 1000) == passed_wh
        own = (await one.own_meter.read()).energy_import_mwh
        assert own is not None
        assert 0 <= 1_000_000 + passed_wh - own // 1000 <= 1


async def test_the_link_and_the_key_stay_from_run_to_run(tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        async with station(tmp_path) as one:
            assert (tmp_path / "board").is_symlink()
            await one.meter.begin(WHO)
            keys.append((await one.meter.end(WHO)).public_key)
    assert keys[0] == keys[1]
    assert not (tmp_path / "board").is_symlink()


@pytest.mark.parametrize("device", ["board", "cards", "meter"])
async def test_silence_power_and_unplugging(tmp_path: Path, device: str) -> None:
    async with station(tmp_path) as one:
        asks = {"board": one.own_meter.read, "cards": one.reader.read_card, "meter": one.meter.read}

        async def is_broken() -> bool:
            try:
                async with asyncio.timeout(6):
                    await asks[device]()
            except DeviceError:
                return True
            except TimeoutError:
                return False
            return False

        for ill, well in (
            (f"silence {device}", f"answer {device}"),
            (f"power {device} off", f"power {device} on"),
            (f"fault {device} silence", "clear"),
            (f"fault {device} lost-reply", "clear"),
        ):
            await one.do(ill)
            assert await is_broken(), ill
            await one.do(well)
            if device != "cards":
                await asks[device]()
        await one.do("card cards DEADBEEF")
        assert await one.card() == "DEADBEEF"


async def test_a_board_that_lost_its_power_offers_nothing_while_it_has_none(tmp_path: Path) -> None:
    async with station(tmp_path) as one:
        await one.do("plug")
        await one.controller.offer(16)
        await until(lambda: one.bay.state.contactor_closed)
        await one.do("power board off")
        assert not one.bay.state.contactor_closed
        await one.do("power board on")
        await until(lambda: one.bay.offered_ma > 31_000)
        with pytest.raises(DeviceError, match="has restarted"):
            await one.watch_pilot()
        assert one.bay.offered_ma == 0


@pytest.mark.parametrize("fault", ["bit-flip 2", "truncate 2", "leading-noise", "duplicate", "delay 0.01"])
async def test_faults_of_the_wire_make_no_wrong_value(tmp_path: Path, fault: str) -> None:
    async with station(tmp_path) as one:
        await one.controller.withdraw()
        await one.do(f"fault board {fault} chance 0.3")
        ends_s = monotonic() + 3
        read = 0
        while monotonic() < ends_s and read < 20:
            try:
                assert (await one.own_meter.read()).energy_import_mwh == 1_000_000_000
                assert (await one.meter.read()).energy_import_mwh == 196_500_000
                read += 1
            except DeviceError:
                continue
        assert read


async def test_commands_that_cannot_be_carried_out(tmp_path: Path) -> None:
    async with station(tmp_path) as one:
        for command, problem in (
            ("card cards 04A2", "has 4, 7 or 10 bytes, not 2"),
            ("card cards xyz", "non-hexadecimal"),
            ("card board 04A2B3C4", "board reads no cards"),
            ("remove meter", "meter reads no cards"),
            ("card cards", "is not a command"),
            ("card nobody 04A2B3C4", "is no device"),
            ("counter board 5", "counts no energy"),
        ):
            with pytest.raises(CommandError, match=problem):
                await one.do(command)
        await one.do("counter meter 5")
        assert (await one.meter.read()).energy_import_mwh == 5_000_000
        assert "meter 5.000000 kWh" in await one.do("status")


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("kind: serial, baud: 115200, link: board", "kind: tcp", "device board: it needs a serial line"),
        ("lan: {kind: tcp}", "lan: {kind: serial}", "device meter: it needs a line of kind tcp, lan is none"),
        ("400-600, line: lan", "400-600, line: board", "it speaks rapi, line board does not"),
    ],
)
def test_a_device_on_the_wrong_line(tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    spec = load_scenario(scenario(tmp_path, SCENARIO.replace(right, wrong)))
    with pytest.raises((ProfileError, ValueError), match=problem):
        Rig(spec)


async def test_https_with_its_own_certificate(tmp_path: Path) -> None:
    own = certificate(tmp_path / "meter.pem")
    text = SCENARIO.replace("kind: tcp", "kind: tcp, tls: {certificate: meter.pem, key: meter.pem}")
    async with Rig(load_scenario(scenario(tmp_path, text))) as rig:
        line = rig.lines["lan"]
        assert isinstance(line, WebLine)
        address = DeviceAddress(
            profile="lem-dcbm-400-600",
            host=line.host,
            tcp_port=line.port,
            tls=TlsSettings(ca_file=own),
        )
        meter = Hardware(clock=clock).meter(address)
        assert (await meter.read()).energy_import_mwh == 196_500_000
