from __future__ import annotations

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.commands import CommandError, execute
from drivers.readings import Pilot


async def test_the_vehicle_obeys() -> None:
    async with EmulatedBay(speed=1000) as bay:
        assert "pilot B" in await execute(bay.rig, "plug")
        assert bay.pilot is Pilot.B
        assert "pilot B" in await execute(bay.rig, " pause ")
        assert is_paused(bay)
        await execute(bay.rig, "resume")
        assert not is_paused(bay)
        assert "pilot A" in await execute(bay.rig, "unplug")


def is_paused(bay: EmulatedBay) -> bool:
    return bay._bay.state.ev.paused


async def test_status_is_one_line_that_tells_everything() -> None:
    async with EmulatedBay() as bay:
        line = await execute(bay.rig, "status")
    assert line.startswith("pilot A  contactor open  offered 0.0 A  2")
    assert " V  0.00/0.00/0.00 A  0.000 kW  battery 33.3 %  bay free  meter 12345.678000 kWh" in line
    assert line.endswith("(register 12345.677734)")
    assert "\n" not in line


async def test_devices_fall_silent_and_answer_again() -> None:
    async with EmulatedBay() as bay:
        assert await execute(bay.rig, "silence meter") == "meter: silent"
        assert (bay._meter.silent, bay._controller.silent) == (True, False)
        assert await execute(bay.rig, "silence controller") == "controller: silent"
        assert await execute(bay.rig, "answer meter") == "meter: answers"
        assert (bay._meter.silent, bay._controller.silent) == (False, True)


async def test_waiting_takes_time_and_says_nothing() -> None:
    async with EmulatedBay() as bay:
        before_us = bay.truth().elapsed_us
        assert await execute(bay.rig, "wait 0.25") == ""
        assert bay.truth().elapsed_us > before_us


async def test_help_names_every_command_and_an_empty_line_is_nothing() -> None:
    async with EmulatedBay() as bay:
        text = await execute(bay.rig, "help")
        for command in ("plug", "unplug", "pause", "resume", "silence", "answer", "status", "wait", "quit"):
            assert command in text
        assert await execute(bay.rig, "  ") == ""


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("fly", "'fly' is not a command; 'help' lists them"),
        ("plug now", "'now' is no bay; there are bay"),
        ("plug bay now", "'plug bay now' is not a command"),
        ("silence", "'silence' is not a command"),
        ("silence cat", "'cat' is no device; there are meter, controller"),
        ("wait", "'wait' is not a command"),
        ("wait long", "wait takes a number from 0 to 1e[+]09, not 'long'"),
        ("wait -1", "wait takes a number from 0 to 1e[+]09, not '-1'"),
        ("wait nan", "wait takes a number from 0 to 1e[+]09, not 'nan'"),
        ("wait inf", "wait takes a number from 0 to 1e[+]09, not 'inf'"),
    ],
)
async def test_what_is_no_command_is_told(line: str, problem: str) -> None:
    async with EmulatedBay() as bay:
        with pytest.raises(CommandError, match=problem):
            await execute(bay.rig, line)
