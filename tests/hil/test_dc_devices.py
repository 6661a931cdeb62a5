"""DC chargers, supplies and isolation monitors, emulated: commands happen, readings are true."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from fractions import Fraction

import pytest

from drivers.devices import modbus_isolation_monitor
from drivers.devices.modbus_isolation_monitor import SelfTestFailed
from drivers.devices.writing import WriteNotApplied
from drivers.emulated.faults.requests import WriteIgnored
from drivers.emulated.faults.state import EarthFault, MonitorBroken
from drivers.emulated.kinds.dc_charger import VEHICLE_W, DcCharger
from drivers.emulated.kinds.dc_supply import DcSupply
from drivers.emulated.kinds.isolation_monitor import EARTH_FAULT_OHM, IsolationMonitor
from drivers.readings import DcState, IsolationAlarm, Quality
from tests.hil.controlled import Bench, bench, hardware, shipped
from tests.real_time import until

CHARGERS = shipped("dc-charger")
COUNTS = {60062: (100, 1000), 60065: (1000, 10000), 60181: (100, 100)}
"""Model of the Riden supplies -> counts of its registers per volt and ampere (vendor's software)."""


def charger(on_bench: Bench) -> DcCharger:
    found = on_bench.device.behaviour
    assert isinstance(found, DcCharger)
    return found


def supply(on_bench: Bench) -> DcSupply:
    found = on_bench.device.behaviour
    assert isinstance(found, DcSupply)
    return found


def monitor(on_bench: Bench) -> IsolationMonitor:
    found = on_bench.device.behaviour
    assert isinstance(found, IsolationMonitor)
    return found


@pytest.mark.parametrize("name", CHARGERS)
@pytest.mark.parametrize("instance", [1, 3])
async def test_a_dc_charger_is_limited_and_suspended(name: str, instance: int) -> None:
    driver = hardware()
    async with bench(name, instance=instance) as on_bench:
        port = driver.dc_charger(on_bench.address)
        async with driver.running():
            assert (await port.read()).state is DcState.FREE
            on_bench.bay.plug_in()
            for limit_w in (50_000, 22_000):
                await port.limit_power(limit_w)
                assert charger(on_bench).power_w == limit_w
                reading = await port.read()
                assert (reading.state, reading.power_w) == (DcState.CHARGING, Decimal(limit_w))
                assert reading.voltage_v is not None
                assert abs(reading.voltage_v - charger(on_bench).voltage_v) < Decimal("0.01")
                assert reading.current_a is not None
                assert abs(reading.current_a * reading.voltage_v - limit_w) < 4
            await port.suspend()
            assert charger(on_bench).power_w == 0
            assert (await port.read()).state is not DcState.CHARGING


@pytest.mark.parametrize("name", CHARGERS)
async def test_a_dc_charger_is_left_at_its_safe_power(name: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        port = driver.dc_charger(on_bench.address)
        on_bench.bay.plug_in()
        assert charger(on_bench).power_w == VEHICLE_W
        async with driver.running():
            await port.limit_power(50_000)
        assert charger(on_bench).power_w == 0


@pytest.mark.parametrize("model", sorted(COUNTS))
async def test_a_supply_does_what_it_is_told_at_its_models_resolution(model: int) -> None:
    driver = hardware()
    per_volt, per_ampere = COUNTS[model]
    async with bench("riden-rd60xx", shows={"model_id": Decimal(model)}) as on_bench:
        port = driver.dc_supply(on_bench.address)
        async with driver.running():
            await port.set_output(Decimal("47.3456"), Decimal("2.34567"))
            await port.switch_on()
            emulated = supply(on_bench)
            assert Fraction(emulated.set_v) == Fraction(round(Fraction("47.3456") * per_volt), per_volt)
            assert Fraction(emulated.set_a) == Fraction(round(Fraction("2.34567") * per_ampere), per_ampere)
            for plugged in (False, True):
                if plugged:
                    on_bench.bay.plug_in()
                truth = emulated.output
                reading = await port.read()
                assert reading.quality is Quality.GOOD
                assert reading.is_on
                assert reading.fault is None
                assert reading.limits == truth.limits == ("current" if plugged else "voltage")
                assert Fraction(reading.voltage_v or 0) == Fraction(
                    round(Fraction(truth.voltage_v) * per_volt), per_volt
                )
                assert Fraction(reading.current_a or 0) == Fraction(
                    round(Fraction(truth.current_a) * per_ampere), per_ampere
                )
            await port.switch_off()
            assert not emulated.is_on
            off = await port.read()
            assert (off.voltage_v, off.current_a, off.is_on) == (Decimal(0), Decimal(0), False)


async def test_a_supply_says_what_it_can_deliver_and_refuses_more() -> None:
    driver = hardware()
    async with bench("riden-rd60xx") as on_bench:
        port = driver.dc_supply(on_bench.address)
        async with driver.running():
            limits = await port.read_limits()
            assert (limits.voltage_v, limits.current_a, limits.power_w) == (Decimal(60), Decimal(6), None)
            with pytest.raises(ValueError, match="set_voltage cannot be set to 61"):
                await port.set_output(Decimal(61), Decimal(1))


async def test_an_output_that_is_on_is_switched_off_by_who_leaves() -> None:
    driver = hardware()
    async with bench("riden-rd60xx") as on_bench:
        port = driver.dc_supply(on_bench.address)
        async with driver.running():
            await port.set_output(Decimal(40), Decimal(1))
            await port.switch_on()
            assert supply(on_bench).is_on
        assert not supply(on_bench).is_on


@pytest.mark.parametrize(("name", "role"), [("alpitronic-hyc", "dc_charger"), ("riden-rd60xx", "dc_supply")])
async def test_a_write_that_is_confirmed_but_not_applied_is_found(name: str, role: str) -> None:
    driver = hardware()
    async with bench(name) as on_bench:
        port = getattr(driver, role)(on_bench.address)
        async with driver.running():
            on_bench.rig.inject(WriteIgnored())
            with pytest.raises(WriteNotApplied):
                await (port.limit_power(9000) if role == "dc_charger" else port.switch_on())


@pytest.mark.parametrize(
    ("resistance_ohm", "alarm"),
    [
        (5_000_000, IsolationAlarm.NONE),
        (599_000, IsolationAlarm.WARNING),
        (119_000, IsolationAlarm.ALARM),
        (0, IsolationAlarm.ALARM),
    ],
)
async def test_insulation_is_measured_and_judged_by_the_profiles_thresholds(
    resistance_ohm: int, alarm: IsolationAlarm
) -> None:
    driver = hardware()
    async with bench("bender-isocha425hv") as on_bench:
        port = driver.isolation_monitor(on_bench.address)
        async with driver.running():
            monitor(on_bench).sound_ohm = Decimal(resistance_ohm)
            reading = await port.read_isolation()
            assert (reading.resistance_ohm, reading.alarm) == (Decimal(resistance_ohm), alarm)
            assert (reading.quality, reading.is_testing) == (Quality.GOOD, False)


async def test_an_earth_fault_is_an_alarm_as_long_as_it_lasts() -> None:
    driver = hardware()
    async with bench("bender-isocha425hv") as on_bench:
        port = driver.isolation_monitor(on_bench.address)
        async with driver.running():
            fault = on_bench.rig.inject(EarthFault())
            await on_bench.rig.tick()
            reading = await port.read_isolation()
            assert (reading.resistance_ohm, reading.alarm) == (EARTH_FAULT_OHM, IsolationAlarm.ALARM)
            await on_bench.rig.clear(fault.id)
            assert (await port.read_isolation()).alarm is IsolationAlarm.NONE


@pytest.mark.parametrize(("firmware", "written"), [(501, "cable_check"), (500, "test_period")])
async def test_a_monitor_is_set_up_as_its_firmware_needs(firmware: int, written: str) -> None:
    driver = hardware()
    async with bench("bender-isocha425hv", shows={"firmware": Decimal(firmware)}) as on_bench:
        port = driver.isolation_monitor(on_bench.address)
        async with driver.running():
            await port.read_isolation()
            image = on_bench.device.image
            assert image.shown(written) == ("fast" if firmware > 500 else "off")
            assert (image.shown("warning_resistance"), image.shown("alarm_resistance")) == (600_000, 120_000)
            assert image.shown("device_on") == "on"


async def test_a_self_test_is_waited_for_and_nothing_is_measured_meanwhile() -> None:
    driver = hardware()
    async with bench("bender-isocha425hv") as on_bench:
        port = driver.isolation_monitor(on_bench.address)
        async with driver.running():
            await port.read_isolation()
            testing = asyncio.create_task(port.self_test())
            await until(lambda: monitor(on_bench).testing == "external")
            during = await port.read_isolation()
            assert (during.is_testing, during.resistance_ohm, during.quality) == (True, None, Quality.INVALID)
            await testing
            assert monitor(on_bench).testing == "none"
            assert (await port.read_isolation()).quality is Quality.GOOD


async def test_a_monitor_that_finds_itself_faulty_says_so() -> None:
    driver = hardware()
    async with bench("bender-isocha425hv") as on_bench:
        port = driver.isolation_monitor(on_bench.address)
        on_bench.rig.inject(MonitorBroken())
        await on_bench.rig.tick()
        async with driver.running():
            with pytest.raises(SelfTestFailed, match="found itself faulty"):
                await port.self_test()
            reading = await port.read_isolation()
            assert (reading.alarm, reading.quality) == (IsolationAlarm.DEVICE_FAULT, Quality.INVALID)


async def test_a_self_test_that_does_not_begin_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modbus_isolation_monitor, "STARTS_WITHIN_S", 0.5)
    driver = hardware()
    async with bench("bender-isocha425hv") as on_bench:
        port = driver.isolation_monitor(on_bench.address)
        async with driver.running():
            await port.read_isolation()
            on_bench.rig.inject(WriteIgnored())
            with pytest.raises(SelfTestFailed, match="did not begin its self test"):
                await port.self_test()
