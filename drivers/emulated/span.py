"""What registers a request is about."""

from __future__ import annotations

from typing import Final

from drivers.emulated.faults.injection import Span
from drivers.emulated.pdu import Space

SPACE_OF: Final[dict[int, Space]] = {
    1: "coil",
    2: "discrete",
    3: "holding",
    4: "input",
    5: "coil",
    6: "holding",
    15: "coil",
    16: "holding",
}
SINGLE: Final = frozenset({5, 6})


def span_of(request: bytes) -> Span | None:
    """Return the span of a request PDU, or None for one that names no registers."""
    function = request[0]
    if function not in SPACE_OF or len(request) < 5:
        return None
    start, count = int.from_bytes(request[1:3], "big"), int.from_bytes(request[3:5], "big")
    return Span(function, SPACE_OF[function], start, start + (1 if function in SINGLE else count))
