"""Lists in pages: {"items": [...], "next": URL or null}."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query, Request

MAX_LIMIT = 100
MAX_OFFSET = 10**9

T = TypeVar("T")

Next = str | None
"""The path and query of the next page; null on the last one."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    request: Request
    limit: int
    offset: int

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than is shown tells whether a page follows."""
        return self.limit + 1

    def cut(self, rows: Sequence[T]) -> Sequence[T]:
        """Return the rows that are shown."""
        return rows[: self.limit]

    def next(self, rows: Sequence[object]) -> Next:
        """Return where the list goes on; filters stay as they are."""
        if len(rows) <= self.limit:
            return None
        following = self.request.url.include_query_params(limit=self.limit, offset=self.offset + self.limit)
        return f"{following.path}?{following.query}"


def page_of(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="how many items at most")] = 50,
    offset: Annotated[int, Query(ge=0, le=MAX_OFFSET, description="how many items to leave out")] = 0,
) -> Page:
    """Read the page from the query."""
    return Page(request, limit, offset)


Paged = Annotated[Page, Depends(page_of)]
