"""The file services of a station in memory, for tests of those who ask them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from agent.files import FileServices, Surroundings, open_files
from agent.firmware.section import FirmwareSection, TransferSection
from agent.store.database import Database
from agent.variables.model import DeviceModel


class _AnyTime:
    def is_idle(self) -> bool:
        return True

    def hold(self, *, is_held: bool) -> None:
        """Nobody charges here."""


def file_services(
    directory: Path,
    database: Database,
    settings: DeviceModel,
    tell: Callable[[object], Awaitable[None]],
    now: Callable[[], datetime],
    *,
    firmware: FirmwareSection | None = None,
    security_log: tuple[bytes, ...] = (b"an entry\n",),
    roots: str = "",
) -> FileServices:
    async def nothing(*_: Any) -> None:
        return

    async def read_log(*_: Any) -> tuple[bytes, ...]:
        return security_log

    return open_files(
        Surroundings(
            station_id="CH-1",
            state=directory,
            firmware=firmware or FirmwareSection(),
            transfer=TransferSection(),
            database=database,
            settings=settings,
            bays=_AnyTime(),
            tell=tell,
            raise_alarm=nothing,
            roots=lambda _: roots,
            security_log=read_log,
            secrets=tuple,
            now=now,
            is_well=lambda: True,
            prepare_restart=nothing,
            replace_process=nothing,
        )
    )
