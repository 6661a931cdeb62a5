"""Shows the demo: a live view on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tests.demo.scene import Scene

_BAR_CELLS = 30
_BAR_FULL_KW = 4.0


class View(Protocol):
    """Where the demo shows what happens."""

    def step(self, text: str) -> None:
        """Announce the next step."""

    def show(self, scene: Scene) -> None:
        """Show the scene now."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class LiveView:
    """A terminal that is redrawn in place."""

    def __init__(self, console: Console) -> None:
        self._steps: list[str] = []
        self._live = Live(console=console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def step(self, text: str) -> None:
        """Announce the next step."""
        self._steps.append(text)

    def show(self, scene: Scene) -> None:
        """Redraw."""
        done = [Text(f"  {step}", style="dim") for step in self._steps[:-1]]
        now = [Text(f"> {step}", style="bold green") for step in self._steps[-1:]]
        panels = Columns([_evse(scene), _power(scene)], equal=True, expand=True)
        self._live.update(Group(*done, *now, panels, _frames(scene)))


class PlainView:
    """One line per step, and one line whenever the session moved on."""

    def __init__(self) -> None:
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def step(self, text: str) -> None:
        """Print the step."""
        print(f"== {text}", flush=True)

    def show(self, scene: Scene) -> None:
        """Print the scene if its energy, to a tenth of a kWh, or its state changed."""
        line = (
            f"   {scene.status}, pilot {scene.pilot}, {scene.charging_state}, {sum(scene.power_kw):.1f} kW, "
            f"{scene.session_kwh:.1f} kWh, {scene.cost}"
        )
        if line != self._last:
            print(line, flush=True)
            self._last = line


def _evse(scene: Scene) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for name, value in (
        ("connector", scene.status),
        ("control pilot", scene.pilot),
        ("transaction", scene.charging_state),
        ("energy", f"{scene.session_kwh:.3f} kWh"),
        ("cost so far", scene.cost),
    ):
        table.add_row(Text(name, style="dim"), Text(value, style="bold"))
    return Panel(table, title="EVSE 1", border_style="cyan")


def _power(scene: Scene) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for number, power_kw in enumerate(scene.power_kw, start=1):
        cells = min(_BAR_CELLS, round(power_kw / _BAR_FULL_KW * _BAR_CELLS))
        table.add_row(f"L{number}", Text("█" * cells, style="green"), f"{power_kw:5.2f} kW")
    table.add_row("sum", "", f"{sum(scene.power_kw):5.2f} kW")
    return Panel(table, title="power", border_style="cyan")


def _frames(scene: Scene) -> RenderableType:
    lines = [
        Text(frame, no_wrap=True, overflow="ellipsis", style="yellow" if frame.startswith(">") else "blue")
        for frame in scene.frames
    ]
    return Panel(
        Group(*lines), title="OCPP on the wire ( > charger to backend, < back )", border_style="cyan"
    )
