from __future__ import annotations

import pytest

from drivers.modbus.requests import Read, Reply, Write
from tests.real_time import clock


def test_the_characters_of_request_and_reply_are_counted() -> None:
    assert Read(unit=1, space="input", address=0, count=2).wire_bytes == 8 + 9
    assert Read(unit=1, space="input", address=0, count=80).wire_bytes == 8 + 165
    assert Read(unit=1, space="coil", address=0, count=9).wire_bytes == 8 + 7
    assert Write(unit=1, function=6, address=0, values=(1,)).wire_bytes == 8 + 8
    assert Write(unit=1, function=16, address=0, values=(1, 2)).wire_bytes == 13 + 8


@pytest.mark.parametrize(
    "read",
    [
        Read(unit=1, space="input", address=0, count=7),
        Read(unit=1, space="holding", address=0, count=1),
        Read(unit=1, space="coil", address=0, count=9),
    ],
)
def test_a_reply_bears_the_mark_of_its_read(read: Read) -> None:
    size = read.data_bytes * 8 if read.space == "coil" else read.count
    assert Reply(unit=1, function=read.function, values=(0,) * size, arrived=clock()).read_mark == read.mark
