from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.emulation.by_hand import emulator_commands
from agent.emulation.section import EmulatorSection
from agent.system.control import ControlError
from drivers.emulated.control import controlled
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import BaySpec, DeviceSpec, RigSpec, TcpSpec
from drivers.readings import Pilot


def rig(*bays: str) -> Rig:
    controllers = {f"of-{bay}": DeviceSpec(profile="phoenix-em-cp-pp-eth", line=bay, bay=bay) for bay in bays}
    return Rig(
        RigSpec(
            lines={bay: TcpSpec() for bay in bays}, devices=controllers, bays=dict.fromkeys(bays, BaySpec())
        )
    )


def pilots(of: Rig) -> list[Pilot]:
    return [bay.state.pilot for bay in of.bays.values()]


@pytest.mark.parametrize("verb", ["arrive", "depart", "plug", "unplug", "fault"])
async def test_real_hardware_is_left_to_hands(verb: str) -> None:
    with pytest.raises(ControlError, match="this station's hardware is real"):
        await emulator_commands(None)[verb]({})


async def test_the_vehicle_is_plugged_in_and_out(tmp_path: Path) -> None:
    socket = tmp_path / "rig"
    do = emulator_commands(EmulatorSection(socket=str(socket)))
    async with rig("bay") as one, controlled(one, socket):
        assert (await do["plug"]({"evse": 1}))["told"].startswith("pilot B")
        assert pilots(one) == [Pilot.B]
        assert (await do["unplug"]({}))["told"].startswith("pilot A")
        assert pilots(one) == [Pilot.A]


async def test_the_vehicle_parks_and_drives_off(tmp_path: Path) -> None:
    socket = tmp_path / "rig"
    do = emulator_commands(EmulatorSection(socket=str(socket)))
    async with rig("bay") as one, controlled(one, socket):
        assert (await do["arrive"]({}))["told"].endswith("bay taken")
        assert pilots(one) == [Pilot.A]
        await do["plug"]({})
        assert (await do["depart"]({}))["told"].endswith("bay free")
        assert pilots(one) == [Pilot.A]


async def test_each_evse_has_its_bay(tmp_path: Path) -> None:
    socket = tmp_path / "rig"
    named = emulator_commands(EmulatorSection(socket=str(socket), bays=("left", "right")))
    unnamed = emulator_commands(EmulatorSection(socket=str(socket)))
    async with rig("left", "right") as two, controlled(two, socket):
        await named["plug"]({"evse": 2})
        assert pilots(two) == [Pilot.A, Pilot.B]
        with pytest.raises(ControlError, match=r"name the bays in emulator\.bays"):
            await named["plug"]({"evse": 3})
        for do in (named, unnamed):
            with pytest.raises(ControlError, match="which bay"):
                await do["plug"]({})


async def test_faults_are_listed_set_and_cleared(tmp_path: Path) -> None:
    socket = tmp_path / "rig"
    fault = emulator_commands(EmulatorSection(socket=str(socket)))["fault"]
    async with rig("bay") as one, controlled(one, socket):
        assert "none is set" in (await fault({}))["told"]
        assert (await fault({"words": ["of-bay", "silence", "for", "5"]}))["told"].startswith("f1: ")
        assert [armed.id for armed in one.faults] == ["f1"]
        assert (await fault({"words": ["clear"]}))["told"] == "cleared: f1"
        assert list(one.faults) == []
        with pytest.raises(ControlError, match="'nobody'"):
            await fault({"words": ["nobody", "silence"]})


@pytest.mark.parametrize("words", ["silence", ["silence all"], ["silence\nquit"], [1]])
async def test_words_are_words(tmp_path: Path, words: Any) -> None:
    fault = emulator_commands(EmulatorSection(socket=str(tmp_path / "rig")))["fault"]
    with pytest.raises(ControlError, match="words are a list"):
        await fault({"words": words})


async def test_an_emulator_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "rig").touch()
    for path in (tmp_path / "rig", tmp_path / "none"):
        plug = emulator_commands(EmulatorSection(socket=str(path)))["plug"]
        with pytest.raises(ControlError, match="does it run, as chargehand-emulate --control"):
            await plug({})
