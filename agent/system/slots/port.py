"""What the agent needs of a system with two slots."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class SlotError(Exception):
    """The slots could not be read or changed; the one that runs is as it was."""


class ImageRefused(SlotError):
    """The file is no firmware for this station, or is damaged."""


class Slots(Protocol):
    """Two slots by name. Everything but `restart` may be done again after a power cut."""

    async def install(self, image: Path) -> str:
        """Write the slot that does not run, and return its name. It is not booted yet.

        Raises:
            ImageRefused: If the file is to blame.
            SlotError: If anything else is.
        """

    async def running(self) -> str:
        """Return the slot that runs.

        Raises:
            SlotError: If that cannot be found out.
        """

    async def next(self) -> str:
        """Return the slot that the next boot takes.

        Raises:
            SlotError: If that cannot be found out.
        """

    async def try_out(self, slot: str) -> None:
        """Have the next boot take this slot; unless it is confirmed, a later boot takes the other again.

        Raises:
            SlotError: If that cannot be done.
        """

    async def confirm(self) -> None:
        """Keep the slot that runs.

        Raises:
            SlotError: If that cannot be done.
        """

    async def reject(self, slot: str) -> None:
        """Have the next boot take the other slot, and never this one by itself.

        Raises:
            SlotError: If that cannot be done.
        """

    async def restart(self) -> None:
        """Boot; returns before or never.

        Raises:
            SlotError: If that cannot be done.
        """
