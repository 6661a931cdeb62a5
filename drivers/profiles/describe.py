"""A profile in words, for people who check one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from drivers.profiles.links import (
    LemDcbmDefaults,
    ModbusDefaults,
    Pn532Defaults,
    RapiDefaults,
    SerialLine,
)
from drivers.profiles.model import Profile, Variant
from drivers.profiles.scripts import Script
from drivers.profiles.watchdog import Watchdog
from drivers.profiles.writes import Setting, Variable


def describe(profile: Profile) -> Iterator[str]:
    """Yield what the profile says of the device: the requests that read it, and what is done with it."""
    yield f"{profile.id}: {profile.maker} {profile.model}, {role(profile)}, {interface(profile)}"
    if profile.identify:
        yield f"  it is one if {' and '.join(map(str, profile.identify))}"
    if profile.instances is not None:
        counted = f", counted by {profile.instances.counted_by}" if profile.instances.counted_by else ""
        yield f"  up to {len(profile.instances.offsets)} instances{counted}; this is the first"
    if len(profile.variants) == 1:
        yield from _variant(profile.known, "  ")
        return
    for variant in profile.variants.values():
        conditions = {str(condition): None for point in variant.points for condition in point.when}
        yield f"  if {' and '.join(conditions)}:" if conditions else "  unless more is known:"
        yield from _variant(variant, "    ")


def role(profile: Profile) -> str:
    """Return what the device is, with its article."""
    name = profile.kind.replace("-", " ")
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def interface(profile: Profile) -> str:
    """Return how the device is reached as it leaves the factory."""
    match profile.link:
        case ModbusDefaults():
            return _modbus(profile.link)
        case RapiDefaults(serial=line):
            return f"RAPI {_line(line)}"
        case Pn532Defaults(serial=line):
            return f"HSU {_line(line)}"
        case LemDcbmDefaults(tcp_port=port):
            return f"HTTP {port}"


def unverified(profile: Profile) -> tuple[str, ...]:
    """Return the names of the facts that come from one weak source."""
    return (*profile.link.unverified, *(point.name for point in profile.every_point if not point.verified))


def _modbus(modbus: ModbusDefaults) -> str:
    ways = []
    if modbus.serial is not None:
        ways.append(f"RTU {_line(modbus.serial)}")
    if modbus.tcp_port is not None:
        ways.append(f"{'TLS' if modbus.tls else 'TCP'} {modbus.tcp_port}{_direction(modbus)}")
    return f"Modbus {' or '.join(ways) or 'RTU (settings unknown)'}, unit {modbus.unit}"


def _direction(modbus: ModbusDefaults) -> str:
    """Return what is unusual about who calls whom."""
    if modbus.answers:
        return " (it asks, we answer)"
    return " (it calls us)" if modbus.dials_in else ""


def _line(line: SerialLine) -> str:
    return f"{line.baud} 8{line.parity}{line.stop_bits}"


def _variant(variant: Variant, indent: str) -> Iterator[str]:
    for block in variant.blocks:
        names = ", ".join(point.name for point in block.points)
        where = f"{block.space} {block.start}..{block.start + block.count - 1} ({block.count})"
        yield f"{indent}{block.points[0].poll:4}  {where}: {names}"
    rest = [point.name for point in variant.points if point.readable and point.poll == "on_demand"]
    if rest:
        yield f"{indent}on demand: {', '.join(rest)}"
    for derived in variant.derived:
        signs = [f"+ {name}" for name in derived.plus] + [f"- {name}" for name in derived.minus]
        yield f"{indent}{derived.name} = {' '.join(signs).removeprefix('+ ')}"
    if variant.init:
        yield f"{indent}init: {_settings(variant.init)}"
    if variant.watchdog is not None:
        yield f"{indent}watchdog: {_watchdog(variant.watchdog)}"
    yield from (f"{indent}{line}" for line in _scripts(variant.scripts))


def _watchdog(watchdog: Watchdog) -> str:
    food = watchdog.feed if isinstance(watchdog.feed, str) else _settings((watchdog.feed,))
    fed = {"read": "any read", "write": "any write of a setpoint"}.get(food, food)
    safe = f"{watchdog.safe_w} W" if watchdog.safe_a is None else f"{watchdog.safe_a} A"
    armed = f"{_settings(watchdog.arm)}; " if watchdog.arm else ""
    return f"{armed}fed every {watchdog.every_s} s by {fed}; {safe} after {watchdog.within_s} s without"


def _scripts(scripts: Mapping[str, Script]) -> Iterator[str]:
    for script in scripts.values():
        needed = (
            f" with {', '.join(f'${name}' for name in sorted(script.variables))}" if script.variables else ""
        )
        steps = len(script.steps)
        yield f"script {script.name}{needed}: {steps} step{'s' if steps > 1 else ''}"


def _settings(settings: tuple[Setting, ...]) -> str:
    return ", ".join(f"{setting.point} = {_shown(setting)}" for setting in settings)


def _shown(setting: Setting) -> str:
    value = setting.value
    if isinstance(value, Variable):
        return f"${value.name}"
    return ", ".join(sorted(value)) or "no bit" if isinstance(value, frozenset) else str(value)
