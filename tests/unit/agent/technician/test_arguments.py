from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from agent.technician.arguments import directory, seconds, whole_number


@pytest.mark.parametrize(("text", "value"), [("0.01", 0.01), ("2", 2.0), ("3600", 3600.0)])
def test_a_time_is_taken(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["0", "-1", "3601", "inf", "nan", "soon", ""])
def test_what_nobody_can_wait_for_is_no_time(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"is no time; expected 0\.01 to 3600 seconds"):
        seconds(text)


@pytest.mark.parametrize("text", ["1", "247"])
def test_a_whole_number_is_taken(text: str) -> None:
    assert whole_number(1, 247)(text) == int(text)


@pytest.mark.parametrize("text", ["0", "248", "-1", "1.0", "x", "", "\u00b2"])
def test_a_number_out_of_bounds_is_refused_with_the_bounds(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a whole number from 1 to 247"):
        whole_number(1, 247)(text)


def test_a_directory_must_be_there(tmp_path: Path) -> None:
    assert directory(str(tmp_path)) == tmp_path
    with pytest.raises(argparse.ArgumentTypeError, match="is no directory"):
        directory(str(tmp_path / "nowhere"))
