"""StatusInfo of OCPP 2.0.1: why a charger gets the status that it gets."""

from __future__ import annotations

from ocppj.messages import v201

_LONGEST = 512


def status_info(code: str, why: str) -> v201.StatusInfoType:
    """Return a reason, cut off where OCPP has no more room for it."""
    return v201.StatusInfoType(reason_code=code, additional_info=why[:_LONGEST])
