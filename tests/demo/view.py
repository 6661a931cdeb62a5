"""Shows the demo: a live view on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tests.demo.scene import UNKNOWN, Scene

_BAR_FULL_KW = 4.0
_BESIDE_BAR_CELLS = 17
_SIDE_BY_SIDE_CELLS = 72
_STEPS_SHOWN = 3
_EVSE_LINES = 7
_POWER_LINES = 6
_BORDER_LINES = 2


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
        self._scene = Scene()
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
        self._redraw()

    def show(self, scene: Scene) -> None:
        """Redraw."""
        self._scene = scene
        self._redraw()

    def _redraw(self) -> None:
        self._live.update(_Screen(self._steps[-_STEPS_SHOWN:], self._scene))


class _Screen:
    """Fits the terminal as it is now; shows the latest of the messages, as many as there is room for."""

    def __init__(self, steps: list[str], scene: Scene) -> None:
        self._steps = steps
        self._scene = scene

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Lay out for this width and height."""
        for step in self._steps[:-1]:
            yield _line(f"  {step}", "dim")
        for step in self._steps[-1:]:
            yield _line(f"> {step}", "bold green")
        beside = options.max_width >= _SIDE_BY_SIDE_CELLS
        power = _power(self._scene, options.max_width // (2 if beside else 1) - _BESIDE_BAR_CELLS)
        if beside:
            panels = Table.grid(expand=True)
            panels.add_column(ratio=1)
            panels.add_column(ratio=1)
            panels.add_row(_evse(self._scene), power)
            yield panels
        else:
            yield Group(_evse(self._scene), power)
        above = len(self._steps) + _EVSE_LINES + (0 if beside else _POWER_LINES)
        room = console.size.height - above - _BORDER_LINES
        if room > 0:
            yield _frames(self._scene.frames[-room:])


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
        if scene.status == UNKNOWN:
            return
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


def _power(scene: Scene, bar_cells: int) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for number, power_kw in enumerate(scene.power_kw, start=1):
        cells = max(0, min(bar_cells, round(power_kw / _BAR_FULL_KW * bar_cells)))
        table.add_row(f"L{number}", Text("█" * cells, style="green"), f"{power_kw:5.2f} kW")
    table.add_row("sum", "", f"{sum(scene.power_kw):5.2f} kW")
    return Panel(table, title="power", border_style="cyan")


def _frames(frames: list[str]) -> RenderableType:
    lines = [_line(frame, "yellow" if frame.startswith(">") else "blue") for frame in frames]
    return Panel(Group(*lines), title="OCPP  > to the backend  < back", border_style="cyan")


def _line(text: str, style: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis", style=style)
