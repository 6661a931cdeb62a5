from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.profiles.links import SunSpec
from drivers.profiles.sunspec import MOST_MODELS, ModelWalk, SunSpecError

METER = SunSpec(bases=(0, 40000, 50000), model=203)


def walk(where: SunSpec, memory: Mapping[int, int]) -> tuple[int | None, int]:
    """Return where the model was found and how many reads that took."""
    search, reads = ModelWalk(where), 0
    while search.found is None:
        chunk = search.wants
        addresses = range(chunk.address, chunk.address + chunk.count)
        there = all(address in memory for address in addresses)
        search.take([memory[address] for address in addresses] if there else None)
        reads += 1
    return search.found, reads


def memory_of(base: int, models: list[tuple[int, int]]) -> dict[int, int]:
    """Return the registers of a map: models with their lengths."""
    registers = [0x5375, 0x6E53]
    for model, length in models:
        registers += [model, length, *([7] * length)]
    return dict(enumerate([*registers, 0xFFFF, 0], base))


@pytest.mark.parametrize("base", METER.bases)
def test_a_model_is_found_behind_others_wherever_the_map_begins(base: int) -> None:
    assert walk(METER, memory_of(base, [(1, 66), (203, 105)]))[0] == base + 2 + 68


def test_a_map_may_begin_after_something_else_was_found_at_another_base() -> None:
    memory = {0: 1, 1: 2} | memory_of(40000, [(203, 105)])
    assert walk(METER, memory) == (40002, 3)


@pytest.mark.parametrize(
    ("memory", "problem"),
    [
        ({}, "no SunSpec map at 0 or 40000 or 50000"),
        (memory_of(0, [(1, 66), (160, 8)]), "no SunSpec model 203, only model 1, 160"),
        (memory_of(0, []), "no SunSpec model 203, only no model"),
        ({0: 0x5375, 1: 0x6E53, 2: 1, 3: 4}, "breaks off at 8, after model 1"),
        (memory_of(0, [(1, 0)]), "has no end: it goes on with model 1"),
        ({0: 0x5375, 1: 0x6E53, 2: 1, 3: 65535}, "has no end"),
        (memory_of(0, [(9, 1)] * (MOST_MODELS + 1)), "has no end"),
    ],
)
def test_what_is_wrong_with_a_map_is_told(memory: dict[int, int], problem: str) -> None:
    with pytest.raises(SunSpecError, match=problem):
        walk(METER, memory)


def test_an_owner_that_gives_too_little_is_told() -> None:
    with pytest.raises(ValueError, match="2 registers were wanted, not 1"):
        ModelWalk(METER).take([0x5375])


@given(st.lists(st.tuples(st.integers(0, 65535), st.integers(0, 300)), max_size=120), st.integers(0, 65535))
def test_any_map_is_walked_to_an_end(models: list[tuple[int, int]], model: int) -> None:
    where = SunSpec(bases=(0,), model=model)
    try:
        found, reads = walk(where, memory_of(0, models))
    except SunSpecError:
        return
    assert found is not None
    assert memory_of(0, models)[found] == model
    assert reads <= MOST_MODELS + 2
