"""A PN532 as a reader of drivers' cards."""

from __future__ import annotations

import asyncio
from typing import Final

from drivers.ports import DeviceError
from drivers.readings import CardReading
from drivers.serial.errors import UnexpectedAnswer
from drivers.serial.pn532_client import Pn532Client
from drivers.serial.pn532_commands import (
    FEW_RETRIES,
    GET_FIRMWARE_VERSION,
    LIST_ONE_CARD,
    SAM_CONFIGURATION,
    parse_card,
    parse_firmware,
)
from drivers.serial.presence import Presence

TOLERATED: Final = 3
"""Failed looks in a row from which on the reader counts as broken: one damaged answer is no news."""


class Pn532Reader:
    """Implements drivers.ports.CardReader; looks for a card every `period_s`."""

    def __init__(self, client: Pn532Client, *, period_s: float = 0.1) -> None:
        self.client = client
        self.firmware: str | None = None
        """What the chip says of itself; None until it was met, and after it was lost."""
        self._period_s = period_s
        self._presence = Presence()
        self._failures = 0

    async def read_card(self) -> CardReading:
        """Wait until a card is presented and return it.

        A card that stays is returned once; taken away and presented again, it is returned again.

        Raises:
            DeviceError: If the reader does not answer properly; call again, and it is tried anew.
        """
        while True:
            try:
                card = await self._look()
            except DeviceError:
                self.firmware = None
                self._failures += 1
                if self._failures >= TOLERATED:
                    raise
                card = None
            else:
                self._failures = 0
            if card is not None:
                return card
            await asyncio.sleep(self._period_s)

    async def _look(self) -> CardReading | None:
        if self.firmware is None:
            await self._meet()
        data, arrived = await self.client.do(LIST_ONE_CARD)
        try:
            uid = self._presence.look(parse_card(data))
        except ValueError as error:
            raise UnexpectedAnswer(self.client.port, f"card list {data.hex(' ')}: {error}") from error
        return None if uid is None else CardReading(uid=uid, type="ISO14443", taken_at=arrived)

    async def _meet(self) -> None:
        """Wake the chip and set it up; nothing of it survives a loss of its supply."""
        self.client.wake_up()
        await self.client.do(SAM_CONFIGURATION)
        data, _ = await self.client.do(GET_FIRMWARE_VERSION)
        try:
            firmware = parse_firmware(data)
        except ValueError as error:
            raise UnexpectedAnswer(self.client.port, f"firmware {data.hex(' ')}: {error}") from error
        await self.client.do(FEW_RETRIES)
        self.firmware = firmware
