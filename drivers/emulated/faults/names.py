"""Faults by the names that scenario files and commands use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Final, get_type_hints

from drivers.emulated.faults.fault import Fault
from drivers.emulated.faults.messages import LongCount, ShortCount, WrongFunction, WrongTransaction, WrongUnit
from drivers.emulated.faults.requests import ExceptionReply, Silence, WriteIgnored, WriteLate
from drivers.emulated.faults.state import (
    Brownout,
    CounterReset,
    DeviceSwap,
    EarthFault,
    HalfOpen,
    LockStuck,
    MonitorBroken,
    PilotIgnored,
    PilotShort,
    ProximityOpen,
    Rollover,
    Tripped,
    Unplug,
    Welded,
)
from drivers.emulated.faults.values import Frozen, Noise, Sentinel, SignFlip, WordSwap
from drivers.emulated.faults.wire import (
    BitFlip,
    Contention,
    Crc,
    Delay,
    Duplicate,
    Echo,
    LeadingNoise,
    LostReply,
    Reset,
    Truncate,
)

FAULTS: Final[dict[str, type[Fault]]] = {
    kind.name: kind
    for kind in (
        Silence,
        ExceptionReply,
        Delay,
        LostReply,
        Crc,
        BitFlip,
        Truncate,
        LeadingNoise,
        Echo,
        Duplicate,
        Contention,
        WrongUnit,
        WrongFunction,
        ShortCount,
        LongCount,
        WrongTransaction,
        HalfOpen,
        Reset,
        Unplug,
        Frozen,
        SignFlip,
        Noise,
        WordSwap,
        Sentinel,
        CounterReset,
        Rollover,
        Brownout,
        DeviceSwap,
        WriteIgnored,
        WriteLate,
        Welded,
        Tripped,
        PilotShort,
        PilotIgnored,
        ProximityOpen,
        LockStuck,
        EarthFault,
        MonitorBroken,
    )
}
_NUMBER: Final[dict[str, Callable[[str], object]]] = {
    "int": lambda text: int(text, 0),
    "float": float,
    "str": str,
}


def strength_of(kind: type[Fault]) -> str | None:
    """Return the name of a fault's one parameter, or None if it has none."""
    names = [field.name for field in fields(kind)]
    return names[0] if names else None


def make_fault(name: str, strength: str | None = None) -> Fault:
    """Return the fault of this name, as strong as said or as it is by default.

    Raises:
        ValueError: If there is no such fault, or it cannot be this strong.
    """
    if name not in FAULTS:
        raise ValueError(f"{name!r} is not a fault; there are {', '.join(FAULTS)}")
    kind = FAULTS[name]
    parameter = strength_of(kind)
    if strength is None:
        return kind()
    if parameter is None:
        raise ValueError(f"{name} takes no number, {strength!r} was given")
    return kind(**{parameter: _converted(kind, parameter, strength)})


def describe(fault: Fault) -> str:
    """Return a fault as it is written in files and commands."""
    parameter = strength_of(type(fault))
    value = None if parameter is None else getattr(fault, parameter)
    return fault.name if value is None else f"{fault.name} {value}"


def _converted(kind: type[Fault], parameter: str, text: str) -> object:
    hint = str(get_type_hints(kind)[parameter])
    convert = next(to for word, to in _NUMBER.items() if word in hint)
    try:
        return convert(text)
    except ValueError:
        raise ValueError(f"{kind.name} {text!r}: {parameter} must be a number") from None
