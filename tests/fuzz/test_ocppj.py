"""Whatever a peer sends, a link does not raise, does not grow, and goes on working."""

from __future__ import annotations

import itertools
import json
import random
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocppj.errors import ErrorCode
from ocppj.frames import MAX_FRAME_BYTES
from ocppj.link import CallReceived, Event, FrameRejected, Link, ResultReceived
from ocppj.messages import v16, v21, v201
from ocppj.versions import Version
from tests.unit.ocppj.schemas import Instances, subjects

MODULES = {Version.V16: v16, Version.V201: v201, Version.V21: v21}
QUEUE, OPEN = 20, 10

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=20,
)
versions = st.sampled_from(list(Version))
message_ids = st.sampled_from(["ours", "a", "-1", "", "x" * 37]) | st.text(max_size=40)
settled = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def busy_link(version: Version) -> Link:
    """A link with a call of ours outstanding."""
    numbers = itertools.count()
    link = Link(version, new_id=lambda: f"n{next(numbers)}", max_queue=QUEUE, max_open_calls=OPEN)
    link.call(MODULES[version].HeartbeatRequest(), deadline_s=10, message_id="ours")
    link.outgoing(0.0)
    return link


def check_it_still_works(link: Link, events: list[Event]) -> None:
    """What waits to be sent is bounded and is JSON; then a call of each side gets through."""
    texts = link.outgoing(0.0)
    assert len(texts) <= QUEUE
    assert all(json.loads(text)[0] in {4, 5} for text in texts)
    opened = [event.message_id for event in events if isinstance(event, CallReceived)]
    assert len(opened) <= OPEN
    for message_id in opened:
        link.reply_error(message_id, ErrorCode.GENERIC_ERROR)
    link.expire(10.0)
    link.outgoing(10.0)
    (event,) = link.receive('[2,"fresh","Heartbeat",{}]', 10.0)
    assert isinstance(event, CallReceived)
    link.call(MODULES[link.version].HeartbeatRequest(), deadline_s=10, message_id="last")
    assert [json.loads(text)[1] for text in link.outgoing(10.0)] == ["last"]
    (event,) = link.receive('[3,"last",{"currentTime":"2026-01-02T03:04:05Z"}]', 10.0)
    assert isinstance(event, ResultReceived)


def feed(version: Version, frames: list[str | bytes]) -> None:
    link = busy_link(version)
    events = [event for frame in frames for event in link.receive(frame, 0.0)]
    for event in events:
        if isinstance(event, FrameRejected):
            assert event.description.isprintable()
            event.excerpt.encode()
    check_it_still_works(link, events)


@settled
@given(versions, st.lists(st.text(st.characters(), max_size=200) | st.binary(max_size=200), max_size=5))
def test_any_text_and_any_bytes(version: Version, frames: list[str | bytes]) -> None:
    feed(version, frames)


@settled
@given(versions, st.lists(values.map(json.dumps), max_size=5))
def test_any_json(version: Version, frames: list[str | bytes]) -> None:
    feed(version, frames)


def frame_shaped(message_type: int, message_id: str, rest: list[Any]) -> str:
    return json.dumps([message_type, message_id, *rest])


names = st.sampled_from(["Heartbeat", "Reset", "NotifyPeriodicEventStream", "InternalError", "Bogus"])


@settled
@given(
    versions,
    st.lists(
        st.builds(frame_shaped, st.integers(-1, 9), message_ids, st.lists(names | values, max_size=4)),
        min_size=1,
        max_size=OPEN + 2,
    ),
)
def test_anything_shaped_like_a_frame(version: Version, frames: list[str | bytes]) -> None:
    feed(version, frames)


@cache
def calls(version: Version) -> list[str]:
    """A full call of every action."""
    return [
        json.dumps(
            [
                2,
                "a",
                subject.name.removesuffix("Request"),
                Instances(subject.name, subject.schema, set()).full(),
            ]
        )
        for subject in subjects(version)
        if subject.name.endswith("Request")
    ]


def damaged(text: str, seed: int) -> str:
    """Cut, double, swap or replace a few characters."""
    dice = random.Random(seed)
    for _ in range(dice.randint(0, 3)):
        at, to = sorted((dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)))
        piece = text[at : min(to, at + 8)]
        middle = dice.choice(["", piece * 2, piece[::-1], dice.choice('[]{}",:\\0e-.nullé\ud800')])
        text = text[:at] + middle + text[at + len(piece) :]
    return text


@settled
@given(versions, st.integers(0, 1000), st.lists(st.integers(0), min_size=1, max_size=5))
def test_damaged_calls(version: Version, which: int, seeds: list[int]) -> None:
    text = calls(version)[which % len(calls(version))]
    feed(version, [damaged(text, seed) for seed in seeds])


@settled
@given(versions, st.integers(0, 1000), st.integers(0, MAX_FRAME_BYTES + 100), st.sampled_from('[{"\\ a0é'))
def test_large_frames(version: Version, which: int, size: int, filling: str) -> None:
    text = calls(version)[which % len(calls(version))]
    feed(version, [text[: len(text) // 2] + filling * size])
