"""What a vehicle asks the backend for, and what it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class EvRequest:
    """What a vehicle asks for. `exi` is its message as it came, in base64, which nobody here reads."""

    schema: str
    action: Literal["Install", "Update"]
    exi: str
    most_contracts: int | None = None
    """How many contract certificates the vehicle can take, as ISO 15118-20 has it say."""
    wanted_contracts: tuple[str, ...] = ()
    """The EMAIDs that it would rather have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvAnswer:
    """What the vehicle is to be told, in base64, and whether the backend could do what was asked."""

    is_accepted: bool
    exi: str
    remaining_contracts: int = 0
    """How many more there are to ask for."""
