"""Breaks a text into pages of a display with few lines."""

from __future__ import annotations

import textwrap
from typing import Final

PAGE_S: Final = 3.0
"""How long a page is shown."""


def pages(text: str, columns: int, rows: int) -> tuple[tuple[str, ...], ...]:
    """Return the text in pages of `rows` lines, each at most `columns` wide; at least one page."""
    lines = [line for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, columns) or [""]]
    return tuple(tuple(lines[first : first + rows]) for first in range(0, len(lines), rows)) or ((),)


def page(text: str, columns: int, rows: int, shown_s: float) -> tuple[str, ...]:
    """Return the page to be seen after the text has been shown for `shown_s`."""
    all_pages = pages(text, columns, rows)
    return all_pages[int(shown_s / PAGE_S) % len(all_pages)]
