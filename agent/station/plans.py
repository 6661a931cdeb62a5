"""The plans of the vehicles that the backend agreed to, each for as long as its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agent.smartcharging.profiles import Profile


class Plans:
    """At most one plan for each EVSE; gone with a restart, like the talk with the vehicle."""

    def __init__(self) -> None:
        self._plans: dict[int, Profile] = {}

    def keep(self, plan: Profile) -> None:
        """Put a plan in the place of the one before."""
        self._plans[plan.evse_id] = plan

    def drop(self, evse_id: int) -> None:
        """Forget the plan at an EVSE, if there is one."""
        self._plans.pop(evse_id, None)

    def of(self, evse_id: int) -> Profile | None:
        """Return what the vehicle at an EVSE is going to draw; None if it said nothing that holds."""
        return self._plans.get(evse_id)

    def follow(self, transactions: Mapping[int, str | None]) -> None:
        """Forget plans whose transaction is over; one made before its transaction is for the next."""
        for evse_id, plan in list(self._plans.items()):
            running = transactions.get(evse_id)
            if plan.transaction_id is None:
                self._plans[evse_id] = replace(plan, transaction_id=running)
            elif plan.transaction_id != running:
                del self._plans[evse_id]
