"""What can go wrong when a charger is asked to do something."""

from __future__ import annotations


class CommandError(Exception):
    """The charger did not do what it was asked; it said nothing, or no."""

    def __init__(self, identity: str, why: str) -> None:
        super().__init__(f"{identity}: {why}")
        self.identity = identity
        self.why = why


class StationOffline(CommandError):
    """The charger is not connected; it was not asked."""


class StationSilent(CommandError):
    """The charger was asked and did not answer in time, or the connection ended first. It may have obeyed."""


class StationRefused(CommandError):
    """The charger answered with an error (CALLERROR), or with something that is no answer."""

    def __init__(self, identity: str, code: str, description: str) -> None:
        super().__init__(identity, f"{code}: {description}" if description else code)
        self.code = code
        self.description = description
