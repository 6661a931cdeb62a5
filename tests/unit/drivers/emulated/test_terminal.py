from __future__ import annotations

import os
from pathlib import Path

from drivers.emulated.terminal import Lines


async def test_lines_of_a_pipe_as_they_come() -> None:
    source, sink = os.pipe()
    try:
        async with Lines(source) as lines:
            incoming = aiter(lines)
            os.write(sink, b"plug\nun")
            assert await anext(incoming) == "plug"
            os.write(sink, b"plug\n\nlast")
            assert await anext(incoming) == "unplug"
            assert await anext(incoming) == ""
            os.close(sink)
            assert [line async for line in incoming] == ["last"]
    finally:
        os.close(source)


async def test_lines_of_a_regular_file(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("plug\n" * 3000 + "quit")
    with script.open() as file:
        async with Lines(file.fileno()) as lines:
            assert [line async for line in lines] == ["plug"] * 3000 + ["quit"]


async def test_nothing_comes_from_the_null_device() -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    try:
        async with Lines(null) as lines:
            assert [line async for line in lines if line] == []
    finally:
        os.close(null)


async def test_a_terminal_that_goes_away_ends_the_lines() -> None:
    ours, theirs = os.openpty()
    try:
        async with Lines(ours) as lines:
            incoming = aiter(lines)
            os.write(theirs, b"status\n")
            assert (await anext(incoming)).strip() == "status"
            os.close(theirs)
            assert [line async for line in incoming if line] == []
    finally:
        os.close(ours)


async def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    source, sink = os.pipe()
    try:
        async with Lines(source) as lines:
            os.write(sink, b"\xff\n")
            os.close(sink)
            assert [line async for line in lines if line] == ["�"]
    finally:
        os.close(source)
