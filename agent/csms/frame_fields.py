"""What a frame is, for the journal: its message id, and its action if it has one. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_HEAD: Final = re.compile(
    r'\s*\[\s*(?P<kind>\d)\s*,\s*"(?P<id>[^"\\]{1,255})"\s*(?:,\s*"(?P<next>[A-Za-z]{1,100})")?'
)
_CALLS: Final = frozenset({"2", "6"})
"""CALL and SEND name an action; after an error's id comes its code."""


def frame_fields(frame: str) -> Mapping[str, str]:
    """Return OCPP_MESSAGE_ID and OCPP_ACTION as far as the frame has them."""
    head = _HEAD.match(frame)
    if head is None:
        return {}
    named = {"OCPP_MESSAGE_ID": head["id"]}
    return {**named, "OCPP_ACTION": head["next"]} if head["next"] and head["kind"] in _CALLS else named
