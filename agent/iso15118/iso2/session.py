"""What is known of a session of ISO 15118-2, and what is kept of one that rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from agent.iso15118.facts import Identification, MeterStatus
from agent.iso15118.v2g_message.envelope import SchemaName
from agent.iso15118.v2g_message.schedules import Offered
from agent.iso15118.v2g_message.session import Session

Mode = Literal["AC_single_phase_core", "AC_three_phase_core", "DC_extended"]
"""The energy transfer modes that are offered: Type 2 and CCS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stays as it was when a vehicle comes back (V2G2-741)."""

    identification: Identification
    modes: tuple[Mode, ...]
    mode: Mode
    schedule: Offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The contract that a vehicle showed: its leaf certificate (DER), and all of them (PEM)."""

    emaid: str
    leaf: bytes
    chain: str
    is_proven: bool = False
    """Whether the vehicle has shown that it has the key, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Iso2Session(Session):
    """One vehicle's session, as far as it has come."""

    schema_name: ClassVar[SchemaName] = "iso2"
    contactor_failed: ClassVar[str] = "FAILED_ContactorError"

    kept: Kept | None = None
    """Of the session that was joined again."""
    rests: Kept | None = None
    """Of this one, once it was paused."""
    identification: Identification | None = None
    has_certificate_service: bool = False
    contract: Contract | None = None
    mode: Mode | None = None
    agreed_s: float = 0.0
    """When (monotonic) the vehicle chose its schedule."""
    receipt: MeterStatus | None = None
    """What the vehicle has to sign, or has signed last."""
    receipt_s: float | None = None
    """When (monotonic) it was asked to."""


def seconds(moment: datetime) -> int:
    """Return a moment as ISO 15118-2 tells it: seconds since 1970."""
    return int(moment.timestamp())
