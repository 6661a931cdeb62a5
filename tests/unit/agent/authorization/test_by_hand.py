from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.authorization.by_hand import list_commands
from agent.store.database import Database
from agent.system.control import ControlError
from tests.unit.agent.authorization.test_local_list import local_list

NONSENSE: list[dict[str, Any]] = [
    {"token": ""},
    {"token": "with space"},
    {"token": 7},
    {"token": "A", "type": "Central"},
    {"token": "A", "group": "with space"},
]


async def test_tokens_are_added_shown_and_removed(tmp_path: Path) -> None:
    async with local_list(tmp_path) as found:
        commands = list_commands(found)
        assert await commands["token-add"]({"token": "04A2", "group": "Staff"}) == {"enabled": True}
        await commands["token-add"]({"token": "1234", "type": "KeyCode"})
        assert await commands["tokens"]({}) == {
            "enabled": True,
            "version": 0,
            "tokens": [
                {"token": "04A2", "type": "ISO14443", "status": "Accepted", "group": "Staff"},
                {"token": "1234", "type": "KeyCode", "status": "Accepted", "group": None},
            ],
        }
        await commands["token-remove"]({"token": "04a2"})
        assert [one["token"] for one in (await commands["tokens"]({}))["tokens"]] == ["1234"]


@pytest.mark.parametrize("request_", NONSENSE)
async def test_nonsense_is_refused(tmp_path: Path, request_: dict[str, Any]) -> None:
    async with local_list(tmp_path) as found:
        with pytest.raises(ControlError):
            await list_commands(found)["token-add"](request_)
        assert await found.everything() == []


async def test_a_list_that_is_full_says_so(tmp_path: Path) -> None:
    async with local_list(tmp_path, most_entries=1) as found:
        commands = list_commands(found)
        await commands["token-add"]({"token": "A"})
        with pytest.raises(ControlError, match="at most 1 entries"):
            await commands["token-add"]({"token": "B"})


async def test_a_list_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    async with local_list(tmp_path) as found:
        (tmp_path / "agent.db").rename(tmp_path / "elsewhere.db")
        database = Database(tmp_path / "agent.db")
        await database.open()
        with pytest.raises(ControlError, match="removed or replaced"):
            await list_commands(found)["token-add"]({"token": "A"})
        await database.close()
