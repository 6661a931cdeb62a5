"""Faults as words: `meter1 crc for 5 every 60`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from drivers.emulated.faults.injection import Injection, Schedule, Where
from drivers.emulated.faults.names import describe, make_fault

NUMBERS = ("at", "every", "for", "times", "chance")
ALL = "all"


@dataclass(slots=True)
class Parts:
    """What was said so far."""

    numbers: dict[str, float] = field(default_factory=dict)
    points: set[str] = field(default_factory=set)
    functions: set[int] = field(default_factory=set)
    addresses: range | None = None


def parse_fault(words: Sequence[str]) -> Injection:
    """Return the fault that `DEVICE NAME [NUMBER] [at S] ...` describes.

    Raises:
        ValueError: If it describes none; the message says why.
    """
    if len(words) < 2:
        raise ValueError("a device (or 'all') and the name of a fault are needed")
    device, name, *rest = words
    strength = rest.pop(0) if rest and rest[0] not in {*NUMBERS, "point", "address", "function"} else None
    fault = make_fault(name, strength)
    parts = _parts(rest)
    numbers = parts.numbers
    return Injection(
        fault=fault,
        where=Where(
            devices=frozenset() if device == ALL else frozenset({device}),
            functions=frozenset(parts.functions),
            points=frozenset(parts.points),
            addresses=parts.addresses,
        ),
        when=Schedule(
            at_s=numbers.get("at", 0.0),
            every_s=numbers.get("every"),
            for_s=numbers.get("for"),
            times=int(numbers["times"]) if "times" in numbers else None,
            probability=numbers.get("chance", 1.0),
        ),
    )


def fault_words(injection: Injection) -> str:
    """Return the words that `parse_fault` makes the same of."""
    where, when = injection.where, injection.when
    words = [" ".join(sorted(where.devices)) or ALL, describe(injection.fault)]
    numbers = {
        "at": when.at_s or None,
        "every": when.every_s,
        "for": when.for_s,
        "times": when.times,
        "chance": None if when.probability == 1 else when.probability,
    }
    words += [f"{word} {number:g}" for word, number in numbers.items() if number is not None]
    words += [f"point {point}" for point in sorted(where.points)]
    if where.addresses is not None:
        words.append(f"address {where.addresses.start}-{where.addresses.stop - 1}")
    words += [f"function {function}" for function in sorted(where.functions)]
    return " ".join(words)


def addresses_of(text: str) -> range:
    """Return the addresses that `72` or `72-75` means.

    Raises:
        ValueError: If it means none.
    """
    first, _, last = text.partition("-")
    low, high = int(first, 0), int(last or first, 0)
    if not 0 <= low <= high <= 0xFFFF:
        raise ValueError(f"{text} is no address or range of addresses")
    return range(low, high + 1)


def _parts(words: Sequence[str]) -> Parts:
    if len(words) % 2:
        raise ValueError(f"{words[-1]!r}: something is missing after it")
    parts = Parts()
    for word, text in zip(words[::2], words[1::2], strict=True):
        if word in NUMBERS:
            parts.numbers[word] = _number(word, text)
        elif word == "point":
            parts.points.add(text)
        elif word == "function":
            parts.functions.add(int(_number(word, text)))
        elif word == "address":
            parts.addresses = addresses_of(text)
        else:
            raise ValueError(f"{word!r} is none of {', '.join(NUMBERS)}, point, address, function")
    return parts


def _number(word: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{word} takes a number, not {text!r}") from None
