from __future__ import annotations

from agent.station.absence import Absence
from tests.unit.agent.hardware import HandClock
from tests.unit.agent.smartcharging.charging import profile

STAYS = profile((0, 16), id=1, max_offline_s=10)
ENDS = profile((0, 16), id=2, max_offline_s=10, ends_offline=True)
AT_ONCE = profile((0, 16), id=3, max_offline_s=0, ends_offline=True)
ALL = (STAYS, ENDS, AT_ONCE, profile((0, 16), id=4))


def test_what_ends_for_good_ends_once_and_however_short_the_absence_was() -> None:
    """invalidAfterOfflineDuration: also if nobody looked while the backend was away."""
    clock = HandClock()
    absence = Absence(clock)
    assert absence.take_ended(ALL) == set()
    absence.begin()
    absence.end(ALL)
    assert absence.take_ended(ALL) == {3}
    assert absence.take_ended(ALL) == set()
    absence.begin()
    clock.advance(9)
    absence.begin()  # still the same absence
    assert absence.take_ended(ALL) == {3}
    clock.advance(1)
    assert absence.take_ended(ALL) == {2, 3}
    absence.end([STAYS])
    assert absence.take_ended([STAYS]) == set()
    assert absence.since is None
