"""Answers about certificates on the flash."""

from __future__ import annotations

import sqlite3

import pytest

from agent.store.chain_statuses import SCHEMA, Kept, forget, load, save

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def opened() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


def good(name: str, until_s: float) -> Kept:
    return Kept(name=name, status="Good", until_s=until_s)


def test_a_newer_answer_takes_the_place_of_the_one_before(opened: sqlite3.Connection) -> None:
    revoked = Kept(name="a", status="Revoked", until_s=30)
    save(opened, (good("a", 20), good("b", 20)), 10)
    save(opened, (revoked,), 11)
    assert load(opened, NAMES) == {"a": revoked, "b": good("b", 20)}
    forget(opened, "b")
    assert load(opened, NAMES) == {"a": revoked}
    assert load(opened, ("b",)) == {}


def test_what_is_outdated_goes_with_the_next(opened: sqlite3.Connection) -> None:
    save(opened, (good("a", 20),), 10)
    save(opened, (good("b", 40),), 20)
    assert set(load(opened, NAMES)) == {"b"}


def test_there_is_room_for_so_many_and_revoked_ones_stay_longest(opened: sqlite3.Connection) -> None:
    revoked = Kept(name="a", status="Revoked", until_s=15)
    save(opened, (revoked, good("b", 20), good("c", 30), good("d", 40)), 10, most=2)
    assert set(load(opened, NAMES)) == {"a", "d"}
