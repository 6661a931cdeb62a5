"""The one kind of WebSocket frame that OCPP is made of, without a parser (RFC 6455 section 5.2).

A charger's message is a masked text frame that almost always arrives in one piece. That piece is recognised
here in a few operations; everything else is left to the library, which costs ten times as much per message.
"""

from __future__ import annotations

try:
    from websockets.speedups import apply_mask
except ImportError:  # a platform for which the library has no compiled part
    from websockets.utils import apply_mask

WHOLE_TEXT = 0x81
"""FIN set, no extension bits, opcode 1."""
MASKED = 0x80
MASK_LENGTH = 4


def whole_text(data: bytes) -> bytes | None:
    """Return the payload if the data is exactly one masked, whole, uncompressed text frame, else None."""
    sizes = _sizes(data)
    if sizes is None or data[0] != WHOLE_TEXT or not data[1] & MASKED or sum(sizes) != len(data):
        return None
    start = sizes[0]
    return apply_mask(data[start:], data[start - MASK_LENGTH : start])


def text_frame(payload: bytes) -> bytes:
    """Return a whole text frame as a server sends it: not masked."""
    length = len(payload)
    if length < 126:
        return bytes((WHOLE_TEXT, length)) + payload
    if length < 65_536:
        return bytes((WHOLE_TEXT, 126)) + length.to_bytes(2) + payload
    return bytes((WHOLE_TEXT, 127)) + length.to_bytes(8) + payload


class FrameBoundaries:
    """Follows a stream of frames of any kind, to know whether it stands between two of them."""

    def __init__(self) -> None:
        self._header = b""
        self._left = 0

    @property
    def is_between(self) -> bool:
        """Whether the next byte begins a frame."""
        return not self._left and not self._header

    def skip(self, data: bytes) -> None:
        """Follow the next bytes of the stream."""
        while data:
            if self._left:
                passed = min(self._left, len(data))
                self._left -= passed
                data = data[passed:]
                continue
            data = self._header + data
            sizes = _sizes(data)
            if sizes is None or len(data) < sizes[0]:
                self._header = data
                return
            self._header = b""
            data, self._left = data[sizes[0] :], sizes[1]


def _sizes(data: bytes) -> tuple[int, int] | None:
    """Return the lengths of header and payload of the frame that begins, or None if too little came."""
    if len(data) < 2:
        return None
    mask = MASK_LENGTH if data[1] & MASKED else 0
    length = data[1] & 0x7F
    if length < 126:
        return 2 + mask, length
    extended = 2 if length == 126 else 8
    if len(data) < 2 + extended:
        return None
    return 2 + extended + mask, int.from_bytes(data[2 : 2 + extended])
