"""Whether the station can keep to the number of phases that a charging profile allows (K01). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent.smartcharging.problems import Problem
from agent.smartcharging.profiles import WHOLE_STATION, Profile


def problem_with_phases(profile: Profile, least: Mapping[int, int]) -> Problem | None:
    """Return why more phases could be used than a profile allows, or None (K01.FR.43).

    `least` is on how few phases each EVSE can put a vehicle: what is wired, where nothing switches. A profile
    of the whole station is for each of them. More phases than an EVSE has are fewer in use, which is fine
    (K01.FR.45).
    """
    most = max(least.values()) if profile.evse_id == WHOLE_STATION else least.get(profile.evse_id, 0)
    asked = [period.phases for schedule in profile.schedules for period in schedule.periods]
    fewest = min((phases for phases in asked if phases is not None), default=most)
    if fewest >= most:
        return None
    why = f"numberPhases {fewest}: {most} are wired, and nothing there switches them off"
    return Problem(reason="UnsupportedParam", why=why)
