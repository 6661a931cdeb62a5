"""RAPI as the firmware hears and says it, against the protocol's own examples."""

from __future__ import annotations

import pytest

from drivers.emulated.rapi import Command, CommandHearing, say


def heard(text: str) -> list[Command | None]:
    return CommandHearing().hear(text.encode())


@pytest.mark.parametrize("example", ["$GS^30", "$GG^24", "$GU^36", "$GP^33", "$GV^35", "$GC^20"])
def test_the_protocol_s_examples(example: str) -> None:
    assert heard(example + "\r") == [Command((example[1:3],))]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("$F0 1^43\r", Command(("F0", "1"))),
        ("$SC 16 V\r", Command(("SC", "16", "V"))),
        ("noise$GS^30\r", Command(("GS",))),
        ("$SC 1$GS^30\r", Command(("GS",))),
        ("$GS^31\r", None),
        ("$a b c d e f g h i j k\r", None),
    ],
)
def test_what_it_makes_of_characters(text: str, command: Command | None) -> None:
    assert heard(text) == [command]


def test_a_command_that_does_not_fit_vanishes() -> None:
    assert heard("$" + "x" * 30 + "\r" + "$" + "x" * 31 + "\r") == [Command(("x" * 30,))]


def test_what_it_says() -> None:
    assert say("OK") == b"$OK^20\r"
    assert say("OK 1", "0A") == b"$OK 1 :0A^5A\r"
    assert heard(say("OK 1", "0A").decode()) == [Command(("OK", "1"), "0A")]
