"""Ends a transfer that runs in a thread of its own, from outside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from agent.transfer.errors import Cancelled


class Cancellation:
    """Checked by the thread between blocks; one that blocks is woken by closing what it waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closers: list[Callable[[], object]] = []
        self._is_cancelled = False

    def check(self) -> None:
        """Go on only if the transfer is still wanted.

        Raises:
            Cancelled: If it is not.
        """
        if self._is_cancelled:
            raise Cancelled

    def cancel(self) -> None:
        """End the transfer soon."""
        with self._lock:
            self._is_cancelled = True
            closers = tuple(self._closers)
        for close in closers:
            with suppress(OSError, RuntimeError):
                close()

    @contextmanager
    def closing(self, close: Callable[[], object]) -> Iterator[None]:
        """Have `close` called if the transfer is cancelled while this is entered.

        Raises:
            Cancelled: If it was cancelled before.
        """
        with self._lock:
            if self._is_cancelled:
                raise Cancelled
            self._closers.append(close)
        try:
            yield
        finally:
            with self._lock:
                self._closers.remove(close)
