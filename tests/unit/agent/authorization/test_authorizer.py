from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.authorization.authorizer import Authorizer, BackendUnreachable
from agent.authorization.local_list import Update
from agent.authorization.verdicts import Verdict
from agent.store.database import Database
from agent.store.local_list import Entry
from agent.transactions.records import Token, TokenType
from tests.unit.agent.hardware import HandClock, MemorySettings

CARD = Token(id="CARD", type="ISO14443")
SAME_CARD = Token(id="card", type="ISO14443")
GOOD = Verdict(status="Accepted")
BLOCKED = Verdict(status="Blocked", group_id="G")


class MemoryBackend:
    """Knows one verdict for everybody; None cannot be asked."""

    def __init__(self, verdict: Verdict | None, *, is_registered: bool = True) -> None:
        self.verdict = verdict
        self._is_registered = is_registered
        self.asked: list[Token] = []

    @property
    def is_registered(self) -> bool:
        return self._is_registered

    async def check_token(self, token: Token) -> Verdict:
        self.asked.append(token)
        if self.verdict is None:
            raise BackendUnreachable("no connection")
        return self.verdict


@asynccontextmanager
async def deciding(path: Path, backend: MemoryBackend, **settings: str) -> AsyncIterator[Authorizer]:
    database = Database(path / "agent.db")
    await database.open()
    try:
        authorizer = Authorizer(backend, MemorySettings(**settings), database, HandClock().now)
        await authorizer.restore()
        yield authorizer
    finally:
        await database.close()


async def listed(authorizer: Authorizer, verdict: Verdict) -> None:
    update = Update(version=1, is_full=True, entries=(Entry(token=CARD, verdict=verdict),))
    assert await authorizer.local_list.update(update) is None


async def test_the_backend_decides(tmp_path: Path) -> None:
    """C01.FR.02."""
    backend = MemoryBackend(BLOCKED)
    async with deciding(tmp_path, backend) as authorizer:
        assert await authorizer.decide(CARD) == BLOCKED
    assert backend.asked == [CARD]


async def test_offline_nobody_unknown_charges_by_default(tmp_path: Path) -> None:
    async with deciding(tmp_path, MemoryBackend(None)) as authorizer:
        assert (await authorizer.decide(CARD)).status == "Offline"


async def test_offline_anybody_charges_if_the_station_is_set_so(tmp_path: Path) -> None:
    """C15.FR.08: OfflineTxForUnknownIdEnabled; that is not kept (C15.FR.01)."""
    async with deciding(
        tmp_path, MemoryBackend(None), AuthCtrlr__OfflineTxForUnknownIdEnabled="true"
    ) as authorizer:
        assert (await authorizer.decide(CARD)).is_accepted
        assert await authorizer.cache.find(CARD) is None


@pytest.mark.parametrize("kind", ["Central", "NoAuthorization"])
async def test_tokens_of_the_backends_own_are_not_asked_about(tmp_path: Path, kind: TokenType) -> None:
    """C05.FR.01, C03.FR.01, C02.FR.01."""
    backend = MemoryBackend(None)
    async with deciding(tmp_path, backend) as authorizer:
        assert (await authorizer.decide(Token(id="X", type=kind))).is_accepted
    assert backend.asked == []


async def test_where_nobody_is_authorized_nobody_is_asked_about(tmp_path: Path) -> None:
    """C02: AuthCtrlr.Enabled is false."""
    backend = MemoryBackend(BLOCKED)
    async with deciding(tmp_path, backend, AuthCtrlr__Enabled="false") as authorizer:
        assert (await authorizer.decide(CARD)).is_accepted
    assert backend.asked == []


@pytest.mark.parametrize(("enabled", "status"), [("true", "Accepted"), ("false", "NotRegistered")])
async def test_charging_before_the_backend_accepted_the_station(
    tmp_path: Path, enabled: str, status: str
) -> None:
    """B02.FR.03, B03.FR.01: TxBeforeAcceptedEnabled."""
    backend = MemoryBackend(None, is_registered=False)
    async with deciding(
        tmp_path,
        backend,
        TxCtrlr__TxBeforeAcceptedEnabled=enabled,
        AuthCtrlr__OfflineTxForUnknownIdEnabled="true",
    ) as authorizer:
        assert (await authorizer.decide(CARD)).status == status


async def test_what_the_backend_said_holds_offline(tmp_path: Path) -> None:
    """C10.FR.04: with its group, and whatever the case of the letters."""
    backend = MemoryBackend(Verdict(status="Accepted", group_id="G"))
    async with deciding(tmp_path, backend) as authorizer:
        await authorizer.decide(CARD)
        backend.verdict = None
        assert await authorizer.decide(SAME_CARD) == Verdict(status="Accepted", group_id="G")
        assert (await authorizer.decide(Token(id="CARD", type="KeyCode"))).status == "Offline"


async def test_the_list_comes_before_the_cache(tmp_path: Path) -> None:
    """C13.FR.01: also if the cache knows better."""
    backend = MemoryBackend(GOOD)
    async with deciding(tmp_path, backend) as authorizer:
        await authorizer.decide(CARD)
        await listed(authorizer, BLOCKED)
        backend.verdict = None
        assert await authorizer.decide(SAME_CARD) == BLOCKED


@pytest.mark.parametrize(("final", "asked"), [("false", 1), ("true", 0)])
async def test_what_the_list_refuses_is_asked_about_while_online(
    tmp_path: Path, final: str, asked: int
) -> None:
    """C14.FR.03: LocalAuthListCtrlr.DisablePostAuthorize."""
    backend = MemoryBackend(GOOD)
    async with deciding(tmp_path, backend, LocalAuthListCtrlr__DisablePostAuthorize=final) as authorizer:
        await listed(authorizer, BLOCKED)
        assert (await authorizer.decide(CARD)).is_accepted is (asked == 1)
    assert len(backend.asked) == asked


@pytest.mark.parametrize(("final", "asked"), [("false", 2), ("true", 1)])
async def test_what_the_cache_refuses_is_asked_about_while_online(
    tmp_path: Path, final: str, asked: int
) -> None:
    """C12.FR.05: AuthCacheCtrlr.DisablePostAuthorize."""
    backend = MemoryBackend(BLOCKED)
    async with deciding(tmp_path, backend, AuthCacheCtrlr__DisablePostAuthorize=final) as authorizer:
        await authorizer.decide(CARD)
        backend.verdict = GOOD
        assert (await authorizer.decide(CARD)).is_accepted is (asked == 2)
    assert len(backend.asked) == asked


async def test_a_pre_authorized_token_is_not_asked_about(tmp_path: Path) -> None:
    """C12.FR.02, C14.FR.04."""
    backend = MemoryBackend(GOOD)
    async with deciding(tmp_path, backend, AuthCtrlr__LocalPreAuthorize="true") as authorizer:
        await listed(authorizer, Verdict(status="Accepted", evse_ids=(2,)))
        verdict = await authorizer.decide(CARD)
        assert (verdict.admits_to(1), verdict.admits_to(2)) == (False, True)
    assert backend.asked == []


async def test_the_backend_is_not_asked_if_it_is_not_to_be(tmp_path: Path) -> None:
    """DisableRemoteAuthorization."""
    backend = MemoryBackend(GOOD)
    async with deciding(tmp_path, backend, AuthCtrlr__DisableRemoteAuthorization="true") as authorizer:
        assert (await authorizer.decide(CARD)).status == "Unknown"
        await listed(authorizer, GOOD)
        assert (await authorizer.decide(CARD)).is_accepted
    assert backend.asked == []


@pytest.mark.parametrize("kind", ["Central", "NoAuthorization"])
async def test_a_token_of_the_backends_own_is_not_kept(tmp_path: Path, kind: TokenType) -> None:
    """C02.FR.03, C03.FR.02, C05.FR.02."""
    async with deciding(tmp_path, MemoryBackend(GOOD)) as authorizer:
        await authorizer.learn(Token(id="X", type=kind), BLOCKED)
        assert authorizer.cache.size_bytes == 0
        await authorizer.learn(CARD, BLOCKED)
        assert authorizer.cache.size_bytes > 0


async def test_a_master_pass_is_of_its_group_and_good(tmp_path: Path) -> None:
    """C16.FR.03."""
    async with deciding(tmp_path, MemoryBackend(GOOD), AuthCtrlr__MasterPassGroupId="Police") as authorizer:
        assert authorizer.is_master_pass(Verdict(status="Accepted", group_id="POLICE"))
        assert not authorizer.is_master_pass(Verdict(status="Blocked", group_id="POLICE"))
        assert not authorizer.is_master_pass(GOOD)
