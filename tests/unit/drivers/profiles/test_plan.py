from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drivers.profiles.block import Block
from drivers.profiles.plan import PlanError, choose_probe, compile_plan, shapes_differ
from drivers.profiles.point import Point, Poll, ScaledBy


def point(address: int, type_name: str = "float32", *, readable: bool = True) -> Point:
    space = "coil" if type_name == "coil" else "input"
    return Point(name=f"p{address}", space=space, address=address, type=type_name, readable=readable)  # type: ignore[arg-type]  # a literal picked above


def spans(blocks: tuple[Block, ...]) -> list[tuple[int, int]]:
    return [(block.start, block.count) for block in blocks]


def wire_length(block: Block) -> tuple[str, int]:
    return block.space, (block.count + 7) // 8 if block.space == "coil" else block.count * 2


def test_neighbours_share_a_read() -> None:
    assert spans(compile_plan([point(0), point(2), point(4)], max_read=80, max_hole=0)) == [(0, 6)]


def test_a_hole_is_read_through_up_to_the_limit() -> None:
    points = [point(0), point(10), point(30, "uint16")]
    assert spans(compile_plan(points, max_read=80, max_hole=8)) == [(0, 12), (30, 1)]


def test_a_read_is_never_longer_than_max_read() -> None:
    points = [point(address) for address in range(0, 14, 2)]
    assert spans(compile_plan(points, max_read=8, max_hole=0)) == [(0, 8), (8, 6)]


def test_reads_of_the_same_length_are_split() -> None:
    points = [point(0), point(2), point(4), point(100), point(102), point(104)]
    blocks = compile_plan(points, max_read=80, max_hole=0)
    assert spans(blocks) == [(0, 6), (100, 2), (102, 4)]


def test_single_points_of_the_same_length_are_read_past_their_end_where_holes_are_allowed() -> None:
    blocks = compile_plan([point(0), point(100), point(200)], max_read=80, max_hole=2)
    assert sorted(block.count for block in blocks) == [2, 3, 4]


def test_a_plan_that_cannot_tell_replies_apart_is_refused() -> None:
    with pytest.raises(PlanError, match=r"p100 .* max_hole 0"):
        compile_plan([point(0), point(100)], max_read=80, max_hole=0)


def test_equal_lengths_under_different_functions_are_told_apart() -> None:
    other = Point(name="h", space="holding", address=0, type="float32")
    assert len(compile_plan([point(0), other], max_read=80, max_hole=0)) == 2


def test_coils_are_told_apart_by_bytes_not_bits() -> None:
    with pytest.raises(PlanError):
        compile_plan([point(0, "coil"), point(100, "coil"), point(101, "coil")], max_read=80, max_hole=0)


def test_overlapping_points_are_refused() -> None:
    with pytest.raises(PlanError, match="p1 overlaps p0"):
        compile_plan([point(0), point(1)], max_read=80, max_hole=0)


def test_a_point_longer_than_a_read_is_refused() -> None:
    with pytest.raises(PlanError, match="max_read is 1"):
        compile_plan([point(0)], max_read=1, max_hole=0)


def test_write_only_points_are_not_read() -> None:
    assert compile_plan([point(0, readable=False)], max_read=80, max_hole=0) == ()


@given(
    st.lists(st.integers(0, 300), unique=True, min_size=1, max_size=40),
    st.integers(2, 125),
    st.integers(0, 20),
)
def test_every_plan_reads_every_point_once_within_the_limits(
    places: list[int], max_read: int, max_hole: int
) -> None:
    points = [point(2 * place) for place in places]
    try:
        blocks = compile_plan(points, max_read=max_read, max_hole=max_hole)
    except PlanError:
        assume(False)
    assert sorted(p.name for block in blocks for p in block.points) == sorted(p.name for p in points)
    assert len({wire_length(block) for block in blocks}) == len(blocks)
    for block in blocks:
        assert block.count <= max_read
        inside = [p for p in block.points if block.start <= p.address and p.end <= block.start + block.count]
        assert inside == list(block.points)
        ends = [block.start, *(p.end for p in block.points)]
        starts = [*(p.address for p in block.points), block.start + block.count]
        assert all(start - end <= max_hole for start, end in zip(starts, ends, strict=True))


def test_the_probe_is_unlike_every_block() -> None:
    blocks = compile_plan([point(0), point(2), point(4), point(100)], max_read=80, max_hole=0)
    probe = choose_probe(blocks)
    assert spans(blocks) == [(0, 6), (100, 2)]
    assert probe is not None
    assert (probe.start, probe.count) == (0, 4)


def test_a_device_of_one_point_has_no_probe() -> None:
    assert choose_probe(compile_plan([point(0)], max_read=80, max_hole=0)) is None


def word(name: str, address: int, *, scaled_by: str = "", poll: Poll = "fast") -> Point:
    scales = (ScaledBy(scaled_by, "exponent"),) if scaled_by else ()
    return Point(name=name, space="input", address=address, type="uint16", scaled_by=scales, poll=poll)


def names(blocks: tuple[Block, ...]) -> list[list[str]]:
    return [[p.name for p in block.points] for block in blocks]


def test_a_read_does_not_cross_a_barrier() -> None:
    points = [point(0), point(2), point(4)]
    assert spans(compile_plan(points, max_read=80, max_hole=0, barriers=(2,))) == [(0, 2), (2, 4)]


def test_a_read_is_not_made_longer_across_a_barrier() -> None:
    points = [point(0), point(100)]
    assert spans(compile_plan(points, max_read=80, max_hole=2, barriers=(2, 3))) == [(0, 2), (100, 4)]
    with pytest.raises(PlanError, match="no room to make it longer"):
        compile_plan(points, max_read=80, max_hole=2, barriers=(2, 102))


def test_a_barrier_inside_a_value_is_refused() -> None:
    with pytest.raises(PlanError, match="a barrier lies inside p0"):
        compile_plan([point(0)], max_read=80, max_hole=0, barriers=(1,))


def test_a_read_is_made_longer_by_whole_pairs_of_registers_if_it_can() -> None:
    assert spans(compile_plan([point(0), point(100)], max_read=80, max_hole=2)) == [(0, 2), (100, 4)]
    assert spans(compile_plan([point(0), point(100)], max_read=80, max_hole=1)) == [(0, 2), (100, 3)]


def test_a_choice_that_leads_nowhere_is_taken_back() -> None:
    points = [point(0), point(50), point(52), point(100, "uint16"), point(101)]
    # 0 alone has 2 registers, so 50 and 52 need 4 and the last, with 3, must stay whole.
    assert spans(compile_plan(points, max_read=80, max_hole=0)) == [(0, 2), (50, 4), (100, 3)]
    more = [*points, point(200), point(202)]
    assert {block.count for block in compile_plan(more, max_read=80, max_hole=4)} == {2, 3, 4, 6}


def test_points_of_different_poll_classes_are_read_apart() -> None:
    points = [word("a", 0), word("b", 1, poll="slow"), word("c", 2), word("d", 3), word("e", 4, poll="once")]
    blocks = compile_plan(points, max_read=80, max_hole=2)
    assert all(len({p.poll for p in block.points}) == 1 for block in blocks)
    assert len({block.count for block in blocks}) == len(blocks)


def test_a_value_and_its_scale_are_never_split() -> None:
    points = [word("a", 0), word("b", 1), word("v", 100, scaled_by="s"), word("s", 101)]
    blocks = compile_plan(points, max_read=80, max_hole=1)
    assert ["v", "s"] in names(blocks)


def test_another_read_is_split_before_one_that_cannot_be_is_made_longer() -> None:
    others = [word("a", 0), word("b", 1), word("c", 2)]
    bonded = [word("v", 100, scaled_by="s"), word("s", 101), word("w", 102, scaled_by="s")]
    blocks = compile_plan([*others, *bonded], max_read=80, max_hole=8)
    assert spans(blocks) == [(0, 1), (1, 2), (100, 3)]


def test_a_scale_that_one_read_cannot_take_with_its_value_must_be_read_once() -> None:
    points = [word("v", 0, scaled_by="s"), word("s", 90)]
    with pytest.raises(PlanError, match=r"s scales v, but one read cannot take both.*'poll: once'"):
        compile_plan(points, max_read=80, max_hole=2)
    constant = [points[0], word("s", 90, poll="once")]
    assert len(compile_plan(constant, max_read=80, max_hole=2)) == 2


def test_a_hopeless_search_ends() -> None:
    points = [point(100 * place) for place in range(60)]
    with pytest.raises(PlanError, match="could pass for the other"):
        compile_plan(points, max_read=125, max_hole=30)


def masked(name: str, address: int, mask: int, *, poll: Poll = "fast", type_name: str = "uint16") -> Point:
    return Point(name=name, space="input", address=address, type=type_name, mask=mask, poll=poll)


def test_points_with_masks_share_their_registers() -> None:
    points = [masked("b", 1, 0xF0), word("after", 2), masked("a", 1, 0x0F), word("before", 0)]
    blocks = compile_plan(points, max_read=80, max_hole=0)
    assert (spans(blocks), names(blocks)) == ([(0, 3)], [["before", "b", "a", "after"]])


def test_points_with_masks_are_not_split_from_each_other() -> None:
    points = [masked("a", 0, 0x0F), masked("b", 0, 0xF0), word("c", 1), word("x", 100), word("y", 101)]
    blocks = compile_plan(points, max_read=80, max_hole=1)
    assert len({block.count for block in blocks}) == len(blocks)
    assert [names((block,)) for block in blocks if "a" in names((block,))[0]] == [[["a", "b", "c"]]]


@pytest.mark.parametrize(
    "other", [word("other", 0), masked("other", 0, 0xF, type_name="uint32"), point(0, "uint32")]
)
def test_only_masks_of_the_same_registers_may_share_them(other: Point) -> None:
    with pytest.raises(PlanError, match="overlaps"):
        compile_plan([masked("a", 0, 0x0F), other], max_read=80, max_hole=0)


def test_points_read_on_demand_are_not_in_the_plan_and_may_lie_anywhere() -> None:
    points = [word("a", 0), word("b", 0, poll="on_demand")]
    assert names(compile_plan(points, max_read=80, max_hole=0)) == [["a"]]


def test_one_per_read_reads_each_point_alone() -> None:
    points = [point(0), point(2), masked("a", 4, 1), masked("b", 4, 2)]
    blocks = compile_plan(points, max_read=80, max_hole=8, one_per_read=True)
    assert names(blocks) == [["p0"], ["p2"], ["a", "b"]]
    assert not shapes_differ(blocks)


def test_one_per_read_cannot_read_a_value_with_its_scale() -> None:
    with pytest.raises(PlanError, match="one read cannot take both"):
        compile_plan([word("a", 0, scaled_by="b"), word("b", 1)], max_read=80, max_hole=0, one_per_read=True)
    points = [word("a", 0, scaled_by="b"), word("b", 1, poll="once")]
    assert len(compile_plan(points, max_read=80, max_hole=0, one_per_read=True)) == 2


def test_part_of_a_value_can_be_the_probe_where_nothing_else_is_left() -> None:
    blocks = compile_plan([point(0), point(2)], max_read=80, max_hole=0, one_per_read=True)
    assert choose_probe(blocks) is None
    probe = choose_probe(blocks, pieces=True)
    assert probe is not None
    assert (probe.start, probe.count, probe.points) == (0, 1, ())


def test_what_is_in_the_way_is_named() -> None:
    with pytest.raises(PlanError) as caught:
        compile_plan([point(0), point(1)], max_read=80, max_hole=0)
    assert caught.value.point == "p1"


def test_more_reads_than_there_are_lengths_are_refused_at_once() -> None:
    with pytest.raises(PlanError, match="more than 250 reads"):
        compile_plan([word(f"p{n}", 2 * n) for n in range(300)], max_read=80, max_hole=0)
