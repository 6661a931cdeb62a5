"""Takes a signing meter through a transaction, whatever interrupts it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeVar

from drivers.ports import DeviceError, NothingSigned, SignedMeter
from drivers.readings import Identification, SignedReading, SigningState

log = logging.getLogger(__name__)

Result = TypeVar("Result")

PAUSE_S: Final = 1.0
"""Between tries; a meter that computes a signature may not answer for a while."""


class Notary:
    """Begins, ends and confirms; tries again what failed, for as long as the caller gives it.

    After a restart the same calls are made again, with what is stored: a begin that was stored is not made
    again, an end that was not stored gives the same reading again.
    """

    def __init__(self, name: str, meter: SignedMeter, *, pause_s: float = PAUSE_S) -> None:
        self._name = name
        self._meter = meter
        self._pause_s = pause_s

    @property
    def signs_begin(self) -> bool:
        """Whether the meter signs the beginning by itself, and not only with the end."""
        return self._meter.signs_begin

    async def begin(self, who: Identification, within_s: float) -> SignedReading | None:
        """Begin a transaction and return what was signed; None if the meter signs that only with the end.

        What an earlier transaction left behind is ended, logged and confirmed first.

        Raises:
            DeviceError: If it did not succeed in time. Perhaps it has begun all the same.
        """
        has_tried = False

        async def once() -> SignedReading | None:
            nonlocal has_tried
            state = await self._meter.signing_state()
            if has_tried and state is SigningState.ACTIVE:
                return await self._meter.recover()
            if state is not SigningState.IDLE:
                await self._clear(who)
            has_tried = True
            return await self._meter.begin(who)

        return await self._insist(once, within_s)

    async def end(self, who: Identification, within_s: float) -> SignedReading | None:
        """End the transaction and return what was signed; None if the meter knows of no transaction.

        Raises:
            DeviceError: If it did not succeed in time.
        """

        async def once() -> SignedReading | None:
            try:
                return await self._meter.end(who)
            except NothingSigned as error:
                log.error("%s: no signed end of transaction %s: %s", self._name, who.transaction_id, error)
                return None

        return await self._insist(once, within_s)

    async def confirm(self, within_s: float) -> None:
        """Let the meter forget the reading that is stored now.

        Raises:
            DeviceError: If it did not succeed in time; the next `begin` makes up for it.
        """
        await self._insist(self._meter.confirm, within_s)

    async def _clear(self, who: Identification) -> None:
        nobody = replace(who, token="", type="NONE")
        left = await self._meter.end(nobody)
        log.warning("%s: a signed transaction that was left behind: %s", self._name, left.text)
        await self._meter.confirm()

    async def _insist(self, once: Callable[[], Awaitable[Result]], within_s: float) -> Result:
        """Try until it succeeds, or until the time is up."""
        loop = asyncio.get_running_loop()
        give_up_at_s = loop.time() + within_s
        level = logging.WARNING
        while True:
            try:
                return await once()
            except DeviceError as error:
                if loop.time() + self._pause_s >= give_up_at_s:
                    raise
                log.log(level, "%s: %s", self._name, error)
                level = logging.DEBUG
            await asyncio.sleep(self._pause_s)
