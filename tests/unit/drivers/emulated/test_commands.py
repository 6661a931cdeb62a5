from __future__ import annotations

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.commands import CommandError, execute
from drivers.readings import Pilot


async def test_the_vehicle_obeys() -> None:
    async with EmulatedBay(speed=1000) as bay:
        assert "pilot B" in await execute(bay, "plug")
        assert bay.pilot is Pilot.B
        assert "pilot B" in await execute(bay, " pause ")
        assert is_paused(bay)
        await execute(bay, "resume")
        assert not is_paused(bay)
        assert "pilot A" in await execute(bay, "unplug")


def is_paused(bay: EmulatedBay) -> bool:
    return bay._state.ev.paused


async def test_status_is_one_line_that_tells_everything() -> None:
    async with EmulatedBay() as bay:
        line = await execute(bay, "status")
    assert line.startswith("pilot A  contactor open  offered 0.0 A  2")
    assert " V  0.00/0.00/0.00 A  0.000 kW  12345.678000 kWh (register 12345.677734)" in line
    assert "\n" not in line


async def test_devices_fall_silent_and_answer_again() -> None:
    async with EmulatedBay() as bay:
        assert await execute(bay, "silence meter") == "meter: silent"
        assert (bay._meter.silent, bay._controller.silent) == (True, False)
        assert await execute(bay, "silence controller") == "controller: silent"
        assert await execute(bay, "answer meter") == "meter: answers"
        assert (bay._meter.silent, bay._controller.silent) == (False, True)


async def test_waiting_takes_time_and_says_nothing() -> None:
    async with EmulatedBay() as bay:
        before_us = bay.truth().elapsed_us
        assert await execute(bay, "wait 0.25") == ""
        assert bay.truth().elapsed_us > before_us


async def test_help_names_every_command_and_an_empty_line_is_nothing() -> None:
    async with EmulatedBay() as bay:
        text = await execute(bay, "help")
        for command in ("plug", "unplug", "pause", "resume", "silence", "answer", "status", "wait", "quit"):
            assert command in text
        assert await execute(bay, "  ") == ""


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("fly", "'fly' is not a command; 'help' lists them"),
        ("plug now", "'plug now' is not a command"),
        ("silence", "'silence' is not a command"),
        ("silence cat", "'cat' is neither meter nor controller"),
        ("wait", "'wait' is not a command"),
        ("wait long", "wait takes seconds, not 'long'"),
        ("wait -1", "wait takes seconds, not '-1'"),
        ("wait nan", "wait takes seconds, not 'nan'"),
        ("wait inf", "wait takes seconds, not 'inf'"),
    ],
)
async def test_what_is_no_command_is_told(line: str, problem: str) -> None:
    async with EmulatedBay() as bay:
        with pytest.raises(CommandError, match=problem):
            await execute(bay, line)
