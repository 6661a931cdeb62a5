"""Which texts a display shows now. Pure: what there is, the situation and the time go in, texts come out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from agent.display.messages import FALLBACK, Message, State, is_same_language
from agent.display.notes import Note

CYCLE_S: Final = 8.0
"""How long each text of a cycle is shown."""
Shown = Message | Note
Text = TypeVar("Text", Message, Note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What goes on where the display is. `evse_id` is None for a display of the whole station.

    `languages` are what the driver prefers, the most wanted first; empty if nobody knows.
    """

    evse_id: int | None = None
    states: frozenset[State] = frozenset({"Idle"})
    transactions: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()


def cycle(
    messages: Iterable[Message], notes: Sequence[Note], situation: Situation, now: datetime
) -> tuple[Shown, ...]:
    """Return what is shown in turns.

    A message AlwaysFront is alone (O01.FR.15), and the latest of several (O01.FR.16). Messages InFront keep
    the normal cycle away (O01.FR.13, O01.FR.14). Otherwise the station's notes and the others take turns.
    """
    due = [
        message.in_best_language(situation.languages)
        for message in messages
        if _is_due(message, situation, now)
    ]
    front = [message for message in due if message.priority == "AlwaysFront"]
    if front:
        return (max(front, key=lambda message: message.set_at),)
    ahead = [message for message in due if message.priority == "InFront"]
    if ahead:
        return tuple(_in_best_language(ahead, situation.languages))
    normal = _in_best_language(due, situation.languages)
    own = [wording for note in notes for wording in _in_best_language(note.wordings, situation.languages)]
    return (*_in_best_language(own, situation.languages), *normal)


def turn(texts: Sequence[Shown], monotonic_s: float) -> Shown | None:
    """Return the one of a cycle whose turn it is; None of an empty one."""
    return texts[int(monotonic_s / CYCLE_S) % len(texts)] if texts else None


def _is_due(message: Message, situation: Situation, now: datetime) -> bool:
    if message.starts_at is not None and now < message.starts_at:  # O01.FR.06
        return False
    if message.is_over(now, situation.transactions):
        return False
    if situation.evse_id is not None and message.evse_id not in (None, situation.evse_id):
        return False
    return message.state is None or message.state in situation.states


def _in_best_language(texts: Sequence[Text], languages: tuple[str, ...]) -> list[Text]:
    """Return the texts of the first language that the driver prefers and any of them has (O01.FR.08).

    Failing that the English ones (O01.FR.09), or all of them. A text that names no language is for everybody.
    """
    if not languages:
        return list(texts)
    for wanted in (*languages, FALLBACK):
        if any(text.language is not None and is_same_language(text.language, wanted) for text in texts):
            return [
                text for text in texts if text.language is None or is_same_language(text.language, wanted)
            ]
    return list(texts)
