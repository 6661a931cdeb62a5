"""Contracts at EVSEs in memory: what a verdict comes to where something else goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.authorization.verdicts import Verdict
from agent.station.contracts import Admission, Contracts
from agent.station.contracts_by_hand import contract_commands
from agent.system.control import ControlError
from agent.transactions.records import Token
from tests.unit.agent.station.test_station import ANNA, Forecourt, forecourt

EMAID = "DE83DUIEN83QGZD"
DRIVER = Token(id=EMAID, type="eMAID")


class Judge:
    """Says what it is told to, and notes what it was asked."""

    def __init__(self) -> None:
        self.verdict = Verdict(status="Accepted")
        self.asked: list[tuple[str, str]] = []
        self.opened = 0

    def open(self) -> Judge:
        self.opened += 1
        return self

    async def decide(self, emaid: str, chain: str) -> Verdict:
        self.asked.append((emaid, chain))
        return self.verdict


@asynccontextmanager
async def contracts(path: Path, **settings: Any) -> AsyncIterator[tuple[Forecourt, Judge, Contracts]]:
    async with forecourt(path, **settings) as place:
        judge = Judge()
        yield place, judge, Contracts(place.station, judge.open)


async def show(contracts: Contracts, evse_id: int = 1) -> Admission:
    return await contracts.authorize(evse_id, EMAID, "PEM")


async def test_it_is_the_driver_of_the_evse_that_the_vehicle_stands_at(tmp_path: Path) -> None:
    async with contracts(tmp_path) as (place, judge, desk):
        await place.plug(2)
        assert (await show(desk, 2)).is_accepted
        driver = place.state(2).authorization
        assert driver is not None
        assert driver.token == DRIVER
        assert place.state(1).authorization is None
        assert judge.asked == [(EMAID, "PEM")]


async def test_shown_again_it_goes_on_and_is_judged_anew(tmp_path: Path) -> None:
    """E05 if it is refused then; and not if nobody could be asked."""
    async with contracts(tmp_path) as (place, judge, desk):
        await place.plug(1)
        first = await show(desk)
        for _ in range(2):
            assert await show(desk) == first
        judge.verdict = Verdict(status="Offline")
        assert (await show(desk)).outcome.why == "Offline"
        assert place.state(1).authorization is not None
        judge.verdict = Verdict(status="Invalid", certificate="CertificateRevoked")
        assert (await show(desk)).outcome.why == "Invalid, CertificateRevoked"
        assert place.state(1).authorization is None
    assert (judge.opened, len(judge.asked)) == (1, 5)


async def test_where_it_starts_nothing(tmp_path: Path) -> None:
    async with contracts(tmp_path, AuthCtrlr__MasterPassGroupId="MASTERS") as (place, judge, desk):
        await place.plug(1)
        judge.verdict = Verdict(status="Accepted", group_id="masters")
        assert "master pass" in (await show(desk)).outcome.why
        judge.verdict = Verdict(status="Accepted", evse_ids=(2,))
        assert (await show(desk)).outcome.why == "not allowed at this EVSE"
        judge.verdict = Verdict(status="Accepted")
        await place.accepted(ANNA, 1)
        refused = await show(desk)
        assert (refused.is_accepted, refused.verdict.status) == (False, "Accepted")
        assert refused.outcome.why == "another driver is charging here"
        await place.break_down(2)
        assert "out of order" in (await show(desk, 2)).outcome.why


async def test_over_the_control_socket(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With what a program needs to tell the vehicle; the log does not name the driver."""
    caplog.set_level("INFO")
    async with contracts(tmp_path) as (place, judge, desk):
        contract = contract_commands(desk, place.station.evses)["contract"]
        await place.plug(1)
        judge.verdict = Verdict(status="Expired", certificate="CertificateExpired")
        request = {"do": "contract", "evse": 1, "emaid": EMAID, "chain": "PEM"}
        assert await contract(request) == {
            "accepted": False,
            "why": "Expired, CertificateExpired",
            "status": "Expired",
            "certificate": "CertificateExpired",
            "evse": 1,
            "transaction": None,
        }
        judge.verdict = Verdict(status="Accepted")
        answer = await contract(request)
        transaction = place.state(1).transaction
        assert transaction is not None
        assert (answer["accepted"], answer["transaction"]) == (True, transaction.id)
        for wrong in ({"evse": 7}, {"evse": "1"}, {"emaid": ""}, {"emaid": "DE 83"}, {"chain": ""}, {"x": 1}):
            with pytest.raises(ControlError):
                await contract({**request, **wrong})
    assert "contract ..QGZD accepted" in caplog.text
    assert EMAID not in caplog.text
