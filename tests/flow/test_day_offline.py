"""A day without the backend in simulated time, the power gone thrice; then a backend that takes its time.

The agent is all there: store, station, metering, outbox, delivery, and its link over real sockets. Simulated
are the clock, which `tests.simulated.clock` sets forward whenever nothing is left to do, and the buses to
meters and charge controllers, which `tests.simulated.bay` leaves out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.conformance.versions import VERSIONS
from tests.simulated.backend import ANSWERS_AFTER_S
from tests.simulated.clock import BEGAN
from tests.simulated.day import BOOKS, CONTROL, SEED, prepare
from tests.simulated.plan import EVSES, QUARTER_S, cuts_s, plan
from tests.stack.forked import fork

LATE_S: Final = 10.0
"""How late something may be told to have happened: the clock is set forward in strides."""
LOG: Final = "day.log"
_NAMED: Final = re.compile(r"(?:EVSE (?P<evse>\d)|transaction (?P<transaction>[0-9a-f-]{36}))")
MS_S: Final = 0.001
Books = dict[str, Any]


async def live(directory: Path, *arguments: str) -> int:
    """Live through a part of the day, and return how it ended."""
    part = await fork("tests.simulated.__main__", [str(directory), *arguments], directory / LOG, os.environ)
    return await part.wait()


@pytest.mark.timeout(280)
async def test_a_day_offline(tmp_path: Path) -> None:
    """E04.FR.01, E04.FR.03, E12.FR.01, E12.FR.02: all of it, once, in order, on time, at the CSMS's pace."""
    day = tmp_path / "day"
    day.mkdir()
    prepare(day)
    for cut_s in cuts_s(plan(SEED)):
        assert await live(day, "cut", str(cut_s)) == -signal.SIGKILL, "see day.log"
    for version in VERSIONS:
        evening = tmp_path / version
        shutil.copytree(day, evening, ignore=shutil.ignore_patterns(CONTROL))
        assert await live(evening, "tell", version) == 0, "see day.log"
        check_log(evening / LOG)
        check(json.loads((evening / BOOKS).read_text("utf-8")), version)


def check(books: Books, version: str) -> None:
    """Hold what the CSMS knows against what really happened."""
    assert (books["problems"], books["failures"]) == ([], []), version
    told, visits = books["transactions"], books["visits"]
    assert len(told) == len(visits) > 30
    assert [one["began"] for one in told] == sorted(one["began"] for one in told), "in order"
    assert len(books["dark"]) == 3
    for evse in EVSES:
        here = [one for one in told if one["evse"] == evse]
        there = [visit for visit in visits if visit[0] == evse]
        for transaction, visit in zip(here, there, strict=True):
            check_transaction(transaction, visit, books["dark"])
    assert all(one["are_offline"] for one in told)
    assert books["hung_up"] >= 3
    assert books["most_outstanding"] == 1
    assert books["told_in_s"] >= (books["messages"] - 1) * ANSWERS_AFTER_S
    if version != "1.6":
        assert books["messages"] == books["waiting"]


def check_transaction(told: Books, visit: list[Any], dark: list[list[float]]) -> None:
    """Check times, energy and that no quarter of an hour is missing."""
    _, tapped_s, left_s, energy_wh = visit
    began_s, ended_s = since(told["began"]), since(told["ended"])
    left_s = max([left_s, *(until_s for from_s, until_s in dark if from_s <= left_s < until_s)])
    assert -MS_S <= began_s - tapped_s <= LATE_S, told
    assert -MS_S <= ended_s - left_s <= LATE_S, told
    assert told["end_wh"] - told["begin_wh"] == energy_wh > 1_000, told
    sampled = [since(at) for at in told["aligned"]]
    assert sampled == sorted(sampled), told
    for number in range(int(began_s // QUARTER_S) + 1, int(ended_s // QUARTER_S) + 1):
        at_s = number * QUARTER_S
        is_lit = not any(from_s - LATE_S <= at_s <= until_s + LATE_S for from_s, until_s in dark)
        if is_lit and began_s + LATE_S < at_s < ended_s - LATE_S:
            assert sum(abs(one - at_s) <= LATE_S for one in sampled) == 1, (at_s, told)


def check_log(log: Path) -> None:
    """Check that every line about an EVSE or a transaction can be found by it."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    for line in lines:
        for named in _NAMED.finditer(line["MESSAGE"]):
            for what, value in named.groupdict().items():
                assert value in (None, line.get(f"CHARGEHAND_{what.upper()}")), line
    assert {"1", "2"} < {line.get("CHARGEHAND_EVSE") for line in lines}


def since(stamp: str) -> float:
    """Return a time as seconds of the simulated clock."""
    return (datetime.fromisoformat(stamp) - BEGAN) / timedelta(seconds=1)
