"""MaxEnergyOnInvalidId, pure and on an EVSE (E05.FR.03)."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.station.events import Held, Withdrawn
from agent.station.evse import EvseState
from agent.station.tolerance import tolerance, tolerance_end
from tests.unit.agent.hardware import START, MemorySettings
from tests.unit.agent.station.test_station import ANNA, forecourt

WH = 1000


def settings(most_wh: int, *, stops: bool = True) -> MemorySettings:
    return MemorySettings(
        TxCtrlr__MaxEnergyOnInvalidId=str(most_wh), TxCtrlr__StopTxOnInvalidId=str(stops).lower()
    )


def test_so_much_more_energy_from_now_on() -> None:
    assert tolerance(EvseState(), 5000, settings(20), START) == Held(at=START, to_mwh=5000 + 20 * WH)


@pytest.mark.parametrize(
    ("state", "counted_mwh", "most_wh"),
    [(EvseState(), 5000, 0), (EvseState(), None, 20), (EvseState(is_held=True), 5000, 20)],
)
def test_there_is_none(state: EvseState, counted_mwh: int | None, most_wh: int) -> None:
    """Not set, not to be measured, or over already."""
    assert tolerance(state, counted_mwh, settings(most_wh), START) is None


def test_it_is_granted_once() -> None:
    granted = EvseState(tolerated_to_mwh=6000)
    assert tolerance(granted, 5900, settings(20), START) == Held(at=START, to_mwh=6000)


@pytest.mark.parametrize("counted_mwh", [5999, None])
def test_it_lasts_until_the_count_is_reached(counted_mwh: int | None) -> None:
    assert tolerance_end(EvseState(tolerated_to_mwh=6000), counted_mwh, settings(1), START) is None
    assert tolerance_end(EvseState(), 10**9, settings(1), START) is None


def test_then_the_transaction_stops_or_gets_no_more_energy() -> None:
    """StopTxOnInvalidId."""
    spent = EvseState(tolerated_to_mwh=6000)
    stopped = Withdrawn(at=START, trigger="Deauthorized", reason="DeAuthorized")
    assert tolerance_end(spent, 6000, settings(1), START) == stopped
    assert tolerance_end(spent, 6000, settings(1, stops=False), START) == Held(at=START)


@pytest.mark.parametrize("stops", ["true", "false"])
async def test_an_evse_goes_on_for_so_long(tmp_path: Path, stops: str) -> None:
    """E05.FR.03; the second refusal extends nothing."""
    async with forecourt(
        tmp_path, TxCtrlr__MaxEnergyOnInvalidId="20", TxCtrlr__StopTxOnInvalidId=stops
    ) as place:
        bench = place.benches[1]
        await place.plug(1)
        await place.accepted(ANNA)
        await bench.until_charging()
        transaction = place.state(1).transaction
        assert transaction is not None
        await place.station.deauthorize(transaction.id, ANNA, "Invalid")
        bench.meter.energy_mwh += 19 * WH
        await bench.wait(0.1)
        await place.station.deauthorize(transaction.id, ANNA, "Invalid")
        assert (await bench.stored()).tolerated_to_mwh is not None, "a restart would forget it"
        assert bench.controller.is_on
        bench.meter.energy_mwh += 1 * WH
        await bench.until(lambda: not bench.controller.is_on)
        await bench.until(lambda: place.state(1).charging_state != "Charging")
        if stops == "true":
            await bench.until(lambda: place.state(1).transaction is None)
            last = (await place.events())[-1]
            assert (last.kind, last.trigger, last.stopped_reason) == ("Ended", "Deauthorized", "DeAuthorized")
        else:
            assert place.state(1).charging_state == "SuspendedEVSE"
            assert place.state(1).transaction is not None
