"""What the station itself tells the driver at an EVSE: tariff, cost, a personal message.

How to use it: `notes.tell(evse_id, Note(topic="cost", text="3.20 EUR"))`. A later note on the same topic
takes the place of the one before; `withdraw` takes notes back. They are in memory only: who tells a cost
tells the next one soon. Notes are shown in the normal cycle, ahead of the backend's messages there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from agent.display.messages import Format

Topic = Literal["personal", "offer", "tariff", "cost", "payment", "receipt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One text for the driver at an EVSE; `others` are the same in other languages."""

    topic: Topic
    text: str
    format: Format = "UTF8"
    language: str | None = None
    others: tuple[Note, ...] = ()

    @property
    def wordings(self) -> tuple[Note, ...]:
        """The note in every language it has, each as a note of its own."""
        return (replace(self, others=()), *self.others)


class Notes:
    """The notes at every EVSE."""

    def __init__(self) -> None:
        self._notes: dict[int, dict[Topic, Note]] = {}

    def tell(self, evse_id: int, note: Note) -> None:
        """Show a note to the driver at this EVSE, instead of an earlier one on its topic."""
        self._notes.setdefault(evse_id, {})[note.topic] = note

    def withdraw(self, evse_id: int, *topics: Topic) -> None:
        """Take back the notes on these topics at this EVSE, or all of them."""
        here = self._notes.get(evse_id, {})
        for topic in topics or tuple(here):
            here.pop(topic, None)

    def at(self, evse_id: int | None) -> tuple[Note, ...]:
        """Return the notes at this EVSE, or with None at all of them, in the order they were told."""
        if evse_id is not None:
            return tuple(self._notes.get(evse_id, {}).values())
        return tuple(note for here in self._notes.values() for note in here.values())
