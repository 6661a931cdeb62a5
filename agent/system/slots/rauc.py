"""Slots of RAUC, through its command line, which talks to RAUC's service over D-Bus.

RAUC checks the bundle's own signature, writes the other slot and tells the bootloader, which counts the
attempts to boot it. A restart goes through a command of the station file.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from agent.system.slots.port import ImageRefused, SlotError

log = logging.getLogger(__name__)

_ASK_S = 60.0
_INSTALL_S = 3600.0
_MOST_SAID = 2000
_LAST_ERROR = re.compile(r"^LastError: (.+)$", re.MULTILINE)
_BAD_BUNDLE = ("signature", "bundle", "verif", "compatible", "manifest", "checksum", "not a squashfs")
"""What RAUC says when the file is to blame."""


class RaucSlots:
    """Implements `Slots`. A slot is named by its boot name, such as A and B."""

    def __init__(self, command: Sequence[str], restart_command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._restart_command = tuple(restart_command)

    async def install(self, image: Path) -> str:
        """Install the bundle; RAUC chooses the slot."""
        status = await self._status()
        code, said = await _run((*self._command, "install", str(image)), _INSTALL_S)
        if code:
            found = _LAST_ERROR.search(said)
            why = found[1] if found else f"exit code {code}"
            log.error("rauc install: %s", said.strip()[-_MOST_SAID:])
            is_bad = any(word in why.lower() for word in _BAD_BUNDLE)
            raise (ImageRefused if is_bad else SlotError)(f"rauc install: {why}")
        return _other(status)

    async def running(self) -> str:
        """Return the boot name of the slot that runs."""
        return str((await self._status())["booted"])

    async def next(self) -> str:
        """Return the boot name of the primary slot."""
        status = await self._status()
        return _boot_name(status, str(status["boot_primary"]))

    async def try_out(self, slot: str) -> None:
        """Make the slot the primary one; the bootloader counts its attempts."""
        await self._mark("active", slot)

    async def confirm(self) -> None:
        """Mark what runs as good."""
        await self._rauc("status", "mark-good", "booted")

    async def reject(self, slot: str) -> None:
        """Mark the slot as bad; the other becomes the primary one."""
        await self._mark("bad", slot)

    async def restart(self) -> None:
        """Run the station file's command."""
        code, said = await _run(self._restart_command, _ASK_S)
        if code:
            raise SlotError(f"{' '.join(self._restart_command)}: {said.strip()[:200] or code}")

    async def _mark(self, how: str, slot: str) -> None:
        status = await self._status()
        which = "booted" if slot == status["booted"] else "other"
        await self._rauc("status", f"mark-{how}", which)
        if how == "bad":
            await self._rauc("status", "mark-active", "other" if which == "booted" else "booted")

    async def _status(self) -> dict[str, Any]:
        said = await self._rauc("status", "--output-format=json")
        try:
            status = msgspec.json.decode(said, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise SlotError(f"rauc status makes no sense: {error}") from error
        if not {"booted", "boot_primary", "slots"} <= status.keys():
            raise SlotError("rauc status does not say what runs; is RAUC's bootloader set up?")
        return status

    async def _rauc(self, *arguments: str) -> str:
        code, said = await _run((*self._command, *arguments), _ASK_S)
        if code:
            raise SlotError(f"rauc {' '.join(arguments)}: {said.strip()[-200:] or code}")
        return said


def _boot_name(status: dict[str, Any], slot: str) -> str:
    """Return the boot name of a slot such as rootfs.0."""
    for named in status["slots"]:
        if slot in named and named[slot].get("bootname"):
            return str(named[slot]["bootname"])
    raise SlotError(f"rauc knows no boot name of {slot}")


def _other(status: dict[str, Any]) -> str:
    names = {
        str(facts["bootname"])
        for named in status["slots"]
        for facts in named.values()
        if facts.get("bootname")
    }
    others = names - {str(status["booted"])}
    if len(others) != 1:
        raise SlotError(f"expected two bootable slots, RAUC has {', '.join(sorted(names)) or 'none'}")
    return others.pop()


async def _run(command: Sequence[str], timeout_s: float) -> tuple[int, str]:
    """Run a command and return its exit code and what it said.

    Raises:
        SlotError: If it cannot be started or does not end.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise SlotError(f"{command[0]} cannot be started: {error.strerror}") from error
    try:
        async with asyncio.timeout(timeout_s):
            out, err = await process.communicate()
    except TimeoutError as error:
        raise SlotError(f"{' '.join(command)} did not end within {timeout_s:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = out.decode("utf-8", "replace")
    return process.returncode or 0, text if process.returncode == 0 else text + err.decode("utf-8", "replace")
