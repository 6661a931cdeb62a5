"""Why a serial port cannot be opened, in words that say what to do."""

from __future__ import annotations

import errno
import termios
from typing import Final

WHY: Final = {
    errno.ENOENT: "there is no such port; is the adapter plugged in?",
    errno.ENXIO: "the adapter was unplugged",
    errno.EIO: "the adapter was unplugged",
    errno.EACCES: "this user may not open it; its group (dialout, mostly) may",
    errno.EBUSY: "another program uses it; if that is the agent, stop it first",
    errno.EAGAIN: "another program uses it; if that is the agent, stop it first",
    errno.ENOTTY: "this is no serial port",
    errno.EISDIR: "this is no serial port",
}


def why_not_opened(error: Exception) -> str:
    """Return the reason behind an error of pyserial or the system."""
    number = getattr(error, "errno", None)
    if number is None and isinstance(error.__context__, termios.error):  # pyserial leaves the number there
        number = error.__context__.args[0]
    return WHY.get(number or 0) or getattr(error, "strerror", None) or str(error)
