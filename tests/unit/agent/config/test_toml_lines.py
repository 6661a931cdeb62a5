from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.config.toml_lines import line_of

TEXT = """\
# a comment
[station]
id = "CH-1"

[variables]
"TxCtrlr.TxStartPoint" = "EVConnected"
'Single' = 1

[[evse]]
id = 1
[evse.meter]
port = "/dev/ttyUSB0"   # a port

[[ evse ]]
id = 2
[evse.meter]
baud = 9600
[evse.controller]
host = "10.0.0.5"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("station", 2),
        ("station.id", 3),
        ("$.station.id", 3),
        ("station.vendor", 2),
        ("variables.TxCtrlr.TxStartPoint", 6),
        ("variables.Single", 7),
        ("evse[0]", 9),
        ("evse[0].id", 10),
        ("evse[0].meter.port", 12),
        ("evse[0].meter.baud", 11),
        ("evse[1].id", 15),
        ("evse[1].meter.baud", 17),
        ("evse[1].controller.host", 19),
        ("evse[1].controller.unit", 18),
        ("nothing", None),
        ("", None),
        ("$", None),
    ],
)
def test_the_line_of_a_value_or_of_its_nearest_table(path: str, line: int | None) -> None:
    assert line_of(TEXT, path) == line


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_and_any_path_have_a_line_or_none(text: str, path: str) -> None:
    line = line_of(text, path)
    assert line is None or 1 <= line <= len(text.splitlines())
