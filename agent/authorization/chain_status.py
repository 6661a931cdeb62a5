"""How the certificates of a contract's or a vehicle's chain stand (M07): pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from certs.hash_data import HashData

Status = Literal["Good", "Revoked", "Unknown", "Failed"]
"""What its authority says; Unknown if that does not know it, Failed if there was nothing to be heard."""

LONGEST: Final = timedelta(days=7)
"""How long an answer may be kept (M07.FR.09)."""
MOST_URLS: Final = 5
"""OCPP's limit on the places to look a certificate's status up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOf:
    """A certificate of a chain, and where its status can be looked up."""

    named: HashData
    source: Literal["CRL", "OCSP"]
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainQuestion:
    """Which certificates of a chain have been revoked? 1 to 4 of them."""

    certificates: tuple[StatusOf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStatus:
    """What was found out about a certificate, and when there will be news."""

    named: HashData
    status: Status
    next_update: datetime


def kept_until(found: CertificateStatus, now: datetime) -> datetime | None:
    """Return how long an answer stands for its certificate, None if it is not to be kept.

    Only an authority's word is kept: Unknown and Failed may be something else a moment later.
    """
    if found.status not in ("Good", "Revoked") or found.next_update <= now:
        return None
    return min(found.next_update, now + LONGEST)


def is_fresh(until: datetime, now: datetime) -> bool:
    """Return whether a kept answer still stands; one kept for longer than allowed is from a wrong clock."""
    return now < until <= now + LONGEST


def revoked(found: Iterable[CertificateStatus]) -> CertificateStatus | None:
    """Return what refuses the chain, if anything does."""
    return next((one for one in found if one.status == "Revoked"), None)
