from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.toml_lines import line_of

TEXT = """\
# a comment with port = 1
top = 1

[ocpp]  # stations
host = "a"
"quoted" = 2
  port=9000

[cpo]
party_id = "[ocpp]"
"""

NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("top", 2),
        ("ocpp", 4),
        ("ocpp.host", 5),
        ("ocpp.quoted", 6),
        ("ocpp.port", 7),
        ("ocpp.absent", 4),
        ("cpo.party_id", 10),
        ("absent", None),
        ("absent.key", None),
        ("", None),
    ],
)
def test_finds_keys_and_the_tables_of_absent_ones(path: str, line: int | None) -> None:
    assert line_of(TEXT, path) == line


def test_finds_a_dotted_key() -> None:
    assert line_of('x = 1\nocpp.port = "a"\n', "ocpp.port") == 2


@given(st.dictionaries(NAMES, st.lists(NAMES, unique=True, max_size=4), min_size=1, max_size=4))
def test_points_at_the_line_that_has_the_key(tables: dict[str, list[str]]) -> None:
    text = "".join(f"[{table}]\n" + "".join(f"{key} = 1\n" for key in keys) for table, keys in tables.items())
    lines = text.splitlines()
    for table, keys in tables.items():
        at = line_of(text, table)
        assert at is not None
        assert lines[at - 1] == f"[{table}]"
        for offset, key in enumerate(keys, start=1):
            assert line_of(text, f"{table}.{key}") == at + offset
