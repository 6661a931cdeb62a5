"""Whether a meter's values move while energy flows through it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from agent.metering.values import Key

_FLOWS_W: Final = Decimal(100)
_FLOWS_A: Final = Decimal(1)
_LONGEST_GAP_S: Final = 5.0
"""Between polls further apart than this nobody knows what flowed."""
_STANDS_S: Final = 60.0
_STANDS_MWH: Final = 250_000
_STANDS_STEPS: Final = 4
_UNKNOWN_STEP_MWH: Final = 1_000_000
TRY_AGAIN_S: Final = 600.0
"""A meter whose count stood still gets another chance: without power nobody can see whether it is cured."""
FROZEN_POLLS: Final = 30
FROZEN_S: Final = 30.0
_W_S_PER_MWH: Final = Decimal("3.6")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """What has flowed since the count last moved, and for how long nothing at all has moved."""

    count_mwh: int | None = None
    at_s: float = float("-inf")
    flowed_s: float = 0.0
    flowed_mwh: Decimal = Decimal(0)
    stands_since_s: float | None = None
    values: Mapping[Key, Decimal | None] = field(default_factory=dict)
    same_polls: int = 0
    same_since_s: float = 0.0

    @property
    def stands_still(self) -> bool:
        """Whether the count stands still while energy flows."""
        return self.stands_since_s is not None


def watch_count(
    state: FlowState, mwh: int, power_w: Decimal | None, at_s: float, step: int | None
) -> FlowState:
    """Return the state after a poll that showed this count and so much power."""
    gap_s = at_s - state.at_s
    state = replace(state, at_s=at_s)
    if mwh != state.count_mwh or _is_due_again(state, at_s):
        return replace(state, count_mwh=mwh, flowed_s=0.0, flowed_mwh=Decimal(0), stands_since_s=None)
    if power_w is None or power_w < _FLOWS_W or not 0 < gap_s <= _LONGEST_GAP_S:
        return state
    state = replace(
        state,
        flowed_s=state.flowed_s + gap_s,
        flowed_mwh=state.flowed_mwh + power_w * Decimal(gap_s) / _W_S_PER_MWH,
    )
    enough_mwh = max(_STANDS_MWH, _STANDS_STEPS * (step or _UNKNOWN_STEP_MWH))
    if state.stands_since_s is None and state.flowed_s >= _STANDS_S and state.flowed_mwh >= enough_mwh:
        return replace(state, stands_since_s=at_s)
    return state


def watch_values(state: FlowState, values: Mapping[Key, Decimal | None], at_s: float) -> FlowState:
    """Return the state after a poll with these values; what is polled less often counts when it comes."""
    merged = {**state.values, **values}
    if merged != state.values:
        return replace(state, values=merged, same_polls=0, same_since_s=at_s)
    return replace(state, same_polls=state.same_polls + 1)


def is_frozen(state: FlowState, at_s: float, current_a: Decimal) -> bool:
    """Tell whether the values have not moved for too long for a meter through which current flows."""
    is_long = state.same_polls >= FROZEN_POLLS and at_s - state.same_since_s >= FROZEN_S
    return is_long and current_a > _FLOWS_A


def _is_due_again(state: FlowState, at_s: float) -> bool:
    return state.stands_since_s is not None and at_s - state.stands_since_s >= TRY_AGAIN_S
