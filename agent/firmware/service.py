"""Carries updates out, one at a time, each state on flash before it is acted on: power may fail anywhere."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Protocol

import msgspec

from agent.firmware.ports import Means, Rules
from agent.firmware.progress import (
    CANCELLABLE,
    Alert,
    Checked,
    Confirmed,
    Effect,
    Event,
    FellBack,
    Fetched,
    FetchFailed,
    InstallBegun,
    InstallDelayed,
    InstallFailed,
    RestartAsked,
    RetrieveTimeCame,
    Stage,
    Tell,
    Update,
    Written,
    begin,
    step,
)
from agent.firmware.records import Answer, FirmwareStatus, UpdateRequest
from agent.store import facts
from agent.store.database import Database, StoreError
from agent.system.slots.port import ImageRefused, SlotError
from agent.transfer.errors import TransferError
from agent.transfer.location import parse_location
from agent.transfer.partial import discard
from agent.transfer.transfers import Transfers

log = logging.getLogger(__name__)

_FACT = "firmware-update"
_LOOK_S = 0.2
_STORE_RETRY_S = 5.0
_SHORTEST_PAUSE_S = 0.1
_MOST_RESTARTS = 3
_MOST_TRIES = 5
_RESTART_S = 120.0
"""How long a restart that was asked for may take to end this process."""


class Firmware(Protocol):
    """The station's updates, as those who ask for them see them."""

    async def request(self, request: UpdateRequest) -> Answer:
        """Accept an update, or say why not.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """

    def last_status(self) -> FirmwareStatus | None:
        """Return what was told last; None once it is installed, or if there was nothing."""


class NoFirmware:
    """A station whose firmware cannot be replaced from here."""

    hindrance: str | None = None

    async def request(self, request: UpdateRequest) -> Answer:
        """Refuse."""
        return Answer(verdict="Rejected", why="the station file names no slots for firmware")

    def last_status(self) -> FirmwareStatus | None:
        """There is nothing to tell."""
        return None


class FirmwareService:
    """The updates of a station with slots."""

    def __init__(self, means: Means, rules: Rules, transfers: Transfers, database: Database) -> None:
        self._means = means
        self._rules = rules
        self._transfers = transfers
        self._database = database
        self._update: Update | None = None
        self._work: asyncio.Task[None] | None = None
        self._requested = asyncio.Event()
        self._deciding = asyncio.Lock()
        self._is_restored = False
        self._image = rules.directory / "firmware.image"

    async def _restore(self) -> None:
        """Take up, once, what was going on when the agent ended."""
        if self._is_restored:
            return
        stored = await self._database.read(lambda opened: facts.load(opened, _FACT))
        try:
            self._update = None if stored is None else msgspec.json.decode(stored, type=Update)
        except msgspec.DecodeError as error:
            log.error("the stored firmware update cannot be read and is dropped: %s", error)
        self._is_restored = True
        if self._update is not None and self._update.stage is not Stage.OVER:
            log.info(
                "firmware update %d goes on: %s", self._update.request.request_id, self._update.stage.value
            )

    async def request(self, request: UpdateRequest) -> Answer:
        """Accept an update, in place of one that can still be cancelled (L01.FR.24), or say why not.

        Raises:
            StoreError: If it could not be made durable; nothing has changed.
        """
        async with self._deciding:
            await self._restore()
            refusal = await self._refusal(request)
            if refusal is not None:
                return refusal
            ongoing = self._update
            is_ongoing = ongoing is not None and ongoing.stage is not Stage.OVER
            if ongoing is not None and is_ongoing and ongoing.stage not in CANCELLABLE:
                return Answer(verdict="Rejected", why="the firmware is being installed")
            await self._stop_work()
            if is_ongoing:
                self._means.bays.hold(is_held=False)
            await asyncio.to_thread(discard, self._image)
            await self._commit(*begin(request, is_due=request.retrieve_at <= self._means.now()))
            self._requested.set()
            return Answer(verdict="AcceptedCanceled" if is_ongoing else "Accepted")

    def last_status(self) -> FirmwareStatus | None:
        """Return what was told last; None once it is installed, or if there was nothing (L01.FR.25)."""
        if self._update is None or self._update.status == "Installed":
            return None
        return FirmwareStatus(status=self._update.status, request_id=self._update.request.request_id)

    @property
    def hindrance(self) -> str | None:
        """Why the station must not be reset now; None if it may."""
        ongoing = self._ongoing()
        return "a firmware is being installed" if ongoing and ongoing.stage is Stage.INSTALLING else None

    async def run(self) -> None:
        """Carry out whatever there is, and was when the agent ended, until cancelled."""
        async with self._deciding:
            await self._restore()
        while True:
            self._requested.clear()
            if self._update is not None and self._update.stage is not Stage.OVER:
                self._work = asyncio.create_task(self._carry_out(), name="firmware update")
                try:
                    await asyncio.wait([self._work])
                finally:
                    await self._stop_work()
            await self._requested.wait()

    # deciding

    async def _refusal(self, request: UpdateRequest) -> Answer | None:
        """Return why a request is refused; the certificate is looked at first (L01.FR.21, L01.FR.22)."""
        if not request.is_signed:
            if self._rules.takes_unsigned:
                return None
            return Answer(verdict="Rejected", why="this station takes signed firmware only")
        from agent.firmware.signature import CertificateRefused, check_certificate  # noqa: PLC0415 - memory

        try:
            check_certificate(
                request.signing_certificate or "", self._means.roots(), self._revoked(), self._means.now()
            )
        except CertificateRefused as refusal:
            log.error("the firmware's signing certificate is refused: %s", refusal)
            await self._means.raise_alarm("InvalidFirmwareSigningCertificate", str(refusal))
            is_revoked = refusal.kind == "revoked"
            return Answer(
                verdict="RevokedCertificate" if is_revoked else "InvalidCertificate", why=str(refusal)
            )
        return None

    def _revoked(self) -> bytes:
        return b"" if self._rules.revoked is None else self._rules.revoked.read_bytes()

    async def _stop_work(self) -> None:
        if self._work is None:
            return
        work, self._work = self._work, None
        work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            return
        except Exception:  # the boundary between an update and the charging sessions
            log.exception("the firmware update stopped")

    # carrying out

    async def _carry_out(self) -> None:
        """Take the update from stage to stage until it is over."""
        while (update := self._ongoing()) is not None:
            try:
                event = await self._event(update)
                await self._commit(*step(update, event))
            except StoreError as error:
                log.error("firmware update: %s", error)
                await asyncio.sleep(_STORE_RETRY_S)
        self._means.bays.hold(is_held=False)
        await asyncio.to_thread(discard, self._image)

    def _ongoing(self) -> Update | None:
        return None if self._update is None or self._update.stage is Stage.OVER else self._update

    async def _event(self, update: Update) -> Event:
        """Do what the stage asks for, and return what came of it."""
        request = update.request
        match update.stage:
            case Stage.SCHEDULED:
                await self._until(request.retrieve_at)
                return RetrieveTimeCame()
            case Stage.DOWNLOADING:
                return await self._fetch(update)
            case Stage.CHECKING:
                return Checked(await asyncio.to_thread(self._is_genuine, request))
            case Stage.READY:
                return await self._wait_for_turn(update)
            case Stage.INSTALLING:
                self._means.bays.hold(is_held=True)
                return await self._install(update)
            case _:
                self._means.bays.hold(is_held=True)
                return await self._try_out(update)

    async def _fetch(self, update: Update) -> Event:
        """Try once; what an earlier attempt left is gone on with."""
        if update.failures:
            await asyncio.sleep(max(_SHORTEST_PAUSE_S, update.request.retry_interval_s))
        try:
            location = parse_location(update.request.location)
            await self._transfers.download(location, self._image, self._rules.bounds)
        except TransferError as error:
            log.error("firmware not fetched, attempt %d: %s", update.failures + 1, error)
            return FetchFailed(may_pass=error.may_pass, why=str(error))
        return Fetched()

    def _is_genuine(self, request: UpdateRequest) -> bool:
        """Check the signature over the file; what came unsigned was let in as such (L01.FR.04, L01.FR.12)."""
        if not request.is_signed:
            return True
        from agent.firmware.signature import is_signed_by  # noqa: PLC0415 - memory

        try:
            return is_signed_by(self._image, request.signing_certificate or "", request.signature or "")
        except OSError as error:
            log.error("the firmware cannot be read: %s", error)
            return False

    async def _wait_for_turn(self, update: Update) -> Event:
        """Wait for the time, and until nobody charges (L01.FR.05, L01.FR.06, L01.FR.16)."""
        while True:
            at = update.request.install_at
            is_due = at is None or at <= self._means.now()
            if is_due and not self._means.allows_new_sessions():
                self._means.bays.hold(is_held=True)  # L01.FR.07: what is free becomes Unavailable
            if is_due and self._means.bays.is_idle():
                self._means.bays.hold(is_held=True)
                return InstallBegun(await self._running())
            if update.status != "InstallScheduled":
                return InstallDelayed()
            await asyncio.sleep(_LOOK_S)

    async def _running(self) -> str:
        try:
            return await self._means.slots.running()
        except SlotError as error:
            log.error("firmware update: %s", error)
            return ""

    async def _install(self, update: Update) -> Event:
        """Write the other slot, unless that is done and it even runs: power may fail after the last byte."""
        try:
            running = await self._means.slots.running()
            if update.slot not in {"", running}:
                return Written(running)
            return Written(await self._means.slots.install(self._image))
        except ImageRefused as error:
            log.error("firmware not installed: %s", error)
            return InstallFailed(is_image_bad=True, why=str(error))
        except SlotError as error:
            log.error("firmware not installed: %s", error)
            return InstallFailed(is_image_bad=False, why=str(error))

    async def _try_out(self, update: Update) -> Event:
        """Boot the new slot, see whether it is well, and keep it or go back; slots may need some tries."""
        slots = self._means.slots
        for _ in range(_MOST_TRIES):
            try:
                if await slots.running() == update.slot:
                    return await self._judge(update)
                if update.stage is Stage.ACTIVATING:
                    await slots.try_out(update.slot)
                    return RestartAsked()
                return await self._boot(update)
            except SlotError as error:
                log.error("firmware update: %s", error)
                await asyncio.sleep(self._rules.slot_retry_s)
        return FellBack()

    async def _judge(self, update: Update) -> Event:
        """Keep the new firmware, which runs, if it becomes well; else boot the old one, which tells of it."""
        if await self._becomes_well():
            await self._means.slots.confirm()
            return Confirmed()
        log.error("the new firmware is not well; back to the old one")
        await self._means.slots.reject(update.slot)
        await self._restart()
        return FellBack()

    async def _boot(self, update: Update) -> Event:
        """Boot the new slot, unless it was tried and the old one runs again, or it was tried often enough."""
        if await self._means.slots.next() != update.slot:
            return FellBack()
        if update.restarts > _MOST_RESTARTS:
            await self._means.slots.reject(update.slot)
            return FellBack()
        await self._restart()
        return RestartAsked()

    async def _restart(self) -> None:
        """Boot, once the backend had a moment to hear of it; this process normally ends meanwhile."""
        await self._means.prepare_restart()
        await self._means.slots.restart()
        await asyncio.sleep(_RESTART_S)

    async def _becomes_well(self) -> bool:
        try:
            async with asyncio.timeout(self._rules.confirm_within_s):
                while not self._means.is_well():  # noqa: ASYNC110 - wellness is the sum of many states
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            return False
        return True

    async def _until(self, at: datetime) -> None:
        """Wait for a time by the station's clock, which may be set meanwhile."""
        while self._means.now() < at:  # noqa: ASYNC110 - the clock tells nobody
            await asyncio.sleep(_LOOK_S)

    async def _commit(self, update: Update, effects: tuple[Effect, ...]) -> None:
        """Tell first, then store: after a power cut in between a status is told again, never missing."""
        for effect in effects:
            if isinstance(effect, Tell):
                log.info("firmware update %d: %s", update.request.request_id, effect.status)
                await self._means.tell(
                    FirmwareStatus(status=effect.status, request_id=update.request.request_id, why=effect.why)
                )
            elif isinstance(effect, Alert):
                await self._means.raise_alarm(effect.alarm, f"update {update.request.request_id}")
        encoded = msgspec.json.encode(update).decode()
        await self._database.write(lambda opened: facts.save(opened, _FACT, encoded))
        self._update = update
