from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from drivers.emulated.truth_log import NoLog, TruthLog


def test_events_are_lines_that_json_reads(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    for clock_s in (iter([1.5]), iter([2.5])):
        with TruthLog(path, clock_s.__next__) as log:
            log.write("write", device="meter", changes={"limit": Decimal("13.5")}, bits=frozenset("ba"))
    first, second_line = map(json.loads, path.read_text().splitlines())
    assert datetime.fromisoformat(first.pop("at")).utcoffset() is not None
    assert first == {
        "s": 1.5,
        "what": "write",
        "device": "meter",
        "changes": {"limit": "13.5"},
        "bits": ["a", "b"],
    }
    assert second_line["s"] == 2.5


def test_after_the_end_nothing_is_written(tmp_path: Path) -> None:
    log = TruthLog(tmp_path / "truth.jsonl", lambda: 0.0)
    with log:
        pass
    log.write("tick")
    NoLog().write("tick")
    assert (tmp_path / "truth.jsonl").read_text() == ""
