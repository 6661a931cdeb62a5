"""Hardware and agent that fall silent, forget or change, with the real agent as a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.emulated.bay import CONTROLLER, METER, EmulatedBay
from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.injection import Where
from drivers.emulated.faults.requests import Silence
from drivers.emulated.faults.state import Brownout, CounterReset, DeviceSwap
from tests.stack.lone_station import CARD, LoneStation, lone_station

FAST_LINE = 57600
STEP_WH = {"eastron-sdm630": 1, "carlo-gavazzi-em24-e1": 100}
"""How far a register may be from the truth."""


def rises(station: LoneStation) -> bool:
    """Tell whether no count in any message is below an earlier one."""
    counts = [count for _, count in station.counts_wh()]
    return counts == sorted(counts)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "profile",
    [
        pytest.param("mennekes-amtron-compact", id="heartbeat"),
        pytest.param("heidelberg-energy-control", id="read"),
    ],
)
async def test_an_agent_that_hangs_or_dies_leaves_no_power_behind(tmp_path: Path, profile: str) -> None:
    """The controller's own watchdog ends it; the session goes on when the agent does."""
    bay = EmulatedBay(controller_profile=profile, baud=FAST_LINE)
    async with lone_station(tmp_path, bay) as station:
        transaction = await station.charge()
        station.agent.suspend()
        await station.until(lambda: not bay.contactor_closed, "SIGSTOP: power is off")
        station.agent.resume()
        await station.until(lambda: bay.contactor_closed, "SIGCONT: power is back")
        await station.until_evse(charging_state="Charging", transaction=transaction)
        await station.agent.kill()
        await station.until(lambda: not bay.contactor_closed, "SIGKILL: power is off")
        await station.agent.start()
        await station.until_evse(charging_state="Charging", transaction=transaction)
        await station.until(lambda: bay.contactor_closed, "started again: power is back")
        await station.agent.tap(CARD)
        await station.until_evse(transaction=None)
        assert station.counts_wh()[-1][1] == bay.energy_register_mwh // 1000
        assert rises(station)
        assert {event.transaction_id for event in station.events()} == {transaction}


@pytest.mark.timeout(180)
async def test_a_controller_that_lost_its_supply_is_prepared_and_told_again(tmp_path: Path) -> None:
    bay = EmulatedBay(controller_profile="heidelberg-energy-control", baud=FAST_LINE)
    async with lone_station(tmp_path, bay) as station:
        transaction = await station.charge()
        bay.rig.inject(Brownout(seconds=5), Where(devices=frozenset({CONTROLLER})))
        await station.until_evse(status="Faulted", fault="the charge controller does not answer")
        assert not bay.contactor_closed
        await station.until(lambda: bay.contactor_closed, "it is told again")
        await station.until_evse(status="Occupied", charging_state="Charging", transaction=transaction)
        assert 15_500 < bay.truth().offered_ma <= 16_000
        await station.agent.tap(CARD)
        await station.until_evse(transaction=None)
        assert not bay.contactor_closed
        assert rises(station)


@pytest.mark.timeout(180)
async def test_a_brownout_too_short_to_be_noticed_is_found_all_the_same(tmp_path: Path) -> None:
    """The controller never misses an answer, but has forgotten what it was told."""
    bay = EmulatedBay(baud=FAST_LINE)
    async with lone_station(tmp_path, bay) as station:
        transaction = await station.charge()
        bay.rig.devices[CONTROLLER].start_again()
        await station.until(lambda: not bay.contactor_closed, "it has forgotten")
        await station.until(lambda: bay.contactor_closed, "it is told again")
        await station.until_evse(charging_state="Charging", transaction=transaction)


@pytest.mark.timeout(180)
async def test_a_dead_meter_ends_the_power_but_not_the_transaction(tmp_path: Path) -> None:
    """It falls silent in the middle of a poll, and in no message does an old count carry a new time."""
    bay = EmulatedBay(baud=FAST_LINE)
    async with lone_station(tmp_path, bay) as station:
        transaction = await station.charge()
        half = bay.rig.inject(
            Silence(), Where(devices=frozenset({METER}), points=frozenset({"energy_import"}))
        )
        await station.until_evse(fault="the energy meter does not answer", status="Faulted")
        await station.until(lambda: not bay.contactor_closed, "nobody counts")
        told = station.counts_wh()
        await bay.rig.clear(half.id)
        await station.until_evse(charging_state="Charging", transaction=transaction, status="Occupied")
        await station.agent.tap(CARD)
        await station.until_evse(transaction=None)
        counts = station.counts_wh()
        assert counts[-1][1] == bay.energy_register_mwh // 1000, "what flowed in between is counted"
        assert rises(station)
        for at, count in counts:
            assert (at, count) in told or at > told[-1][0]
            assert count > told[-1][1] or at <= told[-1][0], "an old count under a new time"


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("meter", "fault", "message"),
    [
        pytest.param("eastron-sdm630", CounterReset(), "the count was set back", id="reset"),
        pytest.param("eastron-sdm630", DeviceSwap(), "the count was set", id="swap"),
        pytest.param("carlo-gavazzi-em24-e1", DeviceSwap(), "the meter was replaced", id="serial"),
    ],
)
async def test_another_register_ends_the_transaction_with_the_last_count_before(
    tmp_path: Path, meter: str, fault: Fault, message: str
) -> None:
    bay = EmulatedBay(meter_profile=meter, baud=FAST_LINE)
    async with lone_station(tmp_path, bay) as station:
        await station.charge()
        told_wh = station.counts_wh()[-1][1]
        bay.silence_meter(True)
        await station.agent.wait_for_line("meter of EVSE 1: no reading")
        bay.rig.inject(fault, Where(devices=frozenset({METER})))
        await bay.rig.tick()
        bay.silence_meter(False)
        await station.agent.wait_for_line(message)
        await station.until_evse(transaction=None, phase="cable-only")
        assert not bay.contactor_closed
        ended = station.events()[-1]
        counts = station.counts_wh()
        assert (ended.kind, ended.trigger, ended.stopped_reason) == ("Ended", "AbnormalCondition", "Other")
        assert rises(station)
        assert counts[-1][1] <= bay.energy_mwh // 1000 + STEP_WH[meter], "what flowed before, and no more"
        assert counts[-1][1] >= told_wh
        told = (await station.agent.ask(do="metrics"))["text"].splitlines()
        assert len([line for line in told if "breaks_total{" in line and line.endswith(" 1")]) == 1
        await station.agent.tap(CARD)
        await station.until_evse(charging_state="Charging", status="Occupied")
        assert station.events()[-2].kind == "Started"
