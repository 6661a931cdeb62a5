"""The local authorization list: whom the operator wants known at this station (block D)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from agent.authorization.verdicts import Verdict
from agent.store import local_list as store
from agent.store.database import Database
from agent.store.local_list import Entry, Figures
from agent.transactions.records import Token
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

MOST_ENTRIES = 10_000
MOST_BYTES = 2_097_152


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What the backend sent: the whole list, or what changes in it."""

    version: int
    is_full: bool
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an update is not made; `is_mismatch` if its version is not newer than ours."""

    reason: str
    why: str
    is_mismatch: bool = False


class LocalList:
    """The list on this station. An update is made as a whole or not at all, also when power fails in it."""

    def __init__(
        self,
        database: Database,
        settings: DeviceModel,
        most_entries: int = MOST_ENTRIES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._database = database
        self._settings = settings
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self._figures = Figures()
        self._busy = asyncio.Lock()

    async def restore(self) -> None:
        """Take note of what is stored, before anything else.

        Raises:
            StoreError: If it cannot be read.
        """
        self._figures = await self._database.read(store.figures)

    @property
    def is_enabled(self) -> bool:
        """Whether the list counts."""
        return self._settings.flag("LocalAuthListCtrlr.Enabled")

    @property
    def version(self) -> int:
        """The version that the backend gave: 0 if it never sent a list, or the list does not count.

        A list that was emptied has a version like any other (D02.FR.02, D02.FR.03).
        """
        return self._figures.version if self.is_enabled else 0

    @property
    def figures(self) -> Figures:
        """How much is in it."""
        return self._figures

    async def find(self, token: Token) -> Verdict | None:
        """Return what the list says of a token, None if nothing or if the list does not count.

        Raises:
            StoreError: If it cannot be read.
        """
        if not self.is_enabled or not self._figures.entries:
            return None
        return await self._database.read(lambda opened: store.find(opened, token))

    async def update(self, update: Update) -> Refusal | None:
        """Make an update that the backend sent, or say why not.

        Raises:
            StoreError: If it could not be stored; the list is as it was.
        """
        if not self.is_enabled:
            return Refusal(reason="NotEnabled", why="LocalAuthListCtrlr.Enabled is false")
        async with self._busy:
            refusal = problem_with(update, self.version)
            if refusal is not None:
                return refusal
            try:
                await self._change(update.version, update.entries, is_full=update.is_full)
            except store.ListFull as error:
                return Refusal(reason="OutOfStorage", why=str(error))
        log.info("local list: version %d, %d entries", update.version, self._figures.entries)
        return None

    async def put(self, token: Token, verdict: Verdict | None) -> None:
        """Add a token by hand, or take one out (None); the version is the backend's and stays.

        Raises:
            StoreError: If it could not be stored.
            ListFull: If there is no room.
        """
        async with self._busy:
            entry = Entry(token=token, verdict=verdict)
            await self._change(self._figures.version, (entry,), is_full=False)

    async def everything(self) -> list[Entry]:
        """Return all entries.

        Raises:
            StoreError: If they cannot be read.
        """
        return await self._database.read(store.everything)

    async def _change(self, version: int, entries: tuple[Entry, ...], *, is_full: bool) -> None:
        self._figures = await self._database.write(
            lambda opened: store.change(
                opened,
                version,
                entries,
                is_full=is_full,
                most_entries=self.most_entries,
                most_bytes=self.most_bytes,
            )
        )


def problem_with(update: Update, version: int) -> Refusal | None:
    """Return what is wrong with an update of the list that has this version, or None."""
    if update.version <= 0:
        return Refusal(reason="InvalidValue", why="a version is 1 or more")  # D01.FR.18
    if not update.is_full and update.version <= version:  # D01.FR.19
        why = f"the list here has version {version} already"
        return Refusal(reason="InvalidValue", why=why, is_mismatch=True)
    seen: set[tuple[str, str]] = set()
    for entry in update.entries:
        key = (entry.token.type, entry.token.id.casefold())
        if key in seen:  # D01.FR.06
            return Refusal(reason="InvalidValue", why="a token is named twice")
        seen.add(key)
        if update.is_full and entry.verdict is None:
            return Refusal(reason="MissingParam", why="a full list says of every token what it may")
    return None
