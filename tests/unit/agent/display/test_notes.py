from __future__ import annotations

from agent.display.notes import Note, Notes


def test_a_later_note_on_a_topic_takes_the_place_of_the_one_before() -> None:
    notes = Notes()
    notes.tell(1, Note(topic="cost", text="1 EUR"))
    notes.tell(1, Note(topic="personal", text="Hello"))
    notes.tell(1, Note(topic="cost", text="2 EUR"))
    notes.tell(2, Note(topic="cost", text="9 EUR"))
    assert [note.text for note in notes.at(1)] == ["2 EUR", "Hello"]
    assert [note.text for note in notes.at(None)] == ["2 EUR", "Hello", "9 EUR"]


def test_notes_are_withdrawn_by_topic_or_all() -> None:
    notes = Notes()
    for topic in ("personal", "cost", "tariff"):
        notes.tell(1, Note(topic=topic, text=topic))
    notes.withdraw(1, "cost")
    assert [note.topic for note in notes.at(1)] == ["personal", "tariff"]
    notes.withdraw(1)
    notes.withdraw(7)
    assert notes.at(1) == notes.at(7) == ()
