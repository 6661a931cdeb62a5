"""Contract identifiers (eMAID): the forms of ISO 15118-1 and DIN SPEC 91286, and their check digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORM = re.compile(r"([A-Z]{2})([0-9A-Z]{3})([0-9A-Z]{9}|[0-9A-Z]{6})([0-9A-Z]?)")
_SEPARATORS = str.maketrans("", "", "-*")

Pair = tuple[int, int]
_STEP_2: tuple[Pair, Pair] = ((0, 1), (1, 1))
_STEP_3: tuple[Pair, Pair] = ((0, 1), (1, 2))


class NotAnEmaid(ValueError):
    """The text has neither form of a contract identifier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emaid:
    """A contract identifier in capitals. `check_digit` is "" where it was left out."""

    country: str
    provider: str
    instance: str
    check_digit: str

    @property
    def standard(self) -> Literal["ISO 15118", "DIN 91286"]:
        """Whose form it has."""
        return "ISO 15118" if len(self.instance) == 9 else "DIN 91286"

    @property
    def computed_check_digit(self) -> str:
        """What the check digit ought to be."""
        body = f"{self.country}{self.provider}{self.instance}"
        return _iso_digit(body) if self.standard == "ISO 15118" else _din_digit(body)

    @property
    def has_wrong_check_digit(self) -> bool:
        """Whether there is a check digit, and another one belongs there. Contracts in use have such."""
        return self.check_digit not in ("", self.computed_check_digit)

    def __str__(self) -> str:
        parts = (self.country, self.provider, self.instance, self.check_digit)
        return "-".join(part for part in parts if part)


def read_emaid(text: str) -> Emaid:
    """Return what a contract identifier says; hyphens (DIN: stars too) and capitals are optional.

    Raises:
        NotAnEmaid: If it has neither form.
    """
    found = _FORM.fullmatch(plain(text))
    if found is None:
        raise NotAnEmaid(
            f"{text!r} is no contract identifier: two letters for the country, three characters for the "
            "provider, then nine (ISO 15118) or six (DIN 91286), and perhaps a check digit"
        )
    country, provider, instance, check_digit = found.groups()
    return Emaid(country=country, provider=provider, instance=instance, check_digit=check_digit)


def plain(text: str) -> str:
    """Return a contract identifier as it compares: in capitals, without separators."""
    return text.translate(_SEPARATORS).upper()


def is_same(one: str, other: str) -> bool:
    """Return whether two texts name one contract, ignoring hyphens and case."""
    return plain(one) == plain(other)


def _iso_digit(body: str) -> str:
    """Return the check character of ISO 15118: one linear code over two bits, one over two ternary digits.

    A character's number, 0 to 35, is split into two bits (its ninths) and two ternary digits (the rest). The
    code words are those whose characters, each multiplied by the power of a matrix that its place says, add
    up to nothing; the check character is in place 15. The binary matrix's 15th power is one, the ternary
    one's eighth is, which leaves one step to undo.
    """
    binary, ternary = (0, 0), (0, 0)
    for place, character in enumerate(body, 1):
        number = _ALPHABET.index(character)
        bits, digits = divmod(number // 9, 2), divmod(number % 9, 3)
        for _ in range(place):
            bits, digits = _times(bits, _STEP_2, 2), _times(digits, _STEP_3, 3)
        binary, ternary = _plus(binary, bits, 2), _plus(ternary, digits, 3)
    first, second = _times((-ternary[0], -ternary[1]), _STEP_3, 3)
    return _ALPHABET[(binary[0] * 2 + binary[1]) * 9 + first * 3 + second]


def _din_digit(body: str) -> str:
    """Return the check digit of DIN SPEC 91286: digits weighted by powers of two, modulo 11, X for ten."""
    digits = "".join(str(_ALPHABET.index(character)) for character in body)
    rest = sum(int(digit) << place for place, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


def _times(pair: Pair, matrix: tuple[Pair, Pair], base: int) -> Pair:
    return (
        (pair[0] * matrix[0][0] + pair[1] * matrix[1][0]) % base,
        (pair[0] * matrix[0][1] + pair[1] * matrix[1][1]) % base,
    )


def _plus(one: Pair, other: Pair, base: int) -> Pair:
    return (one[0] + other[0]) % base, (one[1] + other[1]) % base
