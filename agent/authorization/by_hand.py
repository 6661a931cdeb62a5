"""What a technician may do with the local list, over the control socket."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.authorization.local_list import LocalList
from agent.authorization.verdicts import Verdict
from agent.store.database import StoreError
from agent.store.local_list import ListFull
from agent.system.control import Command, ControlError
from agent.transactions.records import Token

_IDENTIFIER = re.compile(r"[A-Za-z0-9*_=:+|@.-]{1,36}")
"""identifierString of OCPP 2.0.1."""


def token_of(request: Mapping[str, Any]) -> Token:
    """Return the token that a request names.

    Raises:
        ControlError: If it names none that there could be.
    """
    text, kind = request.get("token"), request.get("type", "ISO14443")
    if not isinstance(text, str) or not _IDENTIFIER.fullmatch(text):
        raise ControlError("a token has 1 to 36 of A-Z a-z 0-9 * _ = : + | @ . -")
    if kind not in ("ISO14443", "ISO15693", "KeyCode", "Local"):
        raise ControlError("a token's type is ISO14443, ISO15693, KeyCode or Local")
    return Token(id=text, type=kind)


def list_commands(local_list: LocalList) -> dict[str, Command]:
    """Return the commands that show and change the list."""

    async def tokens(_: Mapping[str, Any]) -> Mapping[str, Any]:
        entries = [
            {
                "token": entry.token.id,
                "type": entry.token.type,
                "status": entry.verdict.status,
                "group": entry.verdict.group_id,
            }
            for entry in await local_list.everything()
            if entry.verdict is not None
        ]
        return {"enabled": local_list.is_enabled, "version": local_list.version, "tokens": entries}

    async def add(request: Mapping[str, Any]) -> Mapping[str, Any]:
        group = request.get("group")
        if group is not None and (not isinstance(group, str) or not _IDENTIFIER.fullmatch(group)):
            raise ControlError("a group's id is made like a token's")
        return await put(request, Verdict(status="Accepted", group_id=group))

    async def remove(request: Mapping[str, Any]) -> Mapping[str, Any]:
        return await put(request, None)

    async def put(request: Mapping[str, Any], verdict: Verdict | None) -> Mapping[str, Any]:
        try:
            await local_list.put(token_of(request), verdict)
        except (StoreError, ListFull) as error:
            raise ControlError(str(error)) from error
        return {"enabled": local_list.is_enabled}

    return {"tokens": tokens, "token-add": add, "token-remove": remove}
