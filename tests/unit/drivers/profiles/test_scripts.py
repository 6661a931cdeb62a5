from __future__ import annotations

from decimal import Decimal

from drivers.profiles.scripts import ReadStep, Script, WaitStep, WriteStep
from drivers.profiles.writes import Setting, Variable

SNAPSHOT = Script(
    "snapshot",
    (
        WriteStep((Setting("time", Variable("now")), Setting("zone", Decimal(60)))),
        WriteStep((Setting("text", Variable("token")), Setting("again", Variable("now")))),
        WaitStep(point="state", value="ready", within_s=10, every_ms=200),
        ReadStep(("size", "file")),
    ),
)


def test_a_script_says_what_must_be_known_to_run_it() -> None:
    assert SNAPSHOT.variables == {"now", "token"}


def test_a_script_says_which_points_it_touches() -> None:
    assert SNAPSHOT.points == {"time", "zone", "text", "again", "state", "size", "file"}
