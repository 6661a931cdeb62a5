"""Tells an operator once that something is wrong, and once that it no longer is."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from agent.metering.problems import Problem

log = logging.getLogger(__name__)

QUIET_S = 60.0
"""A problem that comes back within so much time is still the same one."""


class Episodes:
    """The problems of one meter that go on."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen_s: dict[Problem, float] = {}

    @property
    def going_on(self) -> tuple[Problem, ...]:
        """What is wrong, the earliest first."""
        return tuple(self._seen_s)

    def note(self, problems: Iterable[Problem], now_s: float) -> None:
        """Take note of what is wrong now; log what is new and what is over."""
        for problem in problems:
            if problem not in self._seen_s:
                log.warning("%s: not believed: %s", self._name, problem.value)
            self._seen_s[problem] = now_s
        for problem, seen_s in list(self._seen_s.items()):
            if now_s - seen_s > QUIET_S:
                log.info("%s: no longer: %s", self._name, problem.value)
                del self._seen_s[problem]
