"""OpenEVSE on RAPI: the drivers on an emulated controller, over a real pseudo terminal."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal

import pytest

from drivers.devices.openevse_controller import OrderForgotten
from drivers.emulated.ev import EvSpec
from drivers.open import DeviceAddress, Hardware
from drivers.ports import DeviceError
from drivers.readings import Pilot, Quality
from drivers.serial.errors import NoAnswer, Refused, SerialError
from tests.hil.openevse import Rig, Stored, rig
from tests.real_time import until


async def charging(one: Rig, limit_a: int = 16) -> None:
    """Bring it to where a vehicle charges."""
    one.bay.plug_in()
    await one.controller.offer(limit_a)
    await until(lambda: one.bay.scene.measured.currents_ma[0] > limit_a * 950)


# ordinary work


async def test_a_whole_charge() -> None:
    async with rig() as one:
        await one.controller.withdraw()
        assert (await one.controller.read_pilot()).pilot is Pilot.A
        one.bay.plug_in()
        assert (await one.controller.read_pilot()).pilot is Pilot.B
        await one.controller.offer(16)
        assert one.offered_a == 16
        await one.until_pilot(Pilot.C)
        await until(lambda: one.bay.scene.measured.currents_ma[0] > 15_000)
        await one.controller.offer(10)
        await until(lambda: one.bay.scene.measured.currents_ma[0] <= 10_000)
        await one.controller.withdraw()
        assert not one.bay.state.contactor_closed
        assert (await one.controller.read_pilot()).pilot is Pilot.B
        one.bay.unplug()
        await one.until_pilot(Pilot.A)


async def test_a_withdrawal_waits_for_a_vehicle_that_ends_its_current() -> None:
    async with rig(speed=1) as one:
        await charging(one, 6)
        assert one.bay.state.contactor_closed
        await one.controller.withdraw()
        assert not one.bay.state.contactor_closed


async def test_a_relay_that_does_not_open_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.devices.openevse_controller.RELAY_OPEN_WITHIN_S", 0.3)
    monkeypatch.setattr("drivers.emulated.openevse.SLEEPS_WITHIN_S", 60.0)
    async with rig() as one:
        await charging(one)
        one.board.sleep = one.board.wake  # type: ignore[method-assign]
        with pytest.raises(Refused, match="FS was refused: the relay is still closed"):
            await one.controller.withdraw()


async def test_the_pilot_is_seen_while_a_withdrawal_waits() -> None:
    async with rig() as one:
        await charging(one)
        one.bay._physics.ev = EvSpec(reaction_s=60)  # it takes no notice, and is cut off after 3 s
        withdrawal = asyncio.ensure_future(one.controller.withdraw())
        await until(lambda: one.offered_a == 0)
        async with asyncio.timeout(1):
            assert (await one.controller.read_pilot()).pilot is Pilot.C
        assert one.bay.state.contactor_closed
        await withdrawal
        assert not one.board.is_closed


@pytest.mark.parametrize(("asked_a", "granted_a"), [(32, 20), (20, 20), (6, 6)])
async def test_a_limit_that_the_controller_clips_is_kept_below(asked_a: int, granted_a: int) -> None:
    async with rig(stored=Stored(limit_a=20)) as one:
        one.bay.plug_in()
        await one.controller.offer(asked_a)
        assert one.offered_a == granted_a
        await one.until_pilot(Pilot.C)


@pytest.mark.parametrize("limit_a", [5, 81, 0, -1])
async def test_a_limit_that_no_pilot_codes(limit_a: int) -> None:
    async with rig() as one:
        with pytest.raises(ValueError, match="cannot be offered"):
            await one.controller.offer(limit_a)


async def test_a_controller_that_is_locked_when_it_starts_is_unlocked_for_an_offer_only() -> None:
    async with rig(is_locked_at_start=True) as one:
        one.bay.plug_in()
        await one.controller.withdraw()
        assert one.board.flags & 0x4008 == 0x4008
        await one.controller.offer(16)
        assert one.board.flags & 0x4008 == 0
        assert one.offered_a == 16


async def test_bolt_and_display() -> None:
    async with rig() as one:
        await one.controller.lock()
        assert one.board.is_bolted
        assert (await one.controller.read_lock()).is_locked is True
        await one.controller.unlock()
        assert (await one.controller.read_lock()).is_locked is False
        await one.controller.show(["Charging: 12.5 A and more", "Köln $5 ^ *"])
        assert one.board.display == ["Charging. 12.5 A", "K?ln S5 ' +     "]
        await one.controller.show(["Hello"])
        assert one.board.display == ["Hello           ", " " * 16]
        await one.controller.show([])


async def test_a_board_without_a_bolt() -> None:
    async with rig(has_bolt=False) as one:
        for ask in (one.controller.lock, one.controller.unlock, one.controller.read_lock):
            with pytest.raises(Refused):
                await ask()


# the energy


async def test_energy_counts_on_from_session_to_session_and_never_back() -> None:
    async with rig(speed=600, stored=Stored(total_wh=1_000_000)) as one:
        await one.controller.withdraw()
        last_mwh = (await one.meter.read()).energy_import_mwh
        assert last_mwh == 1_000_000_000
        for _ in range(3):
            one.bay.plug_in()
            await one.controller.offer(32)
            for _ in range(6):
                reading = await one.meter.read()
                assert reading.energy_import_mwh is not None
                assert reading.energy_import_mwh >= last_mwh
                last_mwh = reading.energy_import_mwh
            await one.controller.withdraw()
            one.bay.unplug()
            for _ in range(2):
                reading = await one.meter.read()
                assert reading.energy_import_mwh is not None
                assert reading.energy_import_mwh >= last_mwh
                last_mwh = reading.energy_import_mwh
        assert last_mwh == one.board.stored.total_wh * 1000 > 1_000_500_000
        off_by_wh = one.bay.state.passed_mwh / 1000 + 1_000_000 - one.board.stored.total_wh
        assert 0 <= off_by_wh < 3, "of each session less than a Wh is lost"


async def test_current_and_voltage_are_what_the_controller_measures() -> None:
    async with rig(speed=1) as one:
        await one.controller.withdraw()
        reading = await one.meter.read()
        voltage, current = reading.find("Voltage"), reading.find("Current.Import")
        assert voltage is not None
        assert current is not None
        assert voltage.value is not None
        assert abs(voltage.value - Decimal(230)) < 10
        assert current.value == 0
        assert {item.quality for item in reading.readings} == {Quality.GOOD}


# what restarts, wakes and forgets


async def test_a_controller_that_restarts_is_put_to_sleep_and_says_so() -> None:
    async with rig() as one:
        await charging(one, 10)
        one.board.restart()
        await until(lambda: one.offered_a != 10)
        with pytest.raises(OrderForgotten, match="has restarted"):
            await one.until_pilot(Pilot.F)
        assert one.offered_a == 0
        await one.controller.offer(10)
        assert one.offered_a == 10
        await one.until_pilot(Pilot.C)


async def test_a_restart_that_nobody_heard_of_does_not_charge_a_stranger() -> None:
    async with rig() as one:
        await one.controller.withdraw()
        one.bay.plug_in()
        one.port.is_silent = True
        one.board.restart()
        await until(lambda: one.offered_a == 32)
        one.port.is_silent = False
        one.board._notices = b""
        with pytest.raises(OrderForgotten, match="woken by itself"):
            await one.controller.read_pilot()
        assert one.offered_a == 0
        assert (await one.controller.read_pilot()).pilot is Pilot.B


async def test_a_press_of_the_button() -> None:
    async with rig() as one:
        await one.controller.withdraw()
        one.bay.plug_in()
        one.board.press_button()
        with pytest.raises(OrderForgotten, match="woken by itself"):
            await one.controller.read_pilot()
        await one.controller.offer(16)
        one.board.press_button()
        with pytest.raises(OrderForgotten, match="stopped offering by itself"):
            await one.controller.read_pilot()


async def test_a_limit_that_was_raised_at_the_device_is_taken_back() -> None:
    async with rig() as one:
        one.bay.plug_in()
        await one.controller.offer(10)
        one.board.set_limit(32)
        with pytest.raises(OrderForgotten, match="raised its limit"):
            await one.until_pilot(Pilot.F)
        assert one.board.limit_a == 10


async def test_a_raised_limit_is_found_without_a_notice_too() -> None:
    async with rig() as one:
        one.bay.plug_in()
        await one.controller.offer(10)
        await one.controller.read_pilot()
        one.port.wire = lambda data: b"" if data.startswith(b"$AT") else data
        one.board.set_limit(32)
        one.driver_clock.skip(11)
        with pytest.raises(OrderForgotten, match="raised its limit"):
            await one.until_pilot(Pilot.F)
        assert one.board.limit_a == 10


@pytest.mark.parametrize("code", [0x05, 0x06, 0x07, 0x08, 0x0A])
async def test_a_fault_is_pilot_e_and_ends_without_an_offer(code: int) -> None:
    async with rig() as one:
        await charging(one)
        one.board.fail(code)
        reading = await one.controller.read_pilot()
        assert reading.pilot is Pilot.E
        assert reading.fault
        await one.controller.withdraw()
        with pytest.raises(Refused, match=reading.fault):
            await one.controller.offer(16)
        await one.controller.withdraw()
        one.board.fail(None)
        with pytest.raises(OrderForgotten, match="woken by itself"):
            await one.controller.read_pilot()
        assert one.offered_a == 0
        await one.until_pilot(Pilot.B)


# heartbeats


async def test_heartbeats_are_supervised_and_sent() -> None:
    async with rig() as one:
        await charging(one, 16)
        assert (one.board.stored.heartbeat_s, one.board.stored.fallback_a) == (30, 6)
        for _ in range(8):
            for clock in (one.clock, one.driver_clock):
                clock.skip(11)
            await one.controller.read_pilot()
            await asyncio.sleep(0.06)
        assert one.offered_a == 16


async def test_without_heartbeats_the_current_falls_back_and_stays_so() -> None:
    async with rig() as one:
        await charging(one, 16)
        one.clock.skip(31)
        await until(lambda: one.offered_a == 6)
        one.driver_clock.skip(31)
        with pytest.raises(OrderForgotten, match="heartbeats were missed"):
            await one.until_pilot(Pilot.F)
        await one.controller.read_pilot()
        assert (one.board.missed, one.offered_a) == (0, 6), "armed anew, and nothing raised by that"
        await one.controller.offer(16)
        assert one.offered_a == 16


async def test_the_supervision_is_not_written_again_without_need() -> None:
    async with rig(stored=Stored(heartbeat_s=30, fallback_a=6)) as one:
        one.board.supervise = None  # type: ignore[method-assign, assignment]  # would fail if it were set
        await one.controller.withdraw()
        await one.controller.read_pilot()


async def test_a_firmware_that_supervises_nothing() -> None:
    async with rig(heartbeat=None) as one:
        await charging(one)
        one.driver_clock.skip(100)
        await one.controller.read_pilot()
        assert one.board.stored.heartbeat_s == 0


# bad lines


async def test_silence_and_coming_back() -> None:
    async with rig() as one:
        await charging(one)
        one.port.is_silent = True
        with pytest.raises(NoAnswer):
            await one.controller.read_pilot()
        one.port.is_silent = False
        assert (await one.controller.read_pilot()).pilot is Pilot.C


async def test_noise_never_makes_a_wrong_value() -> None:
    """Bits flip, characters are lost, doubled and invented: what is read at all is true."""
    rng = random.Random(532)

    def noisy(data: bytes) -> bytes:
        if rng.random() < 0.6:
            return data
        wrong = bytearray(data)
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(wrong)) if wrong else 0
            wrong[at : at + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
        return bytes(wrong)

    async with rig(stored=Stored(total_wh=11_223_344)) as one:
        await one.controller.withdraw()
        one.bay.plug_in()
        one.port.wire = noisy
        one.client._timeout_s = 0.05
        good = 0
        for _ in range(40):
            try:
                assert (await one.controller.read_pilot()).pilot is Pilot.B
                assert (await one.meter.read()).energy_import_mwh == 11_223_344_000
            except SerialError:
                continue
            good += 1
        assert good
        one.port.wire = bytes
        one.client._timeout_s = 1
        assert (await one.controller.read_pilot()).pilot is Pilot.B


async def test_a_port_that_goes_and_comes_back() -> None:
    async with rig() as one:
        await one.controller.withdraw()
        one.client.close()
        await one.port.close()
        with pytest.raises(DeviceError, match="cannot be opened"):
            await one.controller.read_pilot()


async def test_opened_by_its_address_it_is_left_safe_and_its_port_given_back() -> None:
    async with rig() as one:
        one.client.close()
        hardware = Hardware(clock=one.driver_clock.instant)
        address = DeviceAddress(profile="openevse-rapi", port=one.port.path)
        controller, meter = hardware.charge_controller(address), hardware.meter(address)
        async with hardware.running():
            one.bay.plug_in()
            await controller.offer(16)
            assert one.offered_a == 16
            assert (one.board.stored.heartbeat_s, one.board.stored.fallback_a) == (30, 6)
            assert (await meter.read()).energy_import_mwh is not None
        assert one.offered_a == 0
        await one.controller.read_pilot()  # by another client on the same port
