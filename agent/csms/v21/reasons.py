"""StatusInfoType: why an answer is what it is."""

from __future__ import annotations

from ocppj.messages import v21

_LONGEST = 1024


def info(code: str, why: str) -> v21.StatusInfoType:
    """Return a reason code of the standard's list with words of our own."""
    return v21.StatusInfoType(reason_code=code, additional_info=why[:_LONGEST])
