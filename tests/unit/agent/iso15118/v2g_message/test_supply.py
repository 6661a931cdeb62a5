"""What a vehicle on direct current gets, at the edges of everybody's limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from agent.iso15118.facts import DcLimits
from agent.iso15118.turns import Deliver
from agent.iso15118.v2g_message.session import VehicleLimits
from agent.iso15118.v2g_message.supply import demand, limited
from tests.unit.agent.iso15118.talking import AC_FACTS, DC_FACTS

EVSE = DcLimits(
    most_v=Decimal(500),
    least_v=Decimal(200),
    most_a=Decimal(100),
    least_a=Decimal(0),
    most_w=Decimal(40000),
    ripple_a=Decimal(1),
)
V, A, W = "voltage", "current", "power"


@pytest.mark.parametrize(
    ("wanted_v", "wanted_a", "given_v", "given_a", "at_limit"),
    [
        ("400", "99", "400", "99", []),
        ("400", "100", "400", "100", [A, W]),
        ("400", "100.01", "400", "100", [A, W]),
        ("499.9", "80", "499.9", "80", []),
        ("500", "50", "500", "50", [V]),
        ("501", "50", "500", "50", [V]),
        ("450", "95", "450", "88.88", [W]),
        ("200", "10", "200", "10", []),
        ("199.9", "10", "199.9", "0", []),
        ("0", "10", "0", "0", []),
    ],
)
def test_the_edges_of_an_evse(
    wanted_v: str, wanted_a: str, given_v: str, given_a: str, at_limit: list[str]
) -> None:
    given = demand(Decimal(wanted_v), Decimal(wanted_a), EVSE, None)
    assert (given.deliver.voltage_v, given.deliver.current_a) == (Decimal(given_v), Decimal(given_a))
    reached = {V: given.at_voltage_limit, A: given.at_current_limit, W: given.at_power_limit}
    assert [name for name, is_reached in reached.items() if is_reached] == at_limit


def test_a_vehicles_own_limits_are_none_of_the_evses() -> None:
    vehicle = VehicleLimits(most_v=Decimal(300), most_a=Decimal(20), most_w=Decimal(3000))
    given = demand(Decimal(600), Decimal(200), EVSE, vehicle)
    assert given.deliver == Deliver(Decimal(300), Decimal(10))
    assert (given.at_voltage_limit, given.at_current_limit, given.at_power_limit) == (False, False, False)


def test_while_an_evse_pauses_there_is_nothing() -> None:
    for facts in (AC_FACTS, DC_FACTS):
        assert limited(facts) is facts
        paused = limited(replace(facts, wish="pause"))
        assert paused.ac is None or paused.ac.most_a == 0
        assert paused.dc is None or paused.dc.most_a == paused.dc.most_w == 0
        assert (paused.ac is None, paused.dc is None) == (facts.ac is None, facts.dc is None)
