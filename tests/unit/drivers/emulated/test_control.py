from __future__ import annotations

import socket
from pathlib import Path

import pytest

from drivers.emulated.control import controlled
from drivers.emulated.rig import Rig
from drivers.emulated.rig_spec import RigSpec


def rig() -> Rig:
    return Rig(RigSpec(bays={}, lines={}, devices={}))


async def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine", "utf-8")
    with pytest.raises(FileExistsError, match="is no socket"):
        async with controlled(rig(), notes):
            raise AssertionError("it was taken")
    assert notes.read_text("utf-8") == "mine"


async def test_the_socket_of_a_program_that_runs_is_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "rig"
    async with controlled(rig(), path):
        with pytest.raises(FileExistsError, match="belongs to a program"):
            async with controlled(rig(), path):
                raise AssertionError("it was taken")
        assert path.is_socket()
    assert not path.exists()


async def test_a_socket_that_nobody_answers_at_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "rig"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    async with controlled(rig(), path):
        assert path.is_socket()
