"""Messages that the backend has drivers shown (block O), free of any OCPP version."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

Priority = Literal["AlwaysFront", "InFront", "NormalCycle"]
State = Literal["Charging", "Faulted", "Idle", "Suspended", "Unavailable"]
"""MessageStateEnumType. Suspended is of OCPP 2.1; for a message of 2.0.1 it is Idle as well."""
Format = Literal["ASCII", "HTML", "QRCODE", "URI", "UTF8"]

PRIORITIES: tuple[Priority, ...] = ("AlwaysFront", "InFront", "NormalCycle")

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


FALLBACK: Final = "en"
"""What is shown to a driver whose languages nobody has a text in (O01.FR.09)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A message's text in another language."""

    text: str
    format: Format
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. Stored as JSON: add members with a default only.

    `evse_id` is the EVSE whose display is meant; None is every display. `starts_at` and `ends_at` bound the
    time in which it is shown, `state` and `transaction_id` what must be going on.
    """

    id: int
    priority: Priority
    text: str
    format: Format
    set_at: datetime
    language: str | None = None
    state: State | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    transaction_id: str | None = None
    display: str | None = None
    """The display component as the backend named it."""
    evse_id: int | None = None
    connector_id: int | None = None
    others: tuple[Wording, ...] = ()
    """The same in other languages."""

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """The message in every language it has, the first before the others."""
        return (Wording(text=self.text, format=self.format, language=self.language), *self.others)

    def in_best_language(self, languages: tuple[str, ...]) -> Message:
        """Return the message in the first language that the driver prefers and it has, as far as known."""
        for wanted in (*languages, FALLBACK) if languages else ():
            for one in self.wordings:
                if one.language is not None and is_same_language(one.language, wanted):
                    return replace(self, text=one.text, format=one.format, language=one.language)
        return self

    def is_over(self, now: datetime, running: frozenset[str]) -> bool:
        """Return whether it will never be shown again (O01.FR.07, O02.FR.02).

        `running` are the ids of the transactions that run.
        """
        has_ended = self.ends_at is not None and self.ends_at <= now
        return has_ended or (self.transaction_id is not None and self.transaction_id not in running)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a message must be to be meant; None is everything (O04)."""

    ids: frozenset[int] | None = None
    priority: Priority | None = None
    state: State | None = None

    def __contains__(self, message: Message) -> bool:
        return (
            (self.ids is None or message.id in self.ids)
            and (self.priority is None or message.priority == self.priority)
            and (self.state is None or message.state == self.state)
        )


def is_language(tag: str) -> bool:
    """Return whether this is formed as a language tag (RFC 5646), such as en-US (O01.FR.17)."""
    return _TAG.fullmatch(tag) is not None


def is_same_language(tag: str, wanted: str) -> bool:
    """Return whether two tags are of one language, whatever the regions."""
    return tag.casefold().partition("-")[0] == wanted.casefold().partition("-")[0]
