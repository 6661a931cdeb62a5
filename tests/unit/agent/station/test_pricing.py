from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

from agent.station.evse import EvseState, Phase
from agent.station.pricing import EvsePricing
from agent.tariffs.tariff import Tariff
from agent.transactions.records import Authorization, Transaction
from drivers.readings import Pilot
from tests.unit.agent.station.bench import CARD, Bench, bench
from tests.unit.agent.tariffs.sessions import prices, tariff


class Default:
    """Has one tariff for everybody."""

    def in_force(self, _: int) -> Tariff:
        return tariff(energy=prices("0.25"))


def charging(place: Bench) -> EvseState:
    now = place.clock.now()
    return EvseState(
        phase=Phase.POWERED,
        pilot=Pilot.C,
        power_is_on=True,
        authorization=Authorization(token=CARD, granted_at=now),
        transaction=Transaction(id="X", next_seq_no=1, started_at=now, charging_state="Charging", token=CARD),
    )


async def told(place: Bench, pricing: EvsePricing, state: EvseState) -> str | None:
    """Return why the cost of a minute's charge could not be calculated, as the last event says it."""
    pricing.by(Default(), lambda: UTC)
    for minutes in (0, 1):
        pricing.follow(state, place.clock.now() + timedelta(minutes=minutes))
    cost = pricing.told("Ended", "EVCommunicationLost")
    assert cost is not None
    assert cost.payable == 0
    return cost.failure


async def test_energy_that_nobody_counted_has_no_price(tmp_path: Path) -> None:
    """I12.FR.14: charging without any count of the meter is not charging for nothing."""
    async with bench(tmp_path) as place:
        place.meter.is_silent = True
        async with place.running() as service:
            assert await told(place, service.pricing, charging(place)) == "the meter gave no count"


async def test_energy_that_was_counted_has_a_price(tmp_path: Path) -> None:
    async with bench(tmp_path) as place, place.running() as service:
        assert await told(place, service.pricing, charging(place)) is None
