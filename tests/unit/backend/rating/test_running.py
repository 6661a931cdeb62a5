from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.rating.money import RoundingMode, RoundingPolicy, RoundingScope
from backend.rating.rate import Quantities, rate_quantities
from backend.rating.running import RunningCost
from backend.rating.tariff import load_tariff

STEPS = [0, 1, 60, 300]
components = st.fixed_dictionaries(
    {"price": st.integers(0, 1000).map(lambda cents: cents / 100), "step_size": st.sampled_from(STEPS)},
    optional={"vat": st.sampled_from([0, 7, 19.6, 20])},
)
dimensions = st.sampled_from(["FLAT", "ENERGY", "TIME", "PARKING_TIME"])
prices = st.dictionaries(dimensions, components, min_size=1).map(
    lambda each: [{"type": name, **component} for name, component in each.items()]
)
low, high = {"excl_vat": 2}, {"excl_vat": 9, "incl_vat": 10}
limits = st.fixed_dictionaries({}, optional={"min_price": st.just(low), "max_price": st.just(high)})
modes, scopes = st.sampled_from(list(RoundingMode)), st.sampled_from(list(RoundingScope))
policies = st.builds(RoundingPolicy, st.integers(0, 4), modes, scopes)


@given(
    prices,
    st.one_of(st.just({}), limits),
    policies,
    st.integers(0, 200_000),
    st.integers(0, 10**11),
    st.integers(0, 10**11),
)
def test_the_running_cost_is_always_what_rating_says(
    parts: list[dict[str, Any]],
    limit: dict[str, Any],
    policy: RoundingPolicy,
    energy_wh: int,
    charging_us: int,
    parking_us: int,
) -> None:
    document = {"id": "T", "currency": "EUR", "elements": [{"price_components": parts}], **limit}
    tariff = load_tariff(json.dumps(document))
    million = Decimal(10**6)
    quantities = Quantities(Decimal(energy_wh), charging_us / million, parking_us / million)
    expected = rate_quantities(tariff, quantities, policy).total.incl_vat
    assert RunningCost(tariff, policy).incl_vat(energy_wh, charging_us, parking_us) == expected
