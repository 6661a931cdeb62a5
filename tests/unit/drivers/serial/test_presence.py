from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.serial.presence import Presence

A, B = "A", "B"


def presented(looks: str) -> str:
    """Return what is presented, look by look: `.` is an empty field in `looks`, and nothing in the result."""
    presence = Presence()
    return "".join(presence.look(None if look == "." else look) or "." for look in looks)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ("AAAAAAAA", ".A......"),
        ("AA...AA", ".A....A"),
        ("AA..AA.AAA", ".A........"),
        ("A.A.A.", "......"),
        ("AABB", ".A.B"),
        ("AABABAB", ".A....."),
        ("AABAA...AA", ".A.......A"),
        ("......", "......"),
        ("AABBAA", ".A.B.A"),
    ],
)
def test_looks(looks: str, expected: str) -> None:
    assert presented(looks) == expected


@given(st.text("AB.", max_size=60))
def test_only_what_was_seen_twice_in_a_row_is_presented(looks: str) -> None:
    for at, card in enumerate(presented(looks)):
        if card != ".":
            assert looks[at - 1 : at + 1] == card * 2


@given(st.text("A.", max_size=60))
def test_the_same_card_again_only_after_it_was_away(looks: str) -> None:
    at = [place for place, card in enumerate(presented(looks)) if card == "A"]
    for first, second in pairwise(at):
        assert "..." in looks[first:second]
