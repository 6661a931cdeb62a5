"""A verdict about an identifier in OCPP 2.0.1's words (IdTokenInfoType)."""

from __future__ import annotations

from backend.authorization.verdict import Verdict
from ocppj.messages import v201


def id_token_info(verdict: Verdict) -> v201.IdTokenInfoType:
    """Return status, group (C09) and the end of the cache entry (C10)."""
    group = None
    if verdict.group_id is not None:
        group = v201.IdTokenType(id_token=verdict.group_id, type="Central")
    return v201.IdTokenInfoType(
        status=verdict.status, cache_expiry_date_time=verdict.cache_until, group_id_token=group
    )
