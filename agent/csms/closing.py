"""Says in words why a WebSocket was closed (RFC 6455, 7.4.1, and the codes registered since)."""

from __future__ import annotations

from websockets.exceptions import ConnectionClosed

_MEANINGS = {
    1000: "the backend closed the link",
    1001: "the backend goes away, or restarts",
    1002: "the backend found an error in the WebSocket protocol",
    1003: "the backend could not use a frame's type",
    1007: "the backend could not read a frame's text",
    1008: "the backend closed the link by its own rules; another station may be using this id",
    1009: "the backend found a message too big",
    1011: "something in the backend failed",
    1012: "the backend restarts",
    1013: "the backend is overloaded",
    1014: "a proxy before the backend has lost it",
}


def why_closed(closed: ConnectionClosed) -> str:
    """Return who closed the connection and why."""
    received, sent = closed.rcvd, closed.sent
    if received is not None and (sent is None or closed.rcvd_then_sent):
        meaning = _MEANINGS.get(received.code, "the backend closed the link")
        return f"{meaning} (code {received.code}{_quoted(received.reason)})"
    if sent is not None:
        return f"this station closed it (code {sent.code}{_quoted(sent.reason)})"
    return "it was cut without a word; check the network"


def _quoted(reason: str) -> str:
    return f", {reason!r}" if reason else ""
