"""Reads what is to be done with a device: how to know it, set it up, keep it awake, and its scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

from drivers.profiles.fields import Entry
from drivers.profiles.load_value import Points, is_number, read_names, read_settings, read_value
from drivers.profiles.model import Instances
from drivers.profiles.scripts import ReadStep, Script, Step, WaitStep, WriteStep
from drivers.profiles.watchdog import Feeding, Watchdog
from drivers.profiles.writes import Setting

LONGEST_WATCHDOG_S: Final = 86_400
LONGEST_WAIT_S: Final = 600
SLOWEST_POLL_MS: Final = 60_000
POLL_MS: Final = 200
"""How often a script looks unless it says otherwise."""
MOST_INSTANCES: Final = 64
LARGEST_OFFSET: Final = 65_535


def read_init(entry: Entry | None, points: Points) -> tuple[Setting, ...]:
    """Return what to set when the device is first met."""
    return () if entry is None else read_settings(entry, points)


def read_watchdog(entry: Entry | None, points: Points) -> Watchdog | None:
    """Return the device's own watchdog, if it has one."""
    if entry is None:
        return None
    fields = entry.fields()
    arm, safe_a, safe_w = (fields.get(name) for name in ("arm", "safe_a", "safe_w"))
    within, every = fields.need("within_s"), fields.need("every_s")
    watchdog = Watchdog(
        arm=read_settings(arm, points) if arm else (),
        feed=_feed(fields.need("feed"), points),
        every_s=every.integer(1, LONGEST_WATCHDOG_S),
        within_s=within.integer(1, LONGEST_WATCHDOG_S),
        safe_a=safe_a.decimal() if safe_a else None,
        safe_w=safe_w.decimal() if safe_w else None,
    )
    fields.no_others()
    if watchdog.every_s >= watchdog.within_s:
        every.fail(f"it would starve: every_s must be below within_s, {watchdog.within_s}")
    if (safe_a is None) == (safe_w is None):
        entry.fail("one of safe_a, safe_w is needed: what the device falls back to, 0 for nothing")
    if min(watchdog.safe_a or 0, watchdog.safe_w or 0) < 0:
        entry.fail("what the device falls back to cannot be below 0")
    return watchdog


def read_scripts(entry: Entry | None, points: Points) -> dict[str, Script]:
    """Return the command scripts by name."""
    if entry is None:
        return {}
    scripts = {name: _script(name, one, points) for name, one in entry.fields()}
    if not scripts:
        entry.fail("at least one script is needed")
    return scripts


def read_instances(entry: Entry | None, points: Points) -> Instances | None:
    """Return where the device's further instances are, if it has several."""
    if entry is None:
        return None
    fields = entry.fields()
    offsets, stride, most, counted_by = (fields.get(n) for n in ("offsets", "stride", "most", "counted_by"))
    fields.no_others()
    if (offsets is None) == (stride is None) or (stride is None) != (most is None):
        entry.fail("either 'stride' and 'most' (the largest number of instances) are needed, or 'offsets'")
    strides = _strides(stride, most) if stride and most else ()
    return Instances(
        offsets=_offsets(offsets) if offsets else strides,
        counted_by=counted_by.choice(_counters(points)) if counted_by else None,
    )


def _script(name: str, entry: Entry, points: Points) -> Script:
    steps = tuple(_step(step, points) for step in entry.items())
    if not steps:
        entry.fail("at least one step is needed")
    return Script(name, steps)


def _counters(points: Points) -> list[str]:
    """Return the points that can say how many instances there are."""
    return [
        point.name
        for point in points.values()
        if point.shared and point.poll == "once" and not point.when and is_number(point)
    ]


def _offsets(entry: Entry) -> tuple[int, ...]:
    offsets = tuple(item.integer(0, LARGEST_OFFSET) for item in entry.items())
    if not offsets or offsets[0] != 0 or len(set(offsets)) < len(offsets):
        entry.fail("offsets that differ are needed, the first of them 0: that of the addresses in the file")
    if len(offsets) > MOST_INSTANCES:
        entry.fail(f"at most {MOST_INSTANCES} instances are possible")
    return offsets


def _strides(stride: Entry, most: Entry) -> tuple[int, ...]:
    step, number = stride.integer(1, LARGEST_OFFSET), most.integer(1, MOST_INSTANCES)
    return tuple(step * index for index in range(number))


def _feed(entry: Entry, points: Points) -> Setting | Feeding:
    if not entry.is_mapping():
        word: Feeding = entry.choice(get_args(Feeding))
        return word
    settings = read_settings(entry, points, listed=False)
    if len(settings) > 1:
        entry.fail("one point and its value are needed")
    return settings[0]


def _step(entry: Entry, points: Points) -> Step:
    fields = entry.fields()
    found = [(read, one) for name, read in _STEPS.items() if (one := fields.get(name)) is not None]
    fields.no_others()
    if len(found) != 1:
        entry.fail(f"exactly one of {', '.join(_STEPS)} is needed in a step")
    read, one = found[0]
    return read(one, points)


def _write_step(entry: Entry, points: Points) -> Step:
    return WriteStep(read_settings(entry, points, variables=True, listed=False))


def _wait_step(entry: Entry, points: Points) -> Step:
    fields = entry.fields()
    point = points[fields.need("point").choice([name for name, one in points.items() if one.readable])]
    every, meanwhile = fields.get("every_ms"), fields.get("while")
    step = WaitStep(
        point=point.name,
        value=read_value(point, fields.need("for")),
        within_s=fields.need("within_s").integer(1, LONGEST_WAIT_S),
        every_ms=every.integer(1, SLOWEST_POLL_MS) if every else POLL_MS,
        meanwhile=tuple(read_value(point, item) for item in meanwhile.items()) if meanwhile else (),
    )
    fields.no_others()
    if meanwhile and not step.meanwhile:
        meanwhile.fail("at least one value is needed")
    return step


def _read_step(entry: Entry, points: Points) -> Step:
    return ReadStep(read_names(entry, [name for name, point in points.items() if point.readable]))


_STEPS: Final[dict[str, Callable[[Entry, Points], Step]]] = {
    "write": _write_step,
    "wait": _wait_step,
    "read": _read_step,
}
