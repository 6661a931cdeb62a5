from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, ConnectionClosedOK
from websockets.frames import Close

from agent.csms.closing import why_closed


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        (
            ConnectionClosedOK(Close(1000, ""), Close(1000, ""), True),
            "closed the link (code 1000)",
        ),
        (ConnectionClosedError(Close(1008, "twice"), None), "another station may be using this id"),
        (ConnectionClosedError(Close(1012, ""), Close(1012, ""), True), "the backend restarts (code 1012)"),
        (ConnectionClosedError(Close(4001, "go"), Close(4001, ""), True), "link (code 4001, 'go')"),
        (
            ConnectionClosedOK(Close(1000, ""), Close(1000, "new"), False),
            "this station closed it",
        ),
        (ConnectionClosedError(None, None), "cut without a word"),
    ],
)
def test_every_end_is_told_in_words(closed: ConnectionClosed, words: str) -> None:
    assert words in why_closed(closed)
