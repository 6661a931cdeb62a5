"""Certificates as vehicles send them, held against the time, whatever the protocol."""

from __future__ import annotations

from agent.iso15118.facts import Facts
from certs.chains import Chain
from certs.rules import Finding, check_dates


def wrong_date(chain: Chain, facts: Facts) -> Finding | None:
    """Return the first certificate that is not valid now; None if all are, or the time is not known."""
    if not facts.clock_is_trusted:
        return None
    return next((finding for one in chain for finding in check_dates(one, facts.now)), None)
