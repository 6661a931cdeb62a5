from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.transactions.limits import NO_LIMIT, LimitKind, Progress, TxLimit, reached

NOTHING = Progress(lasts=timedelta())
amounts = st.one_of(st.none(), st.integers(1, 1000).map(Decimal))
limits = st.builds(
    TxLimit,
    cost=amounts,
    energy_wh=amounts,
    time_s=st.one_of(st.none(), st.integers(1, 1000)),
    soc=st.one_of(st.none(), st.integers(1, 100)),
)
progresses = st.builds(
    Progress,
    lasts=st.integers(0, 1200).map(lambda s: timedelta(seconds=s)),
    energy_mwh=st.one_of(st.none(), st.integers(0, 1_200_000)),
    cost=amounts,
    soc=st.one_of(st.none(), st.integers(0, 100)),
)


@pytest.mark.parametrize(
    ("limit", "before", "at", "kind"),
    [
        (TxLimit(cost=Decimal(5)), {"cost": Decimal("4.99")}, {"cost": Decimal(5)}, "cost"),
        (TxLimit(energy_wh=Decimal(2)), {"energy_mwh": 1999}, {"energy_mwh": 2000}, "energy"),
        (TxLimit(soc=80), {"soc": 79}, {"soc": 80}, "soc"),
        (TxLimit(time_s=60), {"lasts": timedelta(seconds=59)}, {"lasts": timedelta(seconds=60)}, "time"),
    ],
)
def test_each_limit_is_reached_at_its_very_value(
    limit: TxLimit, before: dict[str, object], at: dict[str, object], kind: LimitKind
) -> None:
    known = {"lasts": timedelta()}
    assert reached(limit, Progress(**(known | before))) == ()  # type: ignore[arg-type]  # one of each kind
    assert reached(limit, Progress(**(known | at))) == (kind,)  # type: ignore[arg-type]  # one of each kind


def test_what_is_not_known_is_not_reached() -> None:
    assert reached(TxLimit(cost=Decimal(0), energy_wh=Decimal(0), soc=1), NOTHING) == ()
    assert reached(NO_LIMIT, Progress(lasts=timedelta(days=9), cost=Decimal(9), soc=100)) == ()


@given(limits, limits, progresses)
def test_of_two_limits_both_hold(one: TxLimit, other: TxLimit, progress: Progress) -> None:
    """E16.FR.04: whatever either reaches, both together reach, and nothing else."""
    together = set(reached(one.and_also(other), progress))
    assert together == set(reached(one, progress)) | set(reached(other, progress))


@given(limits, limits)
def test_a_limit_is_changed_and_never_taken_back(one: TxLimit, other: TxLimit) -> None:
    """E16.FR.17."""
    changed = one.changed_by(other)
    assert other.changed_by(other) == other
    assert changed.changed_by(NO_LIMIT) == changed
    for old, new, now in (
        (one.cost, other.cost, changed.cost),
        (one.energy_wh, other.energy_wh, changed.energy_wh),
        (one.time_s, other.time_s, changed.time_s),
        (one.soc, other.soc, changed.soc),
    ):
        assert now == (old if new is None else new)
