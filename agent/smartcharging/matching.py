"""Which of the installed charging profiles somebody means (K09, K10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from agent.smartcharging.external import PURPOSES
from agent.smartcharging.profiles import LimitSource, Profile, Purpose

MOST_PERIODS: Final = 500
"""How many periods a report holds before another one begins: some 40 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a profile must be; None is everything. `evse_id` 0 is what is meant for the whole station."""

    ids: frozenset[int] | None = None
    evse_id: int | None = None
    purpose: Purpose | None = None
    stack_level: int | None = None
    sources: frozenset[LimitSource] | None = None

    def __contains__(self, profile: Profile) -> bool:
        return (
            (self.ids is None or profile.id in self.ids)
            and (self.evse_id is None or profile.evse_id == self.evse_id)
            and (self.purpose is None or profile.purpose == self.purpose)
            and (self.stack_level is None or profile.stack_level == self.stack_level)
            and (self.sources is None or profile.source in self.sources)
        )


def clearable(profiles: Iterable[Profile], criteria: Criteria) -> list[Profile]:
    """Return what the backend may clear of what it means: not what others set from outside."""
    return [profile for profile in profiles if profile in criteria and profile.purpose not in PURPOSES]


def by_place_and_source(profiles: Collection[Profile]) -> list[list[Profile]]:
    """Return the profiles in groups of one EVSE and one source each, as reports are made (K09.FR.02).

    A group that would be too large for a message is several.
    """
    groups: list[list[Profile]] = []
    last: tuple[int, LimitSource] | None = None
    room = 0
    for profile in sorted(profiles, key=lambda one: (one.evse_id, one.source, one.id)):
        size = sum(len(schedule.periods) for schedule in profile.schedules)
        if last != (profile.evse_id, profile.source) or size > room:
            groups.append([])
            last, room = (profile.evse_id, profile.source), MOST_PERIODS
        groups[-1].append(profile)
        room -= size
    return groups
