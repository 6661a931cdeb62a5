"""Messages as people read them in a log, without what nobody should read there. No IO."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

LONGEST: Final = 4000
_HIDDEN: Final = "***"
_FEW_BYTES: Final = 8
"""Session ids and the like are shown; keys, certificates, signatures and challenges are longer."""


def readable(message: object) -> str:
    """Return a message in a line.

    Contracts' and vehicles' identifiers are hidden, of long bytes there is the length, and what is too long
    is cut off.
    """
    text = json.dumps(_shown("", message), ensure_ascii=False, default=str, separators=(", ", ": "))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _shown(name: str, value: object) -> Any:
    if _is_secret(name):
        return _HIDDEN
    if isinstance(value, Mapping):
        return {key: _shown(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(name, inner) for inner in value]
    if isinstance(value, bytes):
        return value.hex() if len(value) <= _FEW_BYTES else f"<{len(value)} bytes>"
    return value


def _is_secret(name: str) -> bool:
    """Return whether a value tells who pays: an identifier of contract, provisioning or vehicle."""
    lowered = name.lower()
    return any(name in lowered for name in ("emaid", "pcid", "evccid"))
