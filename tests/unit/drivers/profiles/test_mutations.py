"""Profiles that somebody spoiled: whatever is in the file, the loader says what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from drivers.profiles.describe import describe
from drivers.profiles.errors import ProfileError
from drivers.profiles.find import list_profiles
from drivers.profiles.load import load_profile
from tests.unit.drivers.profiles.samples import CONTROLLER, READER, SUNSPEC_METER

SHIPPED = {name: path.read_text(encoding="utf-8") for name, path in list_profiles().items()}
TEXTS = [text.replace(f"id: {name}", "id: demo", 1) for name, text in SHIPPED.items()]
TEXTS += [CONTROLLER, READER, SUNSPEC_METER]
TOKEN = re.compile(r"[A-Za-z0-9_.$\"'*]+|[\[\]{},:]")
TOKENS: list[str] = sorted({token for text in TEXTS for token in TOKEN.findall(text)})
HOSTILE = (
    "~", "''", "[]", "{}", "[[]]", "{a: 1}", "-1", "0", "1e999999999", "-1e40", "0x" + "f" * 30, "9" * 5000,
    ".nan", ".inf", "yes", "'x'", "$x", "*", "&a x", "!t x", "٣", "\0", "\t", "- 1", "? x", "<<", "| ", "%",
    "{at_least: 1}", "65536", "4097", "on_demand", "coil", "bytes", "string", "pilot", "\ufeff",
)  # fmt: skip
ROUNDS = 30


@pytest.mark.parametrize("seed", range(6))
def test_a_spoiled_profile_loads_or_says_where_it_is_wrong(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    path = tmp_path / "demo.yaml"
    for _ in range(ROUNDS):
        path.write_text(spoiled(random.choice(TEXTS), random), encoding="utf-8")
        error = what_is_wrong(path)
        assert error is None or (error.line is not None and error.problem)


def what_is_wrong(path: Path) -> ProfileError | None:
    """Return the complaint; without one the profile must be usable."""
    try:
        profile = load_profile(path)
    except ProfileError as error:
        return error
    assert list(describe(profile))
    assert profile.variant({}).points == profile.points
    return None


def spoiled(text: str, random: Random) -> str:
    """Return the text with a few things in it replaced, left out, swapped or cut off."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        text = random.choice(WAYS)(text, random)
    return text


def _place(text: str, random: Random) -> tuple[int, int]:
    places = [match.span() for match in TOKEN.finditer(text)]
    return random.choice(places) if places else (0, 0)


def _replaced(text: str, random: Random) -> str:
    begin, end = _place(text, random)
    return text[:begin] + random.choice(HOSTILE) + text[end:]


def _taken_elsewhere(text: str, random: Random) -> str:
    begin, end = _place(text, random)
    return text[:begin] + random.choice(TOKENS) + text[end:]


def _left_out(text: str, random: Random) -> str:
    begin, end = _place(text, random)
    return text[:begin] + text[end:]


def _line_moved(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randrange(len(lines) + 1), " " * random.randrange(4) + line.lstrip(" "))
    return "".join(lines)


def _cut(text: str, random: Random) -> str:
    begin = random.randrange(len(text) + 1)
    return text[:begin] + text[random.randrange(len(text) + 1) :]


WAYS: tuple[Callable[[str, Random], str], ...] = (
    _replaced, _replaced, _taken_elsewhere, _left_out, _line_moved, _cut,
)  # fmt: skip
