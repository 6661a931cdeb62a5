from __future__ import annotations

import pytest

from agent.authorization.authorizer import Authorizer, BackendUnreachable, Verdict
from agent.transactions.records import Token, TokenType
from tests.unit.agent.hardware import MemorySettings

CARD = Token(id="CARD", type="ISO14443")


class MemoryBackend:
    """Knows one verdict for everybody; None cannot be asked."""

    def __init__(self, verdict: Verdict | None, *, is_registered: bool = True) -> None:
        self._verdict = verdict
        self._is_registered = is_registered
        self.asked: list[Token] = []

    @property
    def is_registered(self) -> bool:
        return self._is_registered

    async def check_token(self, token: Token) -> Verdict:
        self.asked.append(token)
        if self._verdict is None:
            raise BackendUnreachable("no connection")
        return self._verdict


async def test_the_backend_decides() -> None:
    """C01.FR.02."""
    blocked = Verdict(status="Blocked", group_id="G")
    backend = MemoryBackend(blocked)
    assert await Authorizer(backend, MemorySettings()).decide(CARD) == blocked
    assert backend.asked == [CARD]


async def test_offline_nobody_unknown_charges_by_default() -> None:
    assert (await Authorizer(MemoryBackend(None), MemorySettings()).decide(CARD)).status == "Offline"


async def test_offline_anybody_charges_if_the_station_is_set_so() -> None:
    """C15.FR.01: OfflineTxForUnknownIdEnabled."""
    settings = MemorySettings(AuthCtrlr__OfflineTxForUnknownIdEnabled="true")
    assert (await Authorizer(MemoryBackend(None), settings).decide(CARD)).is_accepted


@pytest.mark.parametrize("kind", ["Central", "NoAuthorization"])
async def test_tokens_of_the_backends_own_are_not_asked_about(kind: TokenType) -> None:
    """C05.FR.01, C03.FR.01, C02.FR.01."""
    backend = MemoryBackend(None)
    assert (await Authorizer(backend, MemorySettings()).decide(Token(id="X", type=kind))).is_accepted
    assert backend.asked == []


@pytest.mark.parametrize(("enabled", "status"), [("true", "Accepted"), ("false", "NotRegistered")])
async def test_charging_before_the_backend_accepted_the_station(enabled: str, status: str) -> None:
    """B02.FR.03, B03.FR.01: TxBeforeAcceptedEnabled."""
    settings = MemorySettings(
        TxCtrlr__TxBeforeAcceptedEnabled=enabled, AuthCtrlr__OfflineTxForUnknownIdEnabled="true"
    )
    backend = MemoryBackend(None, is_registered=False)
    assert (await Authorizer(backend, settings).decide(CARD)).status == status


@pytest.mark.parametrize(
    ("verdict", "admitted"),
    [
        (Verdict(status="Accepted"), True),
        (Verdict(status="Accepted", evse_ids=(2, 3)), True),
        (Verdict(status="Accepted", evse_ids=(1,)), False),
        (Verdict(status="Invalid"), False),
    ],
)
def test_a_token_is_good_for_the_evses_that_the_backend_named(verdict: Verdict, *, admitted: bool) -> None:
    """C01.FR.19, C01.FR.20, C01.FR.21."""
    assert verdict.admits_to(2) is admitted
