from __future__ import annotations

from drivers.profiles.block import Block
from drivers.profiles.point import Point


def test_a_block_gives_each_point_its_own_registers() -> None:
    first = Point(name="a", space="input", address=10, type="uint16")
    second = Point(name="b", space="input", address=12, type="uint32")
    block = Block(space="input", start=10, count=4, points=(first, second))
    assert list(block.slice(first, (1, 2, 3, 4))) == [1]
    assert list(block.slice(second, (1, 2, 3, 4))) == [3, 4]
