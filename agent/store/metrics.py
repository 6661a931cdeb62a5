"""The outbox's numbers: for Prometheus, and as variables that the backend may read and monitor."""

from __future__ import annotations

from agent.store.facts import RunCounts
from agent.store.keeper import Figures
from agent.variables.model import DeviceModel

PREFIX = "chargehand_outbox_"
_FAMILIES = (
    ("waiting", "gauge", "waiting", "Transaction events that wait for the backend."),
    ("set_aside", "gauge", "set_aside", "Events that the backend refused as often as they may be offered."),
    ("delivered_total", "counter", "delivered", "Events that the backend confirmed."),
    ("failed_total", "counter", "failed", "Attempts that were refused or not answered."),
    ("thinned_total", "counter", "thinned", "Meter values and updates dropped because the disk was full."),
)


def exposition(figures: Figures) -> str:
    """Return the numbers as text (text exposition format 0.0.4)."""
    lines: list[str] = []
    for name, kind, member, help_ in _FAMILIES:
        lines += [f"# HELP {PREFIX}{name} {help_}", f"# TYPE {PREFIX}{name} {kind}"]
        lines.append(f"{PREFIX}{name} {getattr(figures, member)}")
    return "".join(line + "\n" for line in lines)


def state_exposition(notices_waiting: int, counts: RunCounts) -> str:
    """Return what else the state knows in numbers."""
    lines = (
        ("chargehand_notices_waiting", "gauge", notices_waiting, "Messages besides events that wait."),
        ("chargehand_starts_total", "counter", counts.starts, "Starts of the agent on this state."),
        ("chargehand_boots_total", "counter", counts.boots, "Starts of the machine seen by this state."),
    )
    return "".join(
        f"# HELP {name} {help_}\n# TYPE {name} {kind}\n{name} {value}\n" for name, kind, value, help_ in lines
    )


def outbox_variables(settings: DeviceModel, figures: Figures) -> None:
    """Let the device model answer; a monitor on SetAside tells the backend of what it does not take."""
    settings.provide("OutboxCtrlr.Waiting", lambda: str(figures.waiting))
    settings.provide("OutboxCtrlr.SetAside", lambda: str(figures.set_aside))
    settings.provide("OutboxCtrlr.Thinned", lambda: str(figures.thinned))
