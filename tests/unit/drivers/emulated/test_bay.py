from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from drivers.emulated.bay import EmulatedBay
from drivers.emulated.charging_bay import Truth
from drivers.emulated.ev import EvSpec
from drivers.emulated.pty_port import LinkOccupied
from drivers.profiles.errors import ProfileError
from drivers.readings import Pilot
from tests.unit.drivers.emulated.raw_master import RawSerialMaster, with_crc

SPEEDY = 500.0
ENABLE = "00 01 00 00 00 06 b4 05 01 90 ff 00"
DISABLE = "00 01 00 00 00 06 b4 05 01 90 00 00"
LIMIT_16_A = "00 01 00 00 00 06 b4 06 01 2c 00 10"


async def write(bay: EmulatedBay, request: str) -> None:
    """Write to the controller and check that it confirms."""
    assert await ask(bay, request, 12) == request


async def ask(bay: EmulatedBay, request: str, reply_size: int) -> str:
    reader, writer = await asyncio.open_connection(bay.controller_host, bay.controller_port)
    try:
        writer.write(bytes.fromhex(request))
        return (await reader.readexactly(reply_size)).hex(" ")
    finally:
        writer.close()
        await writer.wait_closed()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; the test's timeout is the limit."""
    ticked = asyncio.Event()
    while not holds():
        asyncio.get_running_loop().call_later(0.01, ticked.set)
        await ticked.wait()
        ticked.clear()


async def test_a_session_counts_energy_only_while_the_contactor_is_closed() -> None:
    async with EmulatedBay(speed=SPEEDY) as bay:
        assert (bay.pilot, bay.contactor_closed, bay.energy_mwh) == (Pilot.A, False, 12_345_678_000)
        bay.plug_in()
        assert bay.pilot is Pilot.B
        await write(bay, LIMIT_16_A)
        await write(bay, ENABLE)
        await until(lambda: bay.pilot is Pilot.C and bay.power_w > 10_000)
        assert bay.contactor_closed
        assert all(15 < current_a <= 16 for current_a in bay.currents_a)
        await until(lambda: bay.energy_mwh > 12_345_678_000)
        await write(bay, DISABLE)
        assert (bay.contactor_closed, bay.power_w, bay.currents_a) == (False, 0.0, (0.0, 0.0, 0.0))
        energy_mwh = bay.energy_mwh
        await until(lambda: bay.pilot is Pilot.B)
        assert bay.energy_mwh == energy_mwh


async def test_unplugging_ends_the_current_at_once() -> None:
    async with EmulatedBay(speed=SPEEDY) as bay:
        bay.plug_in()
        await write(bay, ENABLE)
        await until(lambda: bay.power_w > 1000)
        bay.unplug()
        assert (bay.pilot, bay.power_w, bay.contactor_closed) == (Pilot.A, 0.0, False)


async def test_pause_and_resume() -> None:
    async with EmulatedBay(speed=SPEEDY) as bay:
        bay.plug_in()
        await write(bay, ENABLE)
        await until(lambda: bay.pilot is Pilot.C)
        bay.pause()
        await until(lambda: bay.pilot is Pilot.B)
        bay.resume()
        await until(lambda: bay.pilot is Pilot.C)


async def test_the_register_is_the_nearest_float_and_the_truth_stays_exact() -> None:
    async with EmulatedBay(meter_start_mwh=12_345_678_901) as bay:
        assert bay.energy_mwh == 12_345_678_901
        assert bay.energy_register_mwh == 12_345_678_711
        async with RawSerialMaster(bay.meter_port) as master:
            assert await master.ask("01 04 00 48 00 02", 7) == "01 04 04 46 40 e6 b7"


async def test_accepted_writes_are_recorded_and_refused_ones_are_not() -> None:
    async with EmulatedBay() as bay:
        await write(bay, LIMIT_16_A)
        await write(bay, ENABLE)
        assert await ask(bay, "00 01 00 00 00 06 b4 06 01 2c 00 51", 9) == "00 01 00 00 00 03 b4 86 03"
        assert [tuple(accepted)[1:] for accepted in bay.writes] == [
            ("holding", 300, (16,)),
            ("coil", 400, (1,)),
        ]
        assert bay.writes[0].monotonic_s <= bay.writes[1].monotonic_s


async def test_truth_is_told_at_every_tick_and_change() -> None:
    truths: list[Truth] = []
    async with EmulatedBay(on_truth=truths.append, speed=SPEEDY) as bay:
        bay.plug_in()
        assert [truth.pilot for truth in truths] == [Pilot.B]
        await write(bay, ENABLE)
        await until(lambda: bay.power_w > 1000 and len(truths) > 10)
    for earlier, later in pairwise(truths):
        assert later.monotonic_s >= earlier.monotonic_s
        assert later.elapsed_us >= earlier.elapsed_us
        assert later.energy_mwh >= earlier.energy_mwh
    assert truths[-1].offered_ma == 6000
    assert truths[-1].contactor_closed
    assert sum(truths[-1].powers_mw) > 1_000_000


async def test_devices_fall_silent_one_by_one() -> None:
    async with EmulatedBay(baud=115200) as bay, RawSerialMaster(bay.meter_port) as master:
        bay.silence_meter(True)
        master.send(with_crc(bytes.fromhex("01 04 00 48 00 02")))
        await master.silence(0.1)
        await write(bay, ENABLE)
        bay.silence_meter(False)
        bay.silence_controller(True)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(write(bay, DISABLE), 0.1)
        assert await master.ask("01 04 00 46 00 02", 7)
        bay.silence_controller(False)
        await write(bay, DISABLE)


async def test_two_bays_at_once_share_nothing() -> None:
    async with EmulatedBay() as one, EmulatedBay() as other:
        assert one.meter_port != other.meter_port
        assert one.controller_port != other.controller_port
        one.plug_in()
        assert other.pilot is Pilot.A


async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    link, files, tasks = tmp_path / "meter", open_files(), asyncio.all_tasks()
    for _ in range(2):
        async with EmulatedBay(meter_link=link) as bay:
            assert bay.meter_port == str(link)
            assert len(asyncio.all_tasks()) > len(tasks)
    assert (open_files(), asyncio.all_tasks()) == (files, tasks)
    assert not link.is_symlink()


async def test_a_bay_that_cannot_open_leaves_nothing_behind(tmp_path: Path) -> None:
    async with EmulatedBay() as bay:
        files, tasks = open_files(), asyncio.all_tasks()
        with pytest.raises(OSError, match="address already in use"):
            await EmulatedBay(tcp_port=bay.controller_port, meter_link=tmp_path / "meter").__aenter__()
        with pytest.raises(LinkOccupied):
            await EmulatedBay(meter_link=tmp_path).__aenter__()
        assert (open_files(), asyncio.all_tasks()) == (files, tasks)
    assert is_empty(tmp_path)


def open_files() -> set[str]:
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208  names, not paths


def is_empty(directory: Path) -> bool:
    return not any(directory.iterdir())


def test_profiles_must_be_of_the_right_kind() -> None:
    with pytest.raises(ProfileError, match="kind: a meter is needed, this is a charge-controller"):
        EmulatedBay(meter_profile="phoenix-em-cp-pp-eth")
    with pytest.raises(ProfileError, match="kind: a charge-controller is needed, this is a meter"):
        EmulatedBay(controller_profile="eastron-sdm630")


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_impossible_speeds_are_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        EmulatedBay(speed=speed)


def test_an_impossible_turn_around_is_refused() -> None:
    with pytest.raises(ValueError, match="turn-around -1"):
        EmulatedBay(turn_around_s=-1)


async def test_a_vehicle_of_ones_own() -> None:
    async with EmulatedBay(ev=EvSpec(phases=1, onboard_limit_a=10), speed=SPEEDY) as bay:
        bay.plug_in()
        await write(bay, LIMIT_16_A)
        await write(bay, ENABLE)
        await until(lambda: bay.currents_a[0] > 9.8)
        assert bay.currents_a[0] <= 10
        assert bay.currents_a[1:] == (0.0, 0.0)
