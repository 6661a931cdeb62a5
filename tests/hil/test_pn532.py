"""The PN532 as a card reader: the driver on an emulated chip, over a real pseudo terminal."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from drivers.devices.pn532_reader import Pn532Reader
from drivers.emulated.pn532 import Card, Pn532
from drivers.emulated.serial_device import SerialDevice
from drivers.ports import DeviceError
from drivers.readings import CardReading
from drivers.serial.errors import NoAnswer, SerialError, UnexpectedAnswer
from drivers.serial.pn532_client import Pn532Client
from tests.real_time import clock
from tests.unit.drivers.serial.peers import SETTINGS, peer

CLASSIC = Card(bytes.fromhex("DEADBEEF"))
ULTRALIGHT = Card(bytes.fromhex("04A1B2C3D4E580"))
DESFIRE = Card(bytes.fromhex("04112233445566"), ats=bytes.fromhex("067577810280"))
TRIPLE = Card(bytes.fromhex("0102030405060708090A"))


class Rig:
    def __init__(self) -> None:
        self.chip = Pn532()
        self.port = SerialDevice(self.chip)

    def connect(self) -> None:
        self.client = Pn532Client(self.port.path, SETTINGS, clock, timeout_s=0.3)
        self.reader = Pn532Reader(self.client, period_s=0.01)

    async def presented(self, within_s: float = 5) -> str:
        async with asyncio.timeout(within_s):
            return (await self.reader.read_card()).uid

    async def is_nothing_presented(self) -> bool:
        """Look half a dozen times."""
        looks = self.chip.looks
        looking = asyncio.ensure_future(self.presented())
        while not looking.done() and self.chip.looks < looks + 6:
            await asyncio.sleep(0.01)
        if looking.done():
            looking.result()
            return False
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        return True


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    one = Rig()
    async with one.port:
        one.connect()
        try:
            yield one
        finally:
            one.client.close()


@pytest.mark.parametrize("card", [CLASSIC, ULTRALIGHT, DESFIRE, TRIPLE], ids=lambda card: card.uid.hex())
async def test_a_card_is_read(card: Card) -> None:
    async with rig() as one:
        before = clock()
        one.chip.put(card)
        async with asyncio.timeout(5):
            reading = await one.reader.read_card()
        assert reading == CardReading(uid=card.uid.hex().upper(), type="ISO14443", taken_at=reading.taken_at)
        assert before.monotonic_s < reading.taken_at.monotonic_s <= clock().monotonic_s
        assert one.reader.firmware == "1.6"


async def test_a_card_that_stays_is_presented_once_and_again_after_it_was_away() -> None:
    async with rig() as one:
        one.chip.put(CLASSIC)
        assert await one.presented() == "DEADBEEF"
        assert await one.is_nothing_presented()
        one.chip.remove()
        assert await one.is_nothing_presented()
        one.chip.put(CLASSIC)
        assert await one.presented() == "DEADBEEF"


async def test_another_card_in_its_place() -> None:
    async with rig() as one:
        one.chip.put(CLASSIC)
        assert await one.presented() == "DEADBEEF"
        one.chip.put(ULTRALIGHT)
        assert await one.presented() == "04A1B2C3D4E580"


async def test_a_card_comes_while_it_is_waited_for() -> None:
    async with rig() as one:
        waiting = asyncio.ensure_future(one.presented())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        one.chip.put(DESFIRE)
        assert await waiting == "04112233445566"


async def test_a_chip_that_lost_its_power_is_set_up_again() -> None:
    async with rig() as one:
        one.chip.put(CLASSIC)
        assert await one.presented() == "DEADBEEF"
        one.chip.remove()
        assert await one.is_nothing_presented()
        one.chip.lose_power()
        one.chip.put(ULTRALIGHT)
        assert await one.presented() == "04A1B2C3D4E580"


async def test_a_reader_that_is_silent_is_an_error_until_it_answers_again() -> None:
    async with rig() as one:
        one.port.is_silent = True
        for _ in range(2):
            with pytest.raises(NoAnswer):
                await one.presented()
        one.port.is_silent = False
        one.chip.put(CLASSIC)
        assert await one.presented() == "DEADBEEF"


async def test_a_card_that_stays_while_the_reader_is_away_is_not_presented_again() -> None:
    """A second presentation would end the charge that the first one began."""
    async with rig() as one:
        one.chip.put(CLASSIC)
        assert await one.presented() == "DEADBEEF"
        one.port.is_silent = True
        with pytest.raises(NoAnswer):
            await one.presented()
        one.port.is_silent = False
        assert await one.is_nothing_presented()


async def test_a_port_that_goes() -> None:
    async with rig() as one:
        await one.is_nothing_presented()
        await one.port.close()
        with pytest.raises(DeviceError, match=r"was lost|cannot be opened"):
            await one.presented()


async def test_something_else_on_the_port() -> None:
    """Whatever it says: an error, no card, and no end of memory."""
    rng = random.Random(1)
    ack, sam = bytes.fromhex("0000FF00FF00"), bytes.fromhex("0000FF02FED5151600")
    other = bytes.fromhex("0000FF06FAD50333010607E700")
    answers = iter([ack + sam, ack + other] * 20)
    for answer in (
        lambda heard: heard,
        lambda _: rng.randbytes(600),
        lambda _: b"\x00\xff\xff\xff\x01\x09\xf6" * 50,
    ):
        with peer(answer) as device:
            client = Pn532Client(device.port, SETTINGS, clock, timeout_s=0.05)
            with pytest.raises(SerialError):
                await Pn532Reader(client, period_s=0.01).read_card()
            client.close()
    with peer(
        lambda heard: next(answers) if heard.startswith(b"\x00\x00\xff\x02\xfe") else ack + sam
    ) as device:
        client = Pn532Client(device.port, SETTINGS, clock, timeout_s=0.05)
        with pytest.raises((UnexpectedAnswer, NoAnswer)):
            await Pn532Reader(client, period_s=0.01).read_card()
        client.close()


async def test_noise_never_makes_a_wrong_card() -> None:
    rng = random.Random(14443)

    def noisy(data: bytes) -> bytes:
        if rng.random() < 0.7:
            return data
        wrong = bytearray(data)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(wrong)) if wrong else 0
            wrong[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
        return bytes(wrong)

    async with rig() as one:
        one.client._timeout_s = 0.05
        one.port.wire = noisy
        seen = []
        for card in [CLASSIC, TRIPLE, ULTRALIGHT] * 4:
            one.chip.put(card)
            async with asyncio.timeout(30):
                while True:
                    try:
                        seen.append((card.uid.hex().upper(), (await one.reader.read_card()).uid))
                        break
                    except SerialError:
                        continue
        assert all(put == read for put, read in seen)
        assert len(seen) == 12


async def test_a_chip_that_looks_for_ever_is_told_not_to() -> None:
    """Without that the chip would not answer until a card comes, and look dead."""
    async with rig() as one:
        assert await one.is_nothing_presented()
        assert one.chip._looks != 0xFF
        assert not one.chip._is_looking
