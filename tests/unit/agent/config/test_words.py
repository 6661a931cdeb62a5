from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest

from agent.config.words import hint, key_path, meant, toml_error


class Wheel(msgspec.Struct, forbid_unknown_fields=True):
    size: Literal[20, 28]
    kinds: tuple[Literal["front", "rear"], ...] = ()


class Bicycle(msgspec.Struct, forbid_unknown_fields=True):
    wheels: Annotated[tuple[Wheel, ...], msgspec.Meta(min_length=1)]
    colour: Literal["red", "blue"] | None = None


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("$.colour", "red, blue"),
        ("$.wheels[1].size", "20, 28"),
        ("$.wheels[0].kinds[3]", "front, rear"),
    ],
)
def test_a_wrong_word_is_told_the_right_ones(place: str, words: str) -> None:
    assert hint(place, "Invalid enum value 'x'", Bicycle) == f"; choose from {words}"


def test_an_unknown_key_is_told_the_closest_of_any_table() -> None:
    problem = "Object contains unknown field `sise`"
    assert hint("$.wheels[0]", problem, Bicycle) == " (did you mean size?)"
    assert key_path("$.wheels[0]", problem) == "$.wheels[0].sise"


def test_other_problems_need_no_hint() -> None:
    assert hint("$.colour", "Expected `str`, got `int`", Bicycle) == ""
    assert key_path("$.colour", "Expected `str`, got `int`") == "$.colour"
    assert meant("quite different", ["size"]) == ""


def test_where_toml_is_wrong() -> None:
    assert toml_error("a\nb", "Invalid value (at line 2, column 1)") == (2, "Invalid value")
    assert toml_error("a\nb", "Unclosed array (at end of document)") == (2, "Unclosed array")
    assert toml_error("a", "too deep") == (None, "too deep")
