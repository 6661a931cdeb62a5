from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.authorization.verdicts import Verdict
from agent.csms.v201 import get_local_list_version, send_local_list
from agent.store.database import StoreError
from agent.transactions.records import Token
from ocppj.messages import v201
from tests.unit.agent.csms.v201.handling import Office, office


def entry(name: str, status: v201.AuthorizationStatusEnumType | None = "Accepted") -> v201.AuthorizationData:
    return v201.AuthorizationData(
        id_token=v201.IdTokenType(id_token=name, type="ISO14443"),
        id_token_info=None if status is None else v201.IdTokenInfoType(status=status),
    )


async def send(
    office: Office, kind: v201.UpdateEnumType, version: int, *entries: v201.AuthorizationData
) -> tuple[str, str | None]:
    request = v201.SendLocalListRequest(
        version_number=version, update_type=kind, local_authorization_list=entries or None
    )
    response = (await send_local_list.handle(request, office.context)).response
    assert isinstance(response, v201.SendLocalListResponse)
    return response.status, None if response.status_info is None else response.status_info.reason_code


async def version(office: Office) -> int:
    reply = await get_local_list_version.handle(v201.GetLocalListVersionRequest(), office.context)
    assert isinstance(reply.response, v201.GetLocalListVersionResponse)
    return reply.response.version_number


async def find(office: Office, name: str) -> Verdict | None:
    return await office.place.station.authorizer.local_list.find(Token(id=name, type="ISO14443"))


async def test_lists_are_sent_and_their_version_is_told(tmp_path: Path) -> None:
    """D01.FR.01, D01.FR.02, D01.FR.16, D01.FR.17, D02.FR.01."""
    async with office(tmp_path) as backend:
        assert await version(backend) == 0
        assert await send(backend, "Full", 1, entry("ANNA"), entry("BERT")) == ("Accepted", None)
        changes = (entry("ANNA", "Blocked"), entry("BERT", None))
        assert await send(backend, "Differential", 2, *changes) == ("Accepted", None)
        assert await version(backend) == 2
        assert await find(backend, "anna") == Verdict(status="Blocked")
        assert await find(backend, "bert") is None


async def test_a_version_that_is_not_newer(tmp_path: Path) -> None:
    """D01.FR.19."""
    async with office(tmp_path) as backend:
        await send(backend, "Full", 5, entry("ANNA"))
        assert await send(backend, "Differential", 5, entry("BERT")) == ("VersionMismatch", "InvalidValue")
        assert await find(backend, "BERT") is None


@pytest.mark.parametrize(
    ("variable", "limit", "reason"),
    [
        ("LocalAuthListCtrlr.ItemsPerMessage", "1", "TooManyElements"),
        ("LocalAuthListCtrlr.BytesPerMessage", "90", "TooLargeElement"),
    ],
)
async def test_a_message_that_is_larger_than_announced(
    tmp_path: Path, variable: str, limit: str, reason: str
) -> None:
    """D01.FR.11."""
    async with office(tmp_path) as backend:
        backend.place.settings.set(variable, limit)
        assert await send(backend, "Full", 1, entry("ANNA"), entry("BERT")) == ("Failed", reason)
        assert await version(backend) == 0


async def test_a_list_that_cannot_be_stored_is_not_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: Any) -> None:
        raise StoreError("disk full")

    async with office(tmp_path) as backend:
        await send(backend, "Full", 1, entry("ANNA"))
        with monkeypatch.context() as broken:
            broken.setattr(backend.place.database, "write", fail)
            assert await send(backend, "Full", 2, entry("BERT")) == ("Failed", "InternalError")
        assert (await version(backend), await find(backend, "BERT")) == (1, None)
