"""Messages that the backend has drivers shown, as they are to survive a power cut (O01.FR.10)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from agent.display.messages import Message


class UnreadableMessage(Exception):
    """What is stored under `id` is no message."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"display message {number} cannot be read: {why}")
        self.id = number


def load(connection: sqlite3.Connection) -> tuple[list[Message], list[UnreadableMessage]]:
    """Return every message, by id, and those that cannot be read: a text is not worth a dead station."""
    messages: list[Message] = []
    unreadable: list[UnreadableMessage] = []
    for number, stored in connection.execute("SELECT id, message FROM display_message ORDER BY id"):
        try:
            messages.append(msgspec.json.decode(stored, type=Message))
        except msgspec.DecodeError as error:
            unreadable.append(UnreadableMessage(number, str(error)))
    return messages, unreadable


def save(connection: sqlite3.Connection, message: Message) -> None:
    """Store a message in the place of the one with its id."""
    connection.execute(
        "INSERT OR REPLACE INTO display_message (id, message) VALUES (?, ?)",
        (message.id, msgspec.json.encode(message)),
    )


def delete(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Forget these messages."""
    connection.executemany("DELETE FROM display_message WHERE id = ?", [(number,) for number in ids])
