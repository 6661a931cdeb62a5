"""Messages for tests of displays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from agent.display.messages import Message

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


def text(number: int, **members: Any) -> Message:
    """Return a message that is shown in the normal cycle, unless the members say otherwise."""
    plain = Message(id=number, priority="NormalCycle", text=f"text {number}", format="UTF8", set_at=NOW)
    return replace(plain, **members)
