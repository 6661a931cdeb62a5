"""One message in several languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agent.display.messages import Message, Wording

NOW = datetime(2026, 1, 2, tzinfo=UTC)
SAID = Message(
    id=1,
    priority="NormalCycle",
    text="Bonjour",
    format="UTF8",
    set_at=NOW,
    language="fr",
    others=(
        Wording(text="Hello", format="ASCII", language="en"),
        Wording(text="Hallo", format="UTF8", language="de-AT"),
    ),
)


@pytest.mark.parametrize(
    ("languages", "text"),
    [((), "Bonjour"), (("de",), "Hallo"), (("nl", "fr"), "Bonjour"), (("nl",), "Hello")],
)
def test_a_driver_reads_the_first_language_there_is(languages: tuple[str, ...], text: str) -> None:
    """English where none of theirs is there."""
    assert SAID.in_best_language(languages).text == text
    assert SAID.in_best_language(languages).id == 1
