"""The agent with a card reader and an OpenEVSE controller: a driver's card starts and ends a charge."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from agent.app import Agent
from agent.config.load import load_config
from agent.system.control import ask
from drivers.emulated.counter import Counter
from drivers.emulated.lem_dcbm import LemDcbm
from drivers.emulated.pn532 import Card, Pn532
from drivers.emulated.serial_device import SerialDevice
from drivers.emulated.signing.signer import make_signer
from drivers.emulated.web import WebServer
from drivers.signed.ocmf import parse
from drivers.signed.verify import verify
from tests.conformance.kit import Csms
from tests.hil.openevse import Rig
from tests.hil.openevse import rig as openevse
from tests.real_time import until

DRIVER, STRANGER = Card(bytes.fromhex("04A2B3C4D5E6F7")), Card(bytes.fromhex("DEADBEEF"))


class Station:
    """A charging station: board, reader and agent."""

    def __init__(self, board: Rig, chip: Pn532, reader: SerialDevice, socket: Path) -> None:
        self.board = board
        self.chip = chip
        self.reader = reader
        self._socket = socket

    async def status(self) -> dict[str, Any]:
        return dict(await asyncio.to_thread(ask, self._socket, {"do": "status"}, 20.0))

    async def until(self, **wanted: object) -> dict[str, Any]:
        """Wait until the EVSE's status has these members."""
        evse: dict[str, Any] = {}
        try:
            async with asyncio.timeout(20):
                while {name: evse.get(name) for name in wanted} != wanted:
                    await asyncio.sleep(0.05)
                    evse = (await self.status())["evses"][0]
        except TimeoutError:
            raise AssertionError(f"wanted {wanted}, it is {evse}") from None
        return evse

    async def present(self, card: Card) -> None:
        """Hold a card to the reader for a moment."""
        await self._looks(1)
        self.chip.put(card)
        await self._looks(4)
        self.chip.remove()
        await self._looks(5)

    async def _looks(self, times: int) -> None:
        """Wait until the agent has looked for a card so often."""
        goal = self.chip.looks + times
        await until(lambda: self.chip.looks >= goal)


def station_file(directory: Path, csms_url: str, board: str, reader: str, lem: WebServer | None) -> Path:
    own = f'profile = "openevse-rapi"\nport = "{board}"'
    meter = (
        own if lem is None else f'profile = "lem-dcbm-400-600"\nhost = "{lem.host}"\ntcp_port = {lem.port}'
    )
    path = directory / "station.toml"
    path.write_text(f"""\
[station]
id = "CH-1"
vendor = "chargehand"
model = "Unit"

[csms]
url = "{csms_url}"
password = "a-password-of-16-or-more"

[state]
directory = "{directory / "state"}"
control_socket = "{directory / "agent.sock"}"

[variables]
"OCPPCommCtrlr.RetryBackOffWaitMinimum" = 0
"OCPPCommCtrlr.RetryBackOffRandomRange" = 0

[[evse]]
id = 1
max_current_a = 16
meter_limit_kw = 1000
signed = {"false" if lem is None else "true"}

[evse.meter]
{meter}

[evse.controller]
{own}

[[reader]]
profile = "nxp-pn532-hsu"
port = "{reader}"
timeout_s = 0.3
""")
    return path


@asynccontextmanager
async def station(directory: Path, *, has_lem: bool = False) -> AsyncIterator[tuple[Csms, Station]]:
    chip = Pn532()
    reader = SerialDevice(chip)
    accepted = {"04A2B3C4D5E6F7": {"status": "Accepted"}}
    async with Csms(tokens=accepted) as csms, openevse(speed=20) as board, reader, AsyncExitStack() as more:
        board.client.close()
        lem = None
        if has_lem:
            signer = make_signer("secp256r1")
            meter = LemDcbm(board.bay, signer=signer, now_s=monotonic, counter=Counter(start_mwh=5_000_000))
            lem = await more.enter_async_context(WebServer(meter.answer))
        path = station_file(directory, csms.url, board.port.path, reader.path, lem)
        stop = asyncio.Event()
        agent = asyncio.create_task(Agent(load_config(path), log_frames=False, stop=stop).run())
        await until((directory / "agent.sock").exists)
        try:
            one = Station(board, chip, reader, directory / "agent.sock")
            async with asyncio.timeout(10):
                while (await one.status())["backend"] != "accepted":
                    await asyncio.sleep(0.05)
            yield csms, one
        finally:
            stop.set()
            await agent


async def test_a_card_starts_and_ends_a_charge(tmp_path: Path) -> None:
    async with station(tmp_path) as (_, one):
        one.board.bay.plug_in()
        await one.until(pilot="B", status="Occupied", transaction=None)
        await one.present(STRANGER)
        assert (await one.until(pilot="B"))["token"] is None
        assert one.board.offered_a == 0
        await one.present(DRIVER)
        evse = await one.until(charging_state="Charging", token="04A2B3C4D5E6F7")
        assert evse["transaction"]
        assert one.board.offered_a == 16
        await one.present(DRIVER)
        await one.until(transaction=None)
        assert one.board.offered_a == 0
        (reader,) = (await one.status())["readers"]
        assert (reader["reader"], reader["evse"]) == ("reader 1", None)


async def test_a_reader_that_dies_is_told_and_comes_back(tmp_path: Path) -> None:
    async with station(tmp_path) as (_, one):
        one.reader.is_silent = True
        async with asyncio.timeout(10):
            while (await one.status())["readers"][0]["problem"] is None:
                await asyncio.sleep(0.05)
        assert "no answer" in (await one.status())["readers"][0]["problem"]
        one.reader.is_silent = False
        one.board.bay.plug_in()
        await one.until(pilot="B")
        async with asyncio.timeout(10):
            while (await one.status())["readers"][0]["problem"] is not None:
                await asyncio.sleep(0.05)
        await one.present(DRIVER)
        await one.until(charging_state="Charging")


async def test_a_board_that_restarts_in_the_middle_goes_on_as_it_should(tmp_path: Path) -> None:
    async with station(tmp_path) as (_, one):
        one.board.bay.plug_in()
        await one.until(pilot="B")
        await one.present(DRIVER)
        await one.until(charging_state="Charging")
        one.board.board.restart()
        await until(lambda: one.board.offered_a == 16)
        await one.until(charging_state="Charging")
        assert one.board.board.limit_a == 16


async def test_a_lem_dcbm_signs_what_the_card_started(tmp_path: Path) -> None:
    async with station(tmp_path, has_lem=True) as (csms, one):
        one.board.bay.plug_in()
        await one.until(pilot="B")
        await one.present(DRIVER)
        await one.until(charging_state="Charging")
        await until(lambda: one.board.bay.state.passed_mwh > 20_000)
        await one.present(DRIVER)
        ended = await csms.event(timeout_s=20, eventType="Ended")
        (signed,) = (
            value["signedMeterValue"]
            for sample in ended["meterValue"]
            for value in sample["sampledValue"]
            if "signedMeterValue" in value
        )
        record = parse(base64.b64decode(signed["signedMeterData"]).decode())
        assert verify(record, base64.b64decode(signed["publicKey"]).hex()).is_genuine
        assert record.identification == "04A2B3C4D5E6F7"
        begin, end = (reading.value for reading in record.readings)
        assert begin == 5
        assert end is not None
        assert int(end * 1000) - 5000 == one.board.bay.state.passed_mwh // 1000
