"""C16: a token of the master group stops whatever goes on, and starts nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.authorization.verdicts import Verdict
from agent.transactions.records import Token
from tests.unit.agent.station.test_station import ANNA, CARL, Forecourt, forecourt

POLICE = Token(id="POLICE", type="ISO14443")
MASTER: dict[str, Any] = {"AuthCtrlr__MasterPassGroupId": "MASTERS"}


def issue(place: Forecourt, status: str = "Accepted") -> None:
    place.backend.verdicts["POLICE"] = Verdict(status=status, group_id="Masters")


async def charge(place: Forecourt) -> None:
    for number, token in ((1, ANNA), (2, CARL)):
        await place.plug(number)
        await place.accepted(token, number)


@pytest.mark.parametrize("evse_id", [None, 2])
async def test_it_stops_every_transaction(tmp_path: Path, evse_id: int | None) -> None:
    """C16.FR.02."""
    async with forecourt(tmp_path, **MASTER) as place:
        issue(place)
        await charge(place)
        await place.accepted(POLICE, evse_id)
        ended = [event for event in await place.events() if event.kind == "Ended"]
    assert [(one.trigger, one.stopped_reason, one.token) for one in ended] == [
        ("StopAuthorized", "MasterPass", POLICE)
    ] * 2


async def test_it_stops_what_a_broken_evse_still_has(tmp_path: Path) -> None:
    async with forecourt(tmp_path, evses=1, **MASTER) as place:
        issue(place)
        await place.plug(1)
        await place.accepted(ANNA)
        await place.break_down(1)
        await place.accepted(POLICE)
        assert place.state(1).authorization is None


async def test_it_starts_nothing(tmp_path: Path) -> None:
    """C16.FR.03: neither by card nor by remote start."""
    async with forecourt(tmp_path, **MASTER) as place:
        issue(place)
        await place.plug(1)
        assert "starts no transaction" in await place.refused(POLICE, 1)
        outcome = await place.station.remote_start(place.station.evses[1], POLICE, None, 7)
        assert (outcome.is_accepted, outcome.why) == (False, "a master pass starts no transaction")
        assert await place.events() == []


async def test_a_master_pass_that_is_blocked_stops_nothing(tmp_path: Path) -> None:
    async with forecourt(tmp_path, **MASTER) as place:
        issue(place, "Blocked")
        await charge(place)
        assert await place.refused(POLICE) == "Blocked"
        assert place.state(1).authorization is not None


async def test_a_master_pass_that_is_listed_works_offline(tmp_path: Path) -> None:
    """C16.FR.05."""
    async with forecourt(tmp_path, **MASTER) as place:
        verdict = Verdict(status="Accepted", group_id="Masters")
        await place.station.authorizer.local_list.put(POLICE, verdict)
        await charge(place)
        place.backend.is_reachable = False
        await place.accepted(POLICE)
        assert place.state(1).authorization is place.state(2).authorization is None
        assert POLICE not in place.backend.asked[:2]


async def test_a_master_pass_that_is_cached_works_offline(tmp_path: Path) -> None:
    """C16.FR.04."""
    async with forecourt(tmp_path, **MASTER) as place:
        issue(place)
        await place.refused(POLICE, 1)
        await charge(place)
        place.backend.is_reachable = False
        await place.accepted(POLICE)
        assert place.state(1).authorization is place.state(2).authorization is None


async def test_without_a_master_group_it_is_a_token_like_any_other(tmp_path: Path) -> None:
    async with forecourt(tmp_path) as place:
        issue(place)
        assert await place.accepted(POLICE, 1) == 1
