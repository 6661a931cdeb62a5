from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.display.pages import PAGE_S, page, pages


def test_words_are_kept_whole_where_they_can_be() -> None:
    assert pages("Please unplug your vehicle when it is full", 16, 2) == (
        ("Please unplug", "your vehicle"),
        ("when it is full",),
    )
    assert pages("Donaudampfschiff\nfahrt", 8, 2) == (("Donaudam", "pfschiff"), ("fahrt",))


def test_pages_follow_each_other() -> None:
    text = "one two three four"
    seen = [page(text, 5, 1, seconds) for seconds in (0, PAGE_S, 2 * PAGE_S, 3 * PAGE_S, 4 * PAGE_S)]
    assert seen == [("one",), ("two",), ("three",), ("four",), ("one",)]


@given(st.text(max_size=60), st.integers(1, 20), st.integers(1, 4))
def test_nothing_is_wider_or_longer_than_the_display_and_no_letter_is_lost(
    text: str, columns: int, rows: int
) -> None:
    found = pages(text, columns, rows)
    assert found
    assert all(len(lines) <= rows and all(len(line) <= columns for line in lines) for lines in found)
    letters = "".join("".join(line.split()) for lines in found for line in lines)
    assert letters == "".join(text.split())
