"""Why the agent has started: power came back, somebody restarted it, or it had died (B01.FR.09)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_WATCHDOG = "watchdog"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """What is known of the run before this one."""

    boot_id: str | None
    """Of the kernel it ran on; None if there was no run before."""
    has_ended: bool
    """Whether it came to its end, rather than being killed or losing power."""
    announced: str | None
    """The reason it gave for the start after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """How the agent has started: why, and whether many stations probably did in the same second."""

    reason: str
    with_many: bool = False

    @property
    def is_after_power_loss(self) -> bool:
        """Whether the power was gone, as far as anybody knows."""
        return self.reason in ("PowerUp", "Unknown")


def kernel_boot_id() -> str:
    """Return what tells one start of this machine from another; "" if the kernel does not say."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def service_result(directory: Path) -> str:
    """Return how the last run ended by systemd, such as "watchdog"; "" if it does not say (ExecStopPost=)."""
    try:
        return (directory / "last-result").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def boot_reason(last: LastRun, boot_id: str, result: str) -> str:
    """Return the reason as OCPP names it: what was announced; else power, a person, or a fault of ours.

    A machine that was started anew counts as PowerUp, whatever the agent was doing when that happened.
    """
    if last.announced is not None:
        return last.announced
    if last.boot_id is None or (boot_id and last.boot_id != boot_id):
        return "PowerUp"
    if last.has_ended:
        return "LocalReset"
    if not boot_id:
        return "Unknown"  # it may have been a power cut
    return "Watchdog" if result == _WATCHDOG else "ApplicationReset"
