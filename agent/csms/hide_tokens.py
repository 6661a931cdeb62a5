"""Keeps drivers' tokens out of logged frames: a card's number identifies a person."""

from __future__ import annotations

import logging
import re
from typing import Final

FRAMES: Final = "agent.csms.connection"
"""The logger of frames."""
HIDDEN: Final = "***"

_TOKEN: Final = re.compile(
    r'("(?:idToken|idTag|parentIdTag)"\s*:\s*)"(?:[^"\\]|\\+[^\\])*+("|\\*$)', re.IGNORECASE
)


class HideTokens(logging.Filter):
    """Masks the tokens in every record of the logger that it is added to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, masked."""
        record.msg, record.args = hidden(record.getMessage()), ()
        return True


def hidden(frame: str) -> str:
    """Return the frame without tokens; those of 2.0.1 are objects with a member of the same name."""
    return _TOKEN.sub(rf'\1"{HIDDEN}"', frame)
