"""A part of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """Items of a list, and how long the whole list is."""

    items: tuple[ItemT, ...]
    total: int
