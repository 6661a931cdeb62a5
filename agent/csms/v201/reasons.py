"""StatusInfo: a reason in words beside a status."""

from __future__ import annotations

from ocppj.messages import v201

_MOST_CHARACTERS = 512


def status_info(code: str, why: str) -> v201.StatusInfoType | None:
    """Return the reason; None if there is none to give."""
    if not why:
        return None
    return v201.StatusInfoType(reason_code=code, additional_info=why[:_MOST_CHARACTERS])
