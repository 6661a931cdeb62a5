"""What hands do, on emulated hardware: park, plug, unplug and faults, over the control socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import msgspec

from agent.emulation.section import EmulatorSection
from agent.system.control import Command, ControlError

PATIENCE_S: Final = 10.0
REAL: Final = "this station's hardware is real: {} (the station file has no [emulator])"
BY_HAND: Final = {
    "arrive": "park a vehicle in the bay",
    "depart": "drive it away",
    "plug": "put the plug into the vehicle by hand",
    "unplug": "pull the plug by hand",
    "fault": "faults are set on emulated hardware only",
}


def emulator_commands(emulator: EmulatorSection | None) -> dict[str, Command]:
    """Return the commands that need emulated hardware; without an emulator they refuse."""
    if emulator is None:
        return {name: partial(_refuse, REAL.format(remedy)) for name, remedy in BY_HAND.items()}
    return {
        **{verb: partial(_vehicle, emulator, verb) for verb in ("arrive", "depart", "plug", "unplug")},
        "fault": partial(_fault, emulator),
    }


async def _refuse(why: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    raise ControlError(why)


async def _vehicle(emulator: EmulatorSection, verb: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    return await _tell(emulator, f"{verb} {_bay(emulator, request.get('evse'))}".strip())


async def _fault(emulator: EmulatorSection, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Set a fault, clear one or all, or list them: words as the emulator takes them."""
    words = request.get("words", [])
    if not isinstance(words, list) or not all(map(_is_word, words)):
        raise ControlError('words are a list, such as ["meter", "silence", "for", "5"]')
    match words:
        case []:
            return await _tell(emulator, "faults")
        case ["clear", *which]:
            return await _tell(emulator, " ".join(["clear", *which]))
        case _:
            return await _tell(emulator, " ".join(["fault", *words]))


def _is_word(word: object) -> bool:
    return isinstance(word, str) and word.split() == [word]


def _bay(emulator: EmulatorSection, evse_id: object) -> str:
    if evse_id is None:
        return emulator.bays[0] if len(emulator.bays) == 1 else ""
    if not isinstance(evse_id, int) or not 1 <= evse_id <= max(1, len(emulator.bays)):
        raise ControlError(f"there is no bay of EVSE {evse_id}; name the bays in emulator.bays, EVSE 1 first")
    return emulator.bays[evse_id - 1] if emulator.bays else ""


async def _tell(emulator: EmulatorSection, line: str) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_unix_connection(emulator.socket)
            try:
                writer.write(line.encode() + b"\n")
                answer = msgspec.json.decode(await reader.readline(), type=dict[str, str])
            finally:
                writer.close()
    except (OSError, TimeoutError, msgspec.DecodeError) as error:
        raise ControlError(
            f"the emulator at {emulator.socket} does not answer; "
            f"does it run, as chargehand-emulate --control {emulator.socket}?"
        ) from error
    if "error" in answer:
        raise ControlError(answer["error"])
    return answer
