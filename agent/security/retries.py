"""When a request for a certificate is sent again (A02.FR.17 to A02.FR.19). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request that waits for its certificate. Times are monotonic seconds.

    `due_s` is when it is to be sent; None when that has been often enough. `sent` counts how often it was.
    """

    due_s: float | None
    sent: int = 0

    def is_due(self, now_s: float) -> bool:
        """Return whether it is to be sent now."""
        return self.due_s is not None and self.due_s <= now_s


def begin(now_s: float) -> Asking:
    """Return a request that was not sent yet."""
    return Asking(due_s=now_s)


def after_sending(asking: Asking, now_s: float, wait_minimum_s: int, repeat_times: int) -> Asking:
    """Return it once it was sent: the nth repetition waits twice as long as the one before it.

    It waits for ever once it was repeated so often; what comes late is as welcome.
    """
    sent = asking.sent + 1
    if sent > repeat_times:
        return Asking(due_s=None, sent=sent)
    return Asking(due_s=now_s + wait_minimum_s * 2 ** (sent - 1), sent=sent)


def after_silence(asking: Asking, now_s: float, wait_minimum_s: int) -> Asking:
    """Return it when nobody could be asked: that counts for nothing."""
    return replace(asking, due_s=now_s + wait_minimum_s)
