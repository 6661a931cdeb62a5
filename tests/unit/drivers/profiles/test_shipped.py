from __future__ import annotations

import pytest

from drivers.profiles.find import list_profiles
from drivers.profiles.load import load_profile


@pytest.mark.parametrize("name", sorted(list_profiles()))
def test_every_shipped_profile_loads_and_its_replies_can_be_told_apart(name: str) -> None:
    profile = load_profile(name)
    lengths = [
        (block.space, (block.count + 7) // 8 if block.space in {"coil", "discrete"} else block.count)
        for block in profile.blocks
    ]
    assert len(set(lengths)) == len(lengths)
    assert profile.probe is not None
    assert (profile.probe.space, profile.probe.count) not in lengths


def test_sdm630_takes_three_reads_of_at_most_80_registers() -> None:
    profile = load_profile("eastron-sdm630")
    assert [(block.start, block.count) for block in profile.blocks] == [(0, 36), (52, 24), (346, 12)]


def test_phoenix_is_read_without_touching_unknown_registers() -> None:
    profile = load_profile("phoenix-em-cp-pp-eth")
    for block in profile.blocks:
        assert sum(point.count for point in block.points) == block.count
    assert not profile.point("cable_limit").verified
